import type { Node } from "@kube-ts/api/core/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, uidOf } from "@kube-ts/api/object";
import { nodes } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { ipFamilyOf } from "@kube-ts/std/ip-address";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { CidrPool } from "./cidr-pool.ts";

/** Gives every node a range of pod addresses out of the cluster's, and takes it back when the node is gone. */
class NodeIpamController implements Controller {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #pools: readonly CidrPool[];
  readonly #queue: WorkQueue<ObjectKey>;
  /** Nodes, by uid, that were given their ranges and do not show them yet. */
  readonly #assigned = new Set<string>();

  constructor(context: ControllerContext, pools: readonly CidrPool[]) {
    this.#context = context;
    this.#pools = pools;
    this.#nodes = context.informers.informer(nodes);
    this.#queue = controllerQueue("node_ipam", context);
    this.#nodes.subscribe({
      added: (node) => this.#nodeSeen(node),
      updated: (_old, node) => this.#nodeSeen(node),
      deleted: (node) => {
        this.#assigned.delete(uidOf(node));
        this.#each(node, (pool, cidr) => pool.release(cidr));
      },
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, 1, (key, inner) => this.#reconcile(key, inner));
  }

  #nodeSeen(node: Node): void {
    this.#each(node, (pool, cidr) => pool.occupy(cidr));
    if (node.spec.podCIDR) this.#assigned.delete(uidOf(node));
    else this.#queue.add(keyOf(node));
  }

  #each(node: Node, visit: (pool: CidrPool, cidr: string) => void): void {
    const { podCIDR, podCIDRs = podCIDR ? [podCIDR] : [] } = node.spec;
    for (const cidr of podCIDRs) for (const pool of this.#pools) visit(pool, cidr);
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const node = this.#nodes.get(key);
    if (!node || node.spec.podCIDR || this.#assigned.has(uidOf(node))) return;
    const taken: string[] = [];
    try {
      for (const pool of this.#pools) {
        const cidr = pool.take();
        if (cidr === undefined) {
          this.#context.events.event(
            node,
            "Normal",
            "CIDRNotAvailable",
            `Node ${nameOf(node)} status is now: CIDRNotAvailable`,
          );
          throw new Error(
            "CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range",
          );
        }
        taken.push(cidr);
      }
      const patch = { metadata: { uid: uidOf(node) }, spec: { podCIDR: taken[0], podCIDRs: taken } };
      this.#assigned.add(uidOf(node));
      await this.#context.client.resource(nodes).patch({ name: nameOf(node) }, "strategic", patch, { signal });
    } catch (error) {
      this.#assigned.delete(uidOf(node));
      // The write may have been done all the same: then the node's next event occupies the ranges again.
      for (const [index, cidr] of taken.entries()) this.#pools[index]?.release(cidr);
      if (!isNotFound(error)) throw error;
    }
  }
}

const idle: Controller = { run: () => Promise.resolve() };

export const nodeIpamController: ControllerDefinition = {
  name: "node-ipam-controller",
  serviceAccount: "node-controller",
  create: (context) => {
    const { nodeCidrs } = context.config;
    if (!nodeCidrs) return idle;
    const { clusterCidrs, serviceCidrs, maskSizeIpv4, maskSizeIpv6 } = nodeCidrs;
    const pools = clusterCidrs.map((range) => {
      const isIpv6 = ipFamilyOf(range.split("/")[0] ?? "") === "IPv6";
      const pool = new CidrPool(range, isIpv6 ? maskSizeIpv6 : maskSizeIpv4);
      for (const cidr of serviceCidrs) pool.exclude(cidr);
      return pool;
    });
    return new NodeIpamController(context, pools);
  },
};
