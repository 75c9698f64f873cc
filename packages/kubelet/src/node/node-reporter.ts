import type { Node, NodeCondition, NodeStatus, ResourceList } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import { isAlreadyExists, isNotFound } from "@kube-ts/api/status-error";
import type { ResourceClient } from "@kube-ts/client/client";
import type { Informer } from "@kube-ts/client/informer";
import { isOlderVersion } from "@kube-ts/client/resource-version";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { NodeConfig } from "../config/kubelet-config.ts";
import { Wakeup } from "../pods/wakeup.ts";
import { newStates } from "./node-conditions.ts";
import { type NodeIdentity, newNode, nodePatch } from "./node-object.ts";
import { nodeStatusChanged } from "./node-status.ts";
import { nodeStatusPatch } from "./node-status-patch.ts";

export interface NodeReporterOptions {
  readonly nodes: Pick<ResourceClient<Node>, "create" | "get" | "patch">;
  /** Mirrors this node's object alone. */
  readonly informer: Pick<Informer<Node>, "get" | "synced">;
  readonly identity: NodeIdentity;
  readonly config: NodeConfig;
  readonly clock: Clock;
  readonly log: Logger;
  /** The status now, given the one before. */
  status(last: NodeStatus, signal: AbortSignal): Promise<NodeStatus>;
  /** The node is in another state than before: became ready or ceased to be, or what weighs on it changed. */
  onStateChange(state: string): void;
}

const retryMs = 1_000;

/** Registers the node and keeps its object and status up to date: at once on a change, and now and then anyway. */
export class NodeReporter {
  readonly #options: NodeReporterOptions;
  readonly #wakeup = new Wakeup();
  #written: Node | undefined;
  #reportedAtMs = Number.NEGATIVE_INFINITY;
  #noted: readonly NodeCondition[] | undefined;

  constructor(options: NodeReporterOptions) {
    this.#options = options;
  }

  /** Something that the status is computed from may have changed. */
  changed(): void {
    this.#wakeup.notify();
  }

  /** The node's object as it is known; undefined while it is not registered. */
  node(): Node | undefined {
    const { informer, identity } = this.#options;
    const cached = informer.get(objectKey(undefined, identity.name));
    const written = this.#written;
    if (!cached) return informer.synced ? undefined : written;
    return written && isOlderVersion(cached.metadata.resourceVersion, written.metadata.resourceVersion)
      ? written
      : cached;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, config, log } = this.#options;
    for (;;) {
      let waitMs = config.statusUpdateMs;
      try {
        await this.#sync(signal);
      } catch (error) {
        if (signal.aborted) throw error;
        log.warn("node status could not be reported", { error: errorFields(error) });
        waitMs = retryMs;
      }
      await this.#wakeup.wait(clock, waitMs, signal);
    }
  }

  async #sync(signal: AbortSignal): Promise<void> {
    const { nodes, config, clock, identity } = this.#options;
    const node = this.node() ?? (await this.#register(signal));
    if (!node) return;
    const key = { name: identity.name };
    const patch = config.register ? nodePatch(node, identity, config) : undefined;
    const current = patch ? await nodes.patch(key, "merge", patch, { signal }) : node;
    const wanted = await this.#options.status(current.status ?? {}, signal);
    this.#note(current.status ?? {}, wanted);
    const due = clock.monotonicMs() - this.#reportedAtMs >= config.statusReportMs;
    if (!due && !differs(current.status ?? {}, wanted)) return;
    const options = { subresource: "status", signal } as const;
    this.#written = await nodes.patch(key, "strategic", { status: nodeStatusPatch(current, wanted) }, options);
    this.#reportedAtMs = clock.monotonicMs();
  }

  /** Undefined when there is no such node and it is not ours to make. */
  async #register(signal: AbortSignal): Promise<Node | undefined> {
    const { nodes, identity, config, log } = this.#options;
    const existing = await nodes.get({ name: identity.name }, { signal }).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (existing || !config.register) return existing;
    const object = newNode(identity, config);
    const status = await this.#options.status({}, signal);
    try {
      this.#written = await nodes.create({ ...object, status }, { signal });
      this.#noted = undefined;
      this.#note({ conditions: [{ type: "Ready", status: "False" }] }, status);
      log.info("node registered", { node: identity.name });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      this.#written = await nodes.get({ name: identity.name }, { signal });
    }
    return this.#written;
  }

  /** A kubelet that starts anew compares with what is stored. */
  #note(stored: NodeStatus, { conditions = [] }: NodeStatus): void {
    const before = this.#noted ?? stored.conditions ?? [];
    this.#noted = conditions;
    for (const state of newStates(before, conditions)) this.#options.onStateChange(state);
  }
}

/** Compares only what the kubelet writes: others have conditions and resources of their own there. */
function differs(stored: NodeStatus, wanted: NodeStatus): boolean {
  const types = new Set((wanted.conditions ?? []).map(({ type }) => type));
  const own: NodeStatus = {
    ...wanted,
    conditions: (stored.conditions ?? []).filter(({ type }) => types.has(type)),
    capacity: pick(stored.capacity, wanted.capacity),
    allocatable: pick(stored.allocatable, wanted.allocatable),
    ...(stored.addresses ? { addresses: stored.addresses } : { addresses: [] }),
    ...(stored.nodeInfo ? { nodeInfo: stored.nodeInfo } : {}),
    ...(stored.images ? { images: stored.images } : { images: [] }),
  };
  if (!stored.nodeInfo) return true;
  return nodeStatusChanged(own, wanted);
}

function pick(stored: ResourceList = {}, wanted: ResourceList = {}): ResourceList {
  return Object.fromEntries(Object.entries(stored).filter(([name]) => name in wanted));
}
