import type { Container, ContainerRestartRule, EphemeralContainer, Pod } from "@kube-ts/api/core/v1";

/** What part a container plays in its pod. A sidecar is an init container with restart policy Always. */
export type ContainerKind = "init" | "sidecar" | "app" | "ephemeral";

export interface PodContainer {
  readonly kind: ContainerKind;
  readonly spec: Container | EphemeralContainer;
  /** Where the spec stands, as event references name it: `spec.containers{web}`. */
  readonly fieldPath: string;
}

export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

/** Init containers and sidecars, in the order in which they start. */
export function initContainersOf(pod: Pod): readonly PodContainer[] {
  return (pod.spec.initContainers ?? []).map((spec) => ({
    kind: isSidecar(spec) ? "sidecar" : "init",
    spec,
    fieldPath: `spec.initContainers{${spec.name}}`,
  }));
}

export function appContainersOf(pod: Pod): readonly PodContainer[] {
  return pod.spec.containers.map((spec) => ({ kind: "app", spec, fieldPath: `spec.containers{${spec.name}}` }));
}

export function ephemeralContainersOf(pod: Pod): readonly PodContainer[] {
  return (pod.spec.ephemeralContainers ?? []).map((spec) => ({
    kind: "ephemeral",
    spec,
    fieldPath: `spec.ephemeralContainers{${spec.name}}`,
  }));
}

/** Every container of the pod: init and sidecars, then app, then ephemeral. */
export function containersOf(pod: Pod): readonly PodContainer[] {
  return [...initContainersOf(pod), ...appContainersOf(pod), ...ephemeralContainersOf(pod)];
}

export function findContainer(pod: Pod, name: string): PodContainer | undefined {
  return containersOf(pod).find((container) => container.spec.name === name);
}

/** Whether a container that ended with this code is to run again; the container's own rules and policy come first. */
export function restartsAfterExit(pod: Pod, { kind, spec }: PodContainer, exitCode: number): boolean {
  if (kind === "ephemeral") return false;
  if (kind === "sidecar") return true;
  if (matchingRule(spec, exitCode)) return true;
  switch (spec.restartPolicy ?? pod.spec.restartPolicy ?? "Always") {
    case "Never":
      return false;
    case "OnFailure":
      return exitCode !== 0;
    default:
      // An init container that has succeeded is done, whatever the pod's policy.
      return kind === "init" ? exitCode !== 0 : true;
  }
}

/** Whether the end of this container with this code restarts all containers of its pod. */
export function restartsAllContainers({ kind, spec }: PodContainer, exitCode: number): boolean {
  return kind !== "ephemeral" && matchingRule(spec, exitCode)?.action === "RestartAllContainers";
}

/** Whether the end of some container may restart all of the pod's. */
export function mayRestartAllContainers(pod: Pod): boolean {
  return containersOf(pod).some(({ spec }) =>
    spec.restartPolicyRules?.some(({ action }) => action === "RestartAllContainers"),
  );
}

/** The first rule that the exit code meets: it alone counts. */
function matchingRule(
  { restartPolicyRules }: PodContainer["spec"],
  exitCode: number,
): ContainerRestartRule | undefined {
  return restartPolicyRules?.find((rule) => ruleMatches(rule, exitCode));
}

function ruleMatches({ exitCodes }: ContainerRestartRule, exitCode: number): boolean {
  const listed = exitCodes?.values?.includes(exitCode) ?? false;
  return exitCodes?.operator === "NotIn" ? !listed : listed;
}
