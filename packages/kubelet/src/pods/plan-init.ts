import type { SandboxStatus } from "../runtime/runtime.ts";
import { hasPassed } from "../status/probe-verdict.ts";
import { type ContainerView, viewInSandbox } from "./container-view.ts";
import { isDone, isStarting, planContainer } from "./plan-container.ts";
import type { PlanBuilder, PlanView } from "./plan-builder.ts";
import { type PodContainer, appContainersOf, initContainersOf } from "./pod-containers.ts";

export type InitProgress = "done" | "going" | "failed";

/**
 * Runs init containers one after the other in the sandbox; a sidecar lets the next one start once it has started,
 * and is kept running from then on.
 */
export function planInit(view: PlanView, build: PlanBuilder, sandbox: SandboxStatus, mayStart: boolean): InitProgress {
  const containers = initContainersOf(view.pod);
  const views = containers.map((container) => viewInSandbox(view, container.spec.name, sandbox.id));
  // Whatever stands before the furthest one that was ever started is known to be complete.
  const furthest = appsBegan(view, sandbox) ? containers.length : views.findLastIndex((at) => at.state !== "absent");
  for (const [index, container] of containers.entries()) {
    const at = views[index] ?? { state: "absent" };
    const complete = index < furthest;
    if (container.kind === "init") {
      if (complete || (at.state === "exited" && at.instance.exitCode === 0)) continue;
      if (isDone(view, container, at)) return "failed";
      planContainer(view, build, container, at, mayStart ? sandbox : undefined);
      return "going";
    }
    planContainer(view, build, container, at, mayStart ? sandbox : undefined);
    if (!complete && !hasStarted(view, container, at)) return "going";
  }
  return "done";
}

function appsBegan({ pod, observed }: PlanView, sandbox: SandboxStatus): boolean {
  const apps = new Set(appContainersOf(pod).map(({ spec }) => spec.name));
  return observed.containers.some(({ name, podSandboxId }) => apps.has(name) && podSandboxId === sandbox.id);
}

function hasStarted(view: PlanView, container: PodContainer, at: ContainerView): boolean {
  if (at.state !== "running" || isStarting(view, container)) return false;
  const { probes, lastStatus: last, runtimeName } = view.work;
  return !container.spec.startupProbe || hasPassed({ probes, last, runtimeName }, "startup", at.instance);
}
