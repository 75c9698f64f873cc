import type { Pod } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { Runtime } from "../runtime/runtime.ts";
import { type LifecycleHooks, fallbackEvent } from "./lifecycle-hook.ts";
import type { ObservedPod } from "./observed-pod.ts";
import type { StopContainer } from "./pod-action.ts";
import { type PodContainer, findContainer } from "./pod-containers.ts";
import type { PodEvents } from "./pod-events.ts";

/** A process is given this long after SIGTERM even when the preStop hook took all of the grace period. */
export const minimumGraceSeconds = 2;

export interface ContainerStopperOptions {
  readonly runtime: Runtime;
  readonly hooks: LifecycleHooks;
  readonly events: PodEvents;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Stops containers gracefully: preStop hook, then the stop signal, then the kill at the deadline. */
export class ContainerStopper {
  readonly #options: ContainerStopperOptions;

  constructor(options: ContainerStopperOptions) {
    this.#options = options;
  }

  /** `hooked` holds the instances whose preStop hook was begun: it runs once, whatever happens. */
  async stop(
    action: StopContainer,
    pod: Pod,
    observed: ObservedPod,
    hooked: Set<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const { runtime, clock, events } = this.#options;
    const container = findContainer(pod, action.name);
    const fieldPath = container?.fieldPath ?? `spec.containers{${action.name}}`;
    if (!hooked.has(action.containerId)) {
      hooked.add(action.containerId);
      events.container(pod, fieldPath, "Normal", "Killing", action.reason.message);
      // Who asks for a new start of everything wants it at once.
      if (container && action.reason.code !== "RestartAll")
        await this.#preStop(action, pod, container, observed, signal);
    }
    const leftSeconds = Math.ceil((action.deadlineMs - clock.now()) / 1000);
    await runtime.stopContainer(action.containerId, Math.max(minimumGraceSeconds, leftSeconds), signal);
  }

  async #preStop(
    { containerId, deadlineMs }: StopContainer,
    pod: Pod,
    container: PodContainer,
    observed: ObservedPod,
    signal: AbortSignal,
  ): Promise<void> {
    const handler = container.spec.lifecycle?.preStop;
    const { hooks, events, clock, log } = this.#options;
    const leftMs = deadlineMs - clock.now();
    if (!handler || leftMs <= 0) return;
    const podIp = observed.sandboxes[0]?.ips[0] ?? "";
    // A hook that has no end does not keep the container: the deadline is the container's, not the hook's.
    const deadline = new AbortController();
    using _timer = clock.setTimer(leftMs, () => deadline.abort(new Error("the grace period is over")));
    const onFallback = () => events.pod(pod, "Warning", ...fallbackEvent);
    const target = { container: container.spec, containerId, podIp, onFallback };
    await hooks.run(handler, target, leftMs, AbortSignal.any([signal, deadline.signal])).catch((error: unknown) => {
      signal.throwIfAborted();
      log.debug("preStop hook failed", { container: container.spec.name, error: errorFields(error) });
      events.container(pod, container.fieldPath, "Warning", "FailedPreStopHook", "PreStopHook failed");
    });
  }
}
