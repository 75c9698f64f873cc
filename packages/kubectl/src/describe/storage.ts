import type { NodeSelectorRequirement, PersistentVolume, PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import type { Description } from "./description.ts";
import { localTime, zeroTime } from "./local-time.ts";
import { writePersistentSource } from "./volumes.ts";

const betaClassAnnotation = "volume.beta.kubernetes.io/storage-class";

const modeOrder = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
] as const;

function modesText(modes: readonly string[] | undefined): string {
  return modeOrder.flatMap(([mode, short]) => (modes?.includes(mode) ? [short] : [])).join(",");
}

export function describePersistentVolume(description: Description, volume: PersistentVolume): void {
  const { metadata, spec = {}, status } = volume;
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`Finalizers:\t[${(metadata.finalizers ?? []).join(" ")}]`);
  line(`StorageClass:\t${metadata.annotations?.[betaClassAnnotation] ?? spec.storageClassName ?? ""}`);
  line(
    metadata.deletionTimestamp
      ? `Status:\tTerminating (lasts ${localTime(metadata.deletionTimestamp)})`
      : `Status:\t${status?.phase ?? ""}`,
  );
  const claim = spec.claimRef;
  line(`Claim:\t${claim ? `${claim.namespace ?? ""}/${claim.name ?? ""}` : ""}`);
  line(`Reclaim Policy:\t${spec.persistentVolumeReclaimPolicy ?? ""}`);
  line(`Access Modes:\t${modesText(spec.accessModes)}`);
  if (spec.volumeMode !== undefined) line(`VolumeMode:\t${spec.volumeMode}`);
  line(`Capacity:\t${spec.capacity?.["storage"] ?? ""}`);
  writeNodeAffinity(description, volume);
  line(`Message:\t${status?.message ?? ""}`);
  writePersistentSource(description, spec);
}

function writeNodeAffinity(description: Description, { spec }: PersistentVolume): void {
  const required = spec?.nodeAffinity?.required;
  if (!required) {
    description.line(0, "Node Affinity:\t<none>");
    return;
  }
  description.line(0, "Node Affinity:\t");
  const terms = required.nodeSelectorTerms;
  if (!terms?.length) description.line(1, "Required Terms:\t<none>");
  else description.line(1, "Required Terms:\t");
  for (const [index, { matchExpressions = [] }] of (terms ?? []).entries()) {
    if (matchExpressions.length === 0) description.line(2, `Term ${index}:\t<none>`);
    for (const [at, requirement] of matchExpressions.entries()) {
      description.line(2, `${at === 0 ? `Term ${index}:` : ""}\t${requirementText(requirement)}`);
    }
  }
}

function requirementText({ key, operator, values = [] }: NodeSelectorRequirement): string {
  return `${key} ${operator.toLowerCase()}${values.length === 0 ? "" : ` [${values.join(", ")}]`}`;
}

/** `users` are the pods that mount the claim. */
export function describeClaim(description: Description, claim: PersistentVolumeClaim, users: readonly Pod[]): void {
  const { metadata, spec = {}, status = {} } = claim;
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  line(`StorageClass:\t${metadata.annotations?.[betaClassAnnotation] ?? spec.storageClassName ?? ""}`);
  line(
    metadata.deletionTimestamp
      ? `Status:\tTerminating (lasts ${localTime(metadata.deletionTimestamp)})`
      : `Status:\t${status.phase ?? ""}`,
  );
  line(`Volume:\t${spec.volumeName ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`Finalizers:\t[${(metadata.finalizers ?? []).join(" ")}]`);
  // Without a volume, what is asked for is nothing that there is.
  const bound = (spec.volumeName ?? "") !== "";
  line(`Capacity:\t${bound ? (status.capacity?.["storage"] ?? "0") : ""}`);
  line(`Access Modes:\t${bound ? modesText(status.accessModes) : ""}`);
  if (spec.volumeMode !== undefined) line(`VolumeMode:\t${spec.volumeMode}`);
  if (spec.dataSource) {
    line("DataSource:");
    if (spec.dataSource.apiGroup) line(`  APIGroup:\t${spec.dataSource.apiGroup}`);
    line(`  Kind:\t${spec.dataSource.kind}`);
    line(`  Name:\t${spec.dataSource.name}`);
  }
  if (users.length === 0) line("Used By:\t<none>");
  for (const [index, pod] of users.entries()) line(`${index === 0 ? "Used By:" : ""}\t${pod.metadata.name ?? ""}`);
  if (!status.conditions?.length) return;
  line("Conditions:");
  line("  Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage");
  line("  ----\t------\t-----------------\t------------------\t------\t-------");
  for (const { type, status: state, lastProbeTime, lastTransitionTime, reason, message } of status.conditions) {
    line(
      `  ${type} \t${state} \t${localTime(lastProbeTime ?? zeroTime)} \t${localTime(lastTransitionTime ?? zeroTime)} \t${reason ?? ""} \t${message ?? ""}`,
    );
  }
}

/** Whether a pod mounts the claim, by name or as an ephemeral volume of its own. */
export function mountsClaim(pod: Pod, claim: string): boolean {
  return (pod.spec?.volumes ?? []).some(
    ({ name, persistentVolumeClaim, ephemeral }) =>
      persistentVolumeClaim?.claimName === claim || (ephemeral && `${pod.metadata.name ?? ""}-${name}` === claim),
  );
}
