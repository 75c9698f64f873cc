import type { PodSpec, PodTemplateSpec, Toleration } from "@kube-ts/api/core/v1";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { canonicalizeResources } from "./canonical-resources.ts";
import { defaultContainer } from "./default-container.ts";
import { defaultVolumes } from "./default-volumes.ts";

const specZeroFields = [
  "restartPolicy",
  "dnsPolicy",
  "serviceAccountName",
  "serviceAccount",
  "nodeName",
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "hostname",
  "subdomain",
  "schedulerName",
  "priorityClassName",
] as const satisfies (keyof PodSpec)[];
const tolerationZeroFields = ["key", "operator", "value", "effect"] as const satisfies (keyof Toleration)[];

/** Defaults of every pod spec, whether of a pod or in a template. Pure, and free of what only the server has. */
export function defaultPodSpec(spec: PodSpec): void {
  dropZeroFields(spec, specZeroFields);
  spec.dnsPolicy ??= "ClusterFirst";
  spec.restartPolicy ??= "Always";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ??= "default-scheduler";
  spec.serviceAccountName ??= spec.serviceAccount;
  if (spec.serviceAccountName === undefined) delete spec.serviceAccountName;
  else spec.serviceAccount = spec.serviceAccountName;
  if (spec.volumes) defaultVolumes(spec.volumes);
  for (const container of spec.initContainers ?? []) defaultContainer(container);
  for (const container of spec.containers ?? []) defaultContainer(container);
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container);
  for (const toleration of spec.tolerations ?? []) dropZeroFields(toleration, tolerationZeroFields);
  canonicalizeResources(spec.overhead);
  canonicalizeResources(spec.resources?.limits);
  canonicalizeResources(spec.resources?.requests);
}

/** The defaults of a pod template: upstream always serves its metadata and spec. */
export function defaultPodTemplate(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const filled = template ?? {};
  filled.metadata ??= {};
  filled.spec ??= { containers: [] };
  defaultPodSpec(filled.spec);
  return filled;
}
