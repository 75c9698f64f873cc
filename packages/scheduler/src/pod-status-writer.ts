import type { Pod, PodCondition } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { pods } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { findApiError, isNotFound } from "@kube-ts/api/status-error";
import type { Client, ResourceClient } from "@kube-ts/client/client";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { TaskGroup } from "@kube-ts/std/task-group";

export interface PodStatusUpdate {
  readonly reason: string;
  readonly message: string;
  /** Empty to withdraw a nomination; undefined to leave it. */
  readonly nominatedNodeName: string | undefined;
}

interface Pending {
  readonly pod: Pod;
  readonly update: PodStatusUpdate;
}

const maxWriters = 8;
const maxTries = 5;
const retryMs = 500;

/**
 * Writes PodScheduled conditions in the background. There is at most one update waiting per pod, the latest; what the
 * pod already says is not written.
 */
export class PodStatusWriter {
  readonly #pods: ResourceClient<Pod>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #tasks: TaskGroup;
  readonly #waiting = new Map<string, Pending>();
  readonly #busy = new Set<string>();

  constructor(client: Client, clock: Clock, log: Logger, tasks: TaskGroup) {
    this.#pods = client.resource(pods);
    this.#clock = clock;
    this.#log = log;
    this.#tasks = tasks;
  }

  write(pod: Pod, update: PodStatusUpdate): void {
    const uid = pod.metadata.uid ?? "";
    if (statusPatch(pod, update, this.#clock.now()) === undefined) {
      this.#waiting.delete(uid);
      return;
    }
    this.#waiting.set(uid, { pod, update });
    this.#startWriters();
  }

  /** The pod has a node or is gone. */
  forget(uid: string): void {
    this.#waiting.delete(uid);
  }

  #startWriters(): void {
    while (this.#busy.size < maxWriters) {
      const next = [...this.#waiting.keys()].find((uid) => !this.#busy.has(uid));
      if (next === undefined) return;
      this.#busy.add(next);
      this.#tasks.start((signal) => this.#writeAll(next, signal));
    }
  }

  async #writeAll(first: string, signal: AbortSignal): Promise<void> {
    let uid: string | undefined = first;
    while (uid !== undefined) {
      const pending = this.#waiting.get(uid);
      this.#waiting.delete(uid);
      try {
        if (pending) await this.#writeOne(pending, signal);
      } finally {
        this.#busy.delete(uid);
      }
      uid = undefined;
      for (const candidate of this.#waiting.keys()) {
        if (this.#busy.has(candidate)) continue;
        this.#busy.add(candidate);
        uid = candidate;
        break;
      }
    }
  }

  async #writeOne({ pod, update }: Pending, signal: AbortSignal): Promise<void> {
    const { namespace = "", name = "" } = pod.metadata;
    const patch = statusPatch(pod, update, this.#clock.now());
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#pods.patch({ namespace, name }, "strategic", patch, { subresource: "status", signal });
        return;
      } catch (error) {
        if (isAbort(error, signal)) throw error;
        if (isNotFound(error)) return;
        // The next attempt to schedule the pod writes again what is lost here.
        if (findApiError(error) || tries >= maxTries) {
          this.#log.warn("pod status could not be written", { pod: `${namespace}/${name}`, error });
          return;
        }
      }
      await this.#clock.sleep(retryMs, signal);
    }
  }
}

/** The strategic merge patch of the status, or undefined when the pod says so already. */
export function statusPatch(pod: Pod, update: PodStatusUpdate, nowMs: number): unknown {
  const { reason, message, nominatedNodeName } = update;
  const current = findCondition(pod.status?.conditions, "PodScheduled");
  const same = current?.status === "False" && current.reason === reason && current.message === message;
  const nominated = pod.status?.nominatedNodeName ?? "";
  const renominate = nominatedNodeName !== undefined && nominatedNodeName !== nominated;
  if (same && !renominate) return undefined;
  const condition: PodCondition = { type: "PodScheduled", status: "False", reason, message };
  if (pod.metadata.generation !== undefined) condition.observedGeneration = pod.metadata.generation;
  condition.lastTransitionTime =
    current?.status === "False" && current.lastTransitionTime ? current.lastTransitionTime : formatTime(nowMs);
  return {
    metadata: { uid: pod.metadata.uid },
    status: {
      conditions: [condition],
      ...(renominate && { nominatedNodeName: nominatedNodeName === "" ? null : nominatedNodeName }),
    },
  };
}
