import { type ObservedContainer, instancesOf, mayRun } from "./observed-pod.ts";
import type { PlanBuilder, PlanView } from "./plan-builder.ts";

/** How many ended instances of a container are kept behind the newest, for `logs --previous` and the last state. */
const keptInstances = 1;

/** Removes instances and sandboxes that nobody can ask about any more. */
export function planGarbage(view: PlanView, build: PlanBuilder): void {
  const { observed, work } = view;
  const kept = new Set<string>();
  for (const name of new Set(observed.containers.map((container) => container.name))) {
    for (const [index, instance] of instancesOf(observed, name).entries()) {
      if (index <= keptInstances || mayRun(instance)) kept.add(instance.podSandboxId);
      else remove(build, instance);
    }
  }
  for (const sandbox of observed.sandboxes.slice(1)) {
    if (kept.has(sandbox.id) || !work.stoppedSandboxes.has(sandbox.id)) continue;
    build.want({ type: "removeSandbox", sandboxId: sandbox.id });
  }
}

function remove(build: PlanBuilder, { name, id }: ObservedContainer): void {
  build.want({ type: "removeContainer", name, containerId: id });
}
