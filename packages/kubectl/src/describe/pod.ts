import type { Pod } from "@kube-ts/api/core/v1";
import type { Description } from "./description.ts";
import { localTime } from "./local-time.ts";
import { writeContainers, writeScheduling } from "./pod-template.ts";
import { writeVolumes } from "./volumes.ts";

export function describePod(description: Description, pod: Pod): void {
  const { spec, status = {} } = pod;
  writeIdentity(description, pod);
  writeState(description, pod);
  writeAllContainers(description, pod);
  writeConditions(description, pod);
  writeVolumes(description, 0, spec?.volumes);
  if (status.qosClass) description.line(0, `QoS Class:\t${status.qosClass}`);
  if (spec) writeScheduling(description, 0, spec);
}

function writeIdentity(description: Description, { metadata, spec, status = {} }: Pod): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  if (spec?.priority !== undefined) line(`Priority:\t${spec.priority}`);
  if (spec?.priorityClassName) line(`Priority Class Name:\t${spec.priorityClassName}`);
  if (spec?.runtimeClassName) line(`Runtime Class Name:\t${spec.runtimeClassName}`);
  if (spec?.serviceAccountName) line(`Service Account:\t${spec.serviceAccountName}`);
  line(`Node:\t${spec?.nodeName ? `${spec.nodeName}/${status.hostIP ?? ""}` : "<none>"}`);
  if (status.startTime) line(`Start Time:\t${localTime(status.startTime)}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
}

function writeState(description: Description, { metadata, spec, status = {} }: Pod): void {
  const line = (text: string) => description.line(0, text);
  if (metadata.deletionTimestamp) {
    line(`Status:\tTerminating (since ${localTime(metadata.deletionTimestamp)})`);
    line(`Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else line(`Status:\t${status.phase ?? ""}`);
  if (status.reason) line(`Reason:\t${status.reason}`);
  if (status.message) line(`Message:\t${status.message}`);
  const profile = spec?.securityContext?.seccompProfile;
  if (profile) line(`SeccompProfile:\t${profile.type}`);
  if (profile?.localhostProfile) line(`  LocalhostProfile:\t${profile.localhostProfile}`);
  line(`IP:\t${status.podIP ?? ""}`);
  if (status.podIPs?.length) {
    line("IPs:");
    for (const { ip } of status.podIPs) line(`  IP:\t${ip ?? ""}`);
  } else line("IPs:\t<none>");
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) line(`Controlled By:\t${owner.kind}/${owner.name}`);
  if (status.nominatedNodeName) line(`NominatedNodeName:\t${status.nominatedNodeName}`);
}

function writeAllContainers(description: Description, pod: Pod): void {
  const { spec, status = {} } = pod;
  if (spec?.initContainers?.length)
    writeContainers(description, 0, "Init Containers", spec.initContainers, status.initContainerStatuses ?? [], pod);
  writeContainers(description, 0, "Containers", spec?.containers, status.containerStatuses ?? [], pod);
  if (spec?.ephemeralContainers?.length) {
    const statuses = status.ephemeralContainerStatuses ?? [];
    writeContainers(description, 0, "Ephemeral Containers", spec.ephemeralContainers, statuses, pod);
  }
}

function writeConditions(description: Description, { spec, status = {} }: Pod): void {
  const line = (text: string) => description.line(0, text);
  if (spec?.readinessGates?.length) {
    line("Readiness Gates:");
    line("  Type\tStatus");
    for (const { conditionType } of spec.readinessGates) {
      const found = status.conditions?.find(({ type }) => type === conditionType);
      description.line(1, `${conditionType} \t${found?.status ?? "<none>"} `);
    }
  }
  if (status.conditions?.length) {
    line("Conditions:");
    line("  Type\tStatus");
    for (const { type, status: state } of status.conditions) description.line(1, `${type} \t${state} `);
  }
}
