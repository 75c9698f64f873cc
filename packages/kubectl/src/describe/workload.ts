import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "@kube-ts/api/apps/v1";
import type { ReplicationController } from "@kube-ts/api/core/v1";
import { formatLabelSelector } from "@kube-ts/api/selectors";
import type { Pod } from "@kube-ts/api/core/v1";
import type { Description } from "./description.ts";
import { localTime } from "./local-time.ts";
import { writePodTemplate } from "./pod-template.ts";

/** What of a deployment is not in the object itself. */
export interface DeploymentSets {
  readonly old: readonly ReplicaSet[];
  readonly current: ReplicaSet | undefined;
}

export function describeDeployment(description: Description, deployment: Deployment, sets: DeploymentSets): void {
  const { metadata, spec, status = {} } = deployment;
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  line(`CreationTimestamp:\t${localTime(metadata.creationTimestamp)}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`Selector:\t${formatLabelSelector(spec?.selector)}`);
  line(
    `Replicas:\t${spec?.replicas ?? 1} desired | ${status.updatedReplicas ?? 0} updated | ${status.replicas ?? 0} total | ${status.availableReplicas ?? 0} available | ${status.unavailableReplicas ?? 0} unavailable`,
  );
  line(`StrategyType:\t${spec?.strategy?.type ?? ""}`);
  line(`MinReadySeconds:\t${spec?.minReadySeconds ?? 0}`);
  const rolling = spec?.strategy?.rollingUpdate;
  if (rolling)
    line(
      `RollingUpdateStrategy:\t${rolling.maxUnavailable ?? ""} max unavailable, ${rolling.maxSurge ?? ""} max surge`,
    );
  writePodTemplate(description, spec?.template);
  if (status.conditions?.length) {
    line("Conditions:");
    line("  Type\tStatus\tReason");
    line("  ----\t------\t------");
    for (const { type, status: state, reason } of status.conditions)
      description.line(1, `${type} \t${state}\t${reason ?? ""}`);
  }
  if (sets.old.length === 0 && sets.current === undefined) return;
  line(`OldReplicaSets:\t${sets.old.map(setText).join(", ") || "<none>"}`);
  line(`NewReplicaSet:\t${sets.current ? setText(sets.current) : "<none>"}`);
}

function setText({ metadata, spec, status }: ReplicaSet): string {
  return `${metadata.name ?? ""} (${status?.replicas ?? 0}/${spec?.replicas ?? 0} replicas created)`;
}

/** How many pods are in each phase. */
function podStatusLine(pods: readonly Pod[]): string {
  const count = (phase: string) => pods.filter(({ status }) => status?.phase === phase).length;
  return `Pods Status:\t${count("Running")} Running / ${count("Pending")} Waiting / ${count("Succeeded")} Succeeded / ${count("Failed")} Failed`;
}

export function describeReplicas(
  description: Description,
  object: ReplicaSet | ReplicationController,
  pods: readonly Pod[],
): void {
  const { metadata, spec, status } = object;
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  const selector = spec?.selector as
    | { readonly matchLabels?: unknown; readonly matchExpressions?: unknown }
    | undefined;
  const structured = selector?.matchLabels !== undefined || selector?.matchExpressions !== undefined;
  line(
    `Selector:\t${formatLabelSelector(structured ? (selector as object) : { matchLabels: (spec?.selector ?? {}) as Record<string, string> })}`,
  );
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) line(`Controlled By:\t${owner.kind}/${owner.name}`);
  line(`Replicas:\t${status?.replicas ?? 0} current / ${spec?.replicas ?? 1} desired`);
  line(podStatusLine(pods));
  writePodTemplate(description, spec?.template);
  if (status?.conditions?.length) {
    line("Conditions:");
    line("  Type\tStatus\tReason");
    line("  ----\t------\t------");
    for (const { type, status: state, reason } of status.conditions)
      description.line(1, `${type} \t${state}\t${reason ?? ""}`);
  }
}

export function describeDaemonSet(
  description: Description,
  { metadata, spec, status }: DaemonSet,
  pods: readonly Pod[],
): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  line(`Selector:\t${formatLabelSelector(spec?.selector)}`);
  const nodeSelector = Object.entries(spec?.template?.spec?.nodeSelector ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  line(`Node-Selector:\t${nodeSelector.toSorted().join(",") || "<none>"}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`);
  line(`Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`);
  line(`Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`);
  line(`Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`);
  line(`Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`);
  line(podStatusLine(pods));
  writePodTemplate(description, spec?.template);
}

export function describeStatefulSet(
  description: Description,
  { metadata, spec, status }: StatefulSet,
  pods: readonly Pod[],
): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  line(`CreationTimestamp:\t${localTime(metadata.creationTimestamp)}`);
  line(`Selector:\t${formatLabelSelector(spec?.selector)}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`Replicas:\t${spec?.replicas ?? 1} desired | ${status?.replicas ?? 0} total`);
  line(`Update Strategy:\t${spec?.updateStrategy?.type ?? ""}`);
  if (spec?.updateStrategy?.rollingUpdate?.partition !== undefined)
    line(`  Partition:\t${spec.updateStrategy.rollingUpdate.partition}`);
  line(podStatusLine(pods));
  writePodTemplate(description, spec?.template);
  if (!spec?.volumeClaimTemplates?.length) line("Volume Claims:\t<none>");
  else line("Volume Claims:");
  for (const claim of spec?.volumeClaimTemplates ?? []) {
    line(`  Name:\t${claim.metadata?.name ?? ""}`);
    line(`  StorageClass:\t${claim.spec?.storageClassName ?? ""}`);
    description.map("  Labels", claim.metadata?.labels);
    description.map("  Annotations", claim.metadata?.annotations);
    line(`  Capacity:\t${claim.spec?.resources?.requests?.["storage"] ?? "<default>"}`);
    line(`  Access Modes:\t[${(claim.spec?.accessModes ?? []).join(" ")}]`);
  }
}
