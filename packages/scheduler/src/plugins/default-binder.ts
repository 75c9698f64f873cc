import type { Binding, Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import { findApiError, isNotFound } from "@kube-ts/api/status-error";
import type { Client, ResourceClient } from "@kube-ts/client/client";
import type { Clock } from "@kube-ts/std/clock";
import type { CycleState } from "../framework/cycle-state.ts";
import type { BindPlugin } from "../framework/plugin.ts";
import type { PodInfo } from "@kube-ts/api/placement/pod-info";
import { failed, type Outcome } from "../framework/status.ts";

const retryMs = 1_000;
const maxConfirmations = 60;

/** Binds the pod to its node through the API server. */
export class DefaultBinder implements BindPlugin {
  readonly name = "DefaultBinder";
  readonly #pods: ResourceClient<Pod>;
  readonly #clock: Clock;

  constructor(client: Client, clock: Clock) {
    this.#pods = client.resource(pods);
    this.#clock = clock;
  }

  async bind(_state: CycleState, pod: PodInfo, nodeName: string, signal: AbortSignal): Promise<Outcome> {
    const { namespace, name, uid } = pod;
    const binding: Binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { namespace, name, uid },
      target: { kind: "Node", name: nodeName },
    };
    try {
      await this.#pods.createSubresource({ namespace, name }, "binding", binding, { signal });
      return undefined;
    } catch (error) {
      if (findApiError(error) || signal.aborted) return failed(this.name, error);
      return (await this.#confirm(pod, nodeName, signal)) ? undefined : failed(this.name, error);
    }
  }

  /**
   * There was no answer, so the pod may or may not have been bound: the room on the node is held until the API server
   * tells, or for about a minute.
   */
  async #confirm({ namespace, name, uid }: PodInfo, nodeName: string, signal: AbortSignal): Promise<boolean> {
    for (let attempt = 0; attempt < maxConfirmations; attempt += 1) {
      await this.#clock.sleep(retryMs, signal);
      try {
        const current = await this.#pods.get({ namespace, name }, { signal });
        return current.metadata.uid === uid && current.spec.nodeName === nodeName;
      } catch (error) {
        if (isNotFound(error)) return false;
      }
    }
    return false;
  }
}
