import { type ObservedContainer, anyMayRun, mayRun } from "./observed-pod.ts";
import type { PlanBuilder, PlanView } from "./plan-builder.ts";
import { initContainersOf } from "./pod-containers.ts";
import type { Termination } from "./pod-work.ts";

/** What a sidecar is given at least, when the others took all of the grace period. */
const sidecarFloorMs = 2_000;

/**
 * Ends a pod: app containers stop together, then sidecars in reverse order, then the sandbox, then volumes and cgroup
 * go, then the API server may delete the object, and at last, when nobody asks for the pod any more, its remains go.
 */
export function planTermination(view: PlanView, build: PlanBuilder, termination: Termination): void {
  const { work, observed, pod } = view;
  if (anyMayRun(observed)) {
    for (const { container, deadlineMs } of nextToStop(view, termination)) {
      build.want({
        type: "stopContainer",
        name: container.name,
        containerId: container.id,
        deadlineMs,
        reason: { code: "PodEnds", message: `Stopping container ${container.name}` },
        restart: "byPolicy",
      });
    }
    return;
  }
  // What was cancelled may still bring something to life until it has ended.
  if (build.anyInFlight("startContainer", "createSandbox", "prepare")) return;
  const networked = observed.sandboxes.filter((sandbox) => !work.stoppedSandboxes.has(sandbox.id));
  for (const { id } of networked) build.want({ type: "stopSandbox", sandboxId: id, replaced: false });
  if (networked.length > 0) return;
  if (!work.tornDown) {
    build.want({ type: "tearDown" });
    return;
  }
  if (work.removed) {
    for (const { id } of observed.sandboxes) build.want({ type: "removeSandbox", sandboxId: id });
    for (const container of strays(view)) {
      build.want({ type: "removeContainer", name: container.name, containerId: container.id });
    }
  } else if (pod.metadata.deletionTimestamp && !work.static && !work.deleteAccepted) {
    build.want({ type: "deletePod" });
  }
}

/** Nothing of the pod is left on the node. */
export function isGone({ work, observed }: PlanView): boolean {
  return work.removed && work.tornDown && observed.sandboxes.length === 0 && observed.containers.length === 0;
}

interface Stop {
  readonly container: ObservedContainer;
  readonly deadlineMs: number;
}

function nextToStop(view: PlanView, { deadlineMs }: Termination): Stop[] {
  const sidecars = initContainersOf(view.pod)
    .filter(({ kind }) => kind === "sidecar")
    .map(({ spec }) => spec.name);
  const running = view.observed.containers.filter(mayRun);
  const others = running.filter((container) => !sidecars.includes(container.name));
  if (others.length > 0) return others.map((container) => ({ container, deadlineMs }));
  const last = sidecars.findLast((name) => running.some((container) => container.name === name));
  const sidecarDeadlineMs = Math.max(deadlineMs, view.nowMs + sidecarFloorMs);
  return running.filter(({ name }) => name === last).map((container) => ({ container, deadlineMs: sidecarDeadlineMs }));
}

/** Containers whose sandbox is already gone. */
function strays({ observed }: PlanView): readonly ObservedContainer[] {
  const present = new Set(observed.sandboxes.map((sandbox) => sandbox.id));
  return observed.containers.filter((container) => !present.has(container.podSandboxId));
}
