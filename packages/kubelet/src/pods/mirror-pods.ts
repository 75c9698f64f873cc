import type { Node, Pod } from "@kube-ts/api/core/v1";
import { isAlreadyExists, isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { ResourceClient } from "@kube-ts/client/client";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import { type MirrorAction, planMirrors } from "./plan-mirrors.ts";
import { Wakeup } from "./wakeup.ts";

export interface MirrorPodsOptions {
  readonly pods: Pick<ResourceClient<Pod>, "create" | "delete">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly periodMs: number;
  /** The static pods that are to be shown; undefined while that is not known. */
  statics(): readonly Pod[] | undefined;
  /** The pods of this node as the API has them; undefined while that is not known. */
  stored(): readonly Pod[] | undefined;
  /** The node's object; undefined while it is not registered. */
  node(): Node | undefined;
}

/** Keeps an object in the API for every static pod. */
export class MirrorPods {
  readonly #options: MirrorPodsOptions;
  readonly #wakeup = new Wakeup();

  constructor(options: MirrorPodsOptions) {
    this.#options = options;
  }

  /** Static or stored pods may have changed. */
  changed(): void {
    this.#wakeup.notify();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, periodMs, statics, stored, node } = this.#options;
    for (;;) {
      const [sources, objects, owner] = [statics(), stored(), node()];
      if (sources && objects && owner) {
        for (const action of planMirrors(sources, objects, owner)) await this.#perform(action, signal);
      }
      await this.#wakeup.wait(clock, periodMs, signal);
    }
  }

  async #perform(action: MirrorAction, signal: AbortSignal): Promise<void> {
    const { pods, log } = this.#options;
    try {
      if (action.type === "create") {
        await pods.create(action.pod, { signal });
        return;
      }
      const { namespace, name, uid } = action;
      await pods.delete({ namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid }, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      if (isAlreadyExists(error) || isNotFound(error) || isConflict(error)) return;
      log.warn("mirror pod could not be kept", { action: action.type, error: errorFields(error) });
    }
  }
}
