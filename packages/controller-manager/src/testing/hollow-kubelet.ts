import type { Lease } from "@kube-ts/api/coordination/v1";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { leases, nodes, pods } from "@kube-ts/api/resource-types";
import { formatMicroTime, formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { nodeLeaseNamespace } from "@kube-ts/api/well-known-labels";
import type { Client } from "@kube-ts/client/client";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { systemRandom } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";

const heartbeatMs = 500;

/** For tests: a node that takes every pod there is, says that it runs and is ready, and lets it go when asked to. */
export class HollowKubelet {
  readonly #client: Client;
  readonly #node: string;
  /** While true the node says nothing, as if it were cut off: its pods stay as they are. */
  isCutOff = false;
  /** Images that never become ready. */
  readonly brokenImages = new Set<string>();
  readonly #addresses = new Map<string, string>();

  constructor(client: Client, node: string) {
    this.#client = client;
    this.#node = node;
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#register();
    const tasks = new TaskGroup(signal);
    const informers = new InformerFactory(this.#client, {
      clock: systemClock,
      random: systemRandom,
      log: silentLogger,
    });
    const seen = (pod: Pod) => tasks.start(() => this.#sync(pod));
    informers.informer(pods).subscribe({ added: seen, updated: (_old, pod) => seen(pod) });
    tasks.start((inner) => informers.run(inner));
    tasks.start((inner) => this.#renew(inner));
    await tasks.settled();
  }

  async #register(): Promise<void> {
    const node: Node = { metadata: { name: this.#node, labels: { "kubernetes.io/hostname": this.#node } }, spec: {} };
    const created = await this.#client.resource(nodes).create(node);
    const now = formatTime(Date.now());
    const ready = { type: "Ready", status: "True", reason: "KubeletReady", lastHeartbeatTime: now } as const;
    await this.#client.resource(nodes).updateStatus({
      ...created,
      status: { conditions: [{ ...ready, lastTransitionTime: now }], capacity: { pods: "110" } },
    });
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const resource = this.#client.resource(leases);
    const key = { namespace: nodeLeaseNamespace, name: this.#node };
    const lease: Lease = { metadata: key, spec: { holderIdentity: this.#node, leaseDurationSeconds: 40 } };
    await resource.create(lease);
    while (!signal.aborted) {
      if (!this.isCutOff) {
        await resource.patch(key, "merge", { spec: { renewTime: formatMicroTime(Date.now()) } });
        await this.#recover();
      }
      await systemClock.sleep(heartbeatMs, signal);
    }
  }

  /** Says again that the node is ready when the control plane has given it up. */
  async #recover(): Promise<void> {
    const resource = this.#client.resource(nodes);
    const { status } = await resource.get({ name: this.#node });
    if (status?.conditions?.find(({ type }) => type === "Ready")?.status === "True") return;
    const now = formatTime(Date.now());
    const ready = { type: "Ready", status: "True", lastHeartbeatTime: now, lastTransitionTime: now };
    await resource.patch(
      { name: this.#node },
      "strategic",
      { status: { conditions: [ready] } },
      { subresource: "status" },
    );
  }

  async #sync(pod: Pod): Promise<void> {
    if (this.isCutOff) return;
    const key = { namespace: namespaceOf(pod), name: nameOf(pod) };
    const resource = this.#client.resource(pods);
    try {
      if (pod.metadata.deletionTimestamp) {
        await resource.delete(key, { gracePeriodSeconds: 0, preconditions: { uid: uidOf(pod) } });
      } else if (!pod.spec.nodeName) {
        const target = { kind: "Node", name: this.#node };
        const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: key.name }, target };
        await resource.createSubresource(key, "binding", binding);
      } else if (pod.status?.phase === "Pending") {
        await resource.patch(key, "strategic", { status: this.#runningStatus(pod) }, { subresource: "status" });
      }
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  #runningStatus(pod: Pod): object {
    const isBroken = pod.spec.containers.some(({ image }) => this.brokenImages.has(image ?? ""));
    const ip = this.#addresses.get(uidOf(pod)) ?? `10.244.0.${this.#addresses.size + 1}`;
    this.#addresses.set(uidOf(pod), ip);
    const lastTransitionTime = formatTime(Date.now());
    return {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: "Ready", status: isBroken ? "False" : "True", lastTransitionTime }],
    };
  }
}
