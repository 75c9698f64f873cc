import type { ContainerStatus, Pod, PodCondition, PodPhase } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { goQuote } from "@kube-ts/api/go-quote";
import { isSidecar } from "../pods/pod-containers.ts";

/** The condition types that the kubelet alone writes. */
export const ownConditions: ReadonlySet<string> = new Set([
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
  "PodResizePending",
  "PodResizeInProgress",
  "AllContainersRestarting",
]);

type Verdict = Pick<PodCondition, "status" | "reason" | "message">;
type Statuses = ReadonlyMap<string, ContainerStatus>;

const met: Verdict = { status: "True" };

export function initializedVerdict(pod: Pod, statuses: Statuses, phase: PodPhase): Verdict {
  const init = pod.spec.initContainers ?? [];
  const { unknown, lacking } = survey(
    init.map((container) => container.name),
    statuses,
    (status) => {
      const sidecar = init.some((container) => container.name === status.name && isSidecar(container));
      return sidecar ? status.started === true : status.ready;
    },
  );
  if (phase === "Succeeded" && unknown.length === 0) return { status: "True", reason: "PodCompleted" };
  if (pod.spec.containers.some(({ name }) => hasEverStarted(statuses.get(name)))) return met;
  const message = listed([
    ["containers with unknown status", unknown],
    ["containers with incomplete status", lacking],
  ]);
  return message === "" ? met : { status: "False", reason: "ContainersNotInitialized", message };
}

export function containersReadyVerdict(pod: Pod, statuses: Statuses, phase: PodPhase): Verdict {
  const names = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers].map(({ name }) => name);
  const { unknown, lacking } = survey(names, statuses, (status) => status.ready);
  if (phase === "Succeeded" && unknown.length === 0) return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  const message = listed([
    ["containers with unknown status", unknown],
    ["containers with unready status", lacking],
  ]);
  return message === "" ? met : { status: "False", reason: "ContainersNotReady", message };
}

/** Ready follows from the containers and then from the gates, whose conditions others write. */
export function readyVerdict(pod: Pod, containersReady: Verdict, conditions: readonly PodCondition[]): Verdict {
  if (containersReady.status !== "True") return containersReady;
  const unmet = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = findCondition(conditions, conditionType);
    const gate = goQuote(conditionType);
    if (!condition) return [`corresponding condition of pod readiness gate ${gate} does not exist.`];
    return condition.status === "True"
      ? []
      : [`the status of pod readiness gate ${gate} is not "True", but ${condition.status}`];
  });
  return unmet.length === 0 ? met : { status: "False", reason: "ReadinessGatesNotReady", message: unmet.join(", ") };
}

/** Whether all containers are being taken away in order to start anew. */
export function restartingVerdict(restarting: boolean, phase: PodPhase): Verdict {
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  return restarting
    ? { status: "True", reason: "RestartAllContainersStarted", message: "container exited with restart policy rule" }
    : { status: "False" };
}

function hasEverStarted(status: ContainerStatus | undefined): boolean {
  return (
    status?.started === true || status?.state?.terminated !== undefined || status?.lastState?.terminated !== undefined
  );
}

function survey(names: readonly string[], statuses: Statuses, suffices: (status: ContainerStatus) => boolean) {
  const unknown = names.filter((name) => !statuses.has(name));
  const lacking = names.filter((name) => {
    const status = statuses.get(name);
    return status !== undefined && !suffices(status);
  });
  return { unknown, lacking };
}

function listed(groups: readonly (readonly [label: string, names: readonly string[]])[]): string {
  return groups
    .filter(([, names]) => names.length > 0)
    .map(([label, names]) => `${label}: [${names.join(" ")}]`)
    .join(", ");
}
