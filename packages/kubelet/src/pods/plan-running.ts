import type { SandboxStatus } from "../runtime/runtime.ts";
import { viewContainer } from "./container-view.ts";
import { anyMayRun, mayRun, usableSandbox } from "./observed-pod.ts";
import { isDone, planContainer, podGraceSeconds } from "./plan-container.ts";
import { planInit } from "./plan-init.ts";
import { isRestartingAll, planRestartOfAll } from "./plan-restart-all.ts";
import type { PlanBuilder, PlanView } from "./plan-builder.ts";
import {
  type PodContainer,
  appContainersOf,
  ephemeralContainersOf,
  findContainer,
  initContainersOf,
  restartsAfterExit,
} from "./pod-containers.ts";

export type RunProgress = "going" | "completed";

/** Brings a pod towards running. Answers `completed` when its containers have ended and none is to run again. */
export function planRunning(view: PlanView, build: PlanBuilder): RunProgress {
  const { work, observed } = view;
  const apps = appContainersOf(view.pod);
  if (isRestartingAll(view)) {
    planRestartOfAll(view, build);
    return "going";
  }
  if (apps.every((container) => isDone(view, container, viewContainer(view, container.spec.name)))) return "completed";
  if (work.prepared !== "yes") build.want({ type: "prepare" });
  stopOtherSandboxes(view, build);
  const sandbox = usableSandbox(observed);
  if (!sandbox) return planSandbox(view, build);
  const mayStart = work.prepared !== "no";
  for (const container of ephemeralContainersOf(view.pod)) planEphemeral(view, build, container, sandbox, mayStart);
  const init = planInit(view, build, sandbox, mayStart);
  if (init === "failed") return "completed";
  for (const container of apps) {
    const at = viewContainer(view, container.spec.name);
    planContainer(view, build, container, at, mayStart && init === "done" ? sandbox : undefined);
  }
  return "going";
}

/** Only one sandbox counts: the newest. What an unclean end left of others goes. */
function stopOtherSandboxes(view: PlanView, build: PlanBuilder): void {
  for (const other of view.observed.sandboxes.slice(1)) {
    if (view.work.stoppedSandboxes.has(other.id)) continue;
    if (view.observed.containers.some((container) => container.podSandboxId === other.id && mayRun(container)))
      continue;
    build.want({ type: "stopSandbox", sandboxId: other.id, replaced: true });
  }
}

/** Makes way for a new sandbox, then creates it: containers of the old one stop, its network is taken down. */
function planSandbox(view: PlanView, build: PlanBuilder): RunProgress {
  const { work, observed, pod, nowMs } = view;
  const creating = work.inFlight.get("sandbox");
  if (creating) {
    // What is seen of it meanwhile is half done.
    build.keep(creating);
    return "going";
  }
  for (const instance of observed.containers.filter(mayRun)) {
    const container = findContainer(pod, instance.name);
    build.want({
      type: "stopContainer",
      name: instance.name,
      containerId: instance.id,
      deadlineMs: nowMs + podGraceSeconds(view) * 1000,
      reason: { code: "SandboxChanged", message: "Pod sandbox changed, it will be killed and re-created." },
      // It does not end for a fault of its own.
      restart: container && restartsAfterExit(pod, container, 1) ? "atOnce" : "byPolicy",
    });
  }
  if (anyMayRun(observed) || build.anyInFlight("startContainer")) return "going";
  if (initFailedForGood(view)) return "completed";
  const [newest] = observed.sandboxes;
  if (newest && !work.stoppedSandboxes.has(newest.id)) {
    build.want({ type: "stopSandbox", sandboxId: newest.id, replaced: true });
    return "going";
  }
  if (work.prepared === "no") return "going";
  if (work.networkProblem !== undefined && !pod.spec.hostNetwork) return "going";
  build.want({ type: "createSandbox", attempt: newest ? newest.attempt + 1 : 0 });
  return "going";
}

/** A pod that must not retry its initialization does not do so in a new sandbox either. */
function initFailedForGood(view: PlanView): boolean {
  return initContainersOf(view.pod).some((container) => {
    if (container.kind !== "init") return false;
    const at = viewContainer(view, container.spec.name);
    const exitCode = at.state === "exited" ? at.instance.exitCode : at.state === "gone" ? at.exitCode : 0;
    return exitCode !== 0 && isDone(view, container, at);
  });
}

/** Ephemeral containers are started once and never again. */
function planEphemeral(
  view: PlanView,
  build: PlanBuilder,
  container: PodContainer,
  sandbox: SandboxStatus,
  mayStart: boolean,
): void {
  const at = viewContainer(view, container.spec.name);
  if (at.state === "absent" || at.state === "created" || at.state === "unknown") {
    planContainer(view, build, container, at, mayStart ? sandbox : undefined);
  } else {
    const starting = view.work.inFlight.get(`start/${container.spec.name}`);
    if (starting) build.keep(starting);
  }
}
