import type { CSINode, StorageClass, VolumeAttributesClass } from "@kube-ts/api/storage/v1";
import { defaultStorageClassAnnotation } from "@kube-ts/api/well-known-labels";
import type { Description } from "./description.ts";
import { localTime } from "./local-time.ts";

const defaultAnnotations = [defaultStorageClassAnnotation, "storageclass.beta.kubernetes.io/is-default-class"];

/** A map on one line. */
function mapText(values: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(values ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? "<none>" : entries.map(([key, value]) => `${key}=${value}`).join(",");
}

export function describeStorageClass(description: Description, storageClass: StorageClass): void {
  const {
    metadata,
    provisioner,
    parameters,
    allowVolumeExpansion,
    mountOptions = [],
    allowedTopologies,
  } = storageClass;
  const line = (text: string) => description.line(0, text);
  const isDefault = defaultAnnotations.some((name) => metadata.annotations?.[name] === "true");
  line(`Name:\t${metadata.name ?? ""}`);
  line(`IsDefaultClass:\t${isDefault ? "Yes" : "No"}`);
  line(`Annotations:\t${mapText(metadata.annotations)}`);
  line(`Provisioner:\t${provisioner}`);
  line(`Parameters:\t${mapText(parameters)}`);
  line(
    `AllowVolumeExpansion:\t${allowVolumeExpansion === undefined ? "<unset>" : allowVolumeExpansion ? "True" : "False"}`,
  );
  if (mountOptions.length === 0) line("MountOptions:\t<none>");
  else line("MountOptions:");
  for (const option of mountOptions) line(`  ${option}`);
  if (storageClass.reclaimPolicy) line(`ReclaimPolicy:\t${storageClass.reclaimPolicy}`);
  if (storageClass.volumeBindingMode) line(`VolumeBindingMode:\t${storageClass.volumeBindingMode}`);
  if (!allowedTopologies) return;
  line("AllowedTopologies:\t");
  for (const [index, { matchLabelExpressions = [] }] of allowedTopologies.entries()) {
    if (matchLabelExpressions.length === 0) line(`  Term ${index}:\t<none>`);
    for (const [at, { key, values = [] }] of matchLabelExpressions.entries()) {
      line(`${at === 0 ? `  Term ${index}:` : "  "}\t${key} in [${values.join(", ")}]`);
    }
  }
}

export function describeAttributesClass(
  description: Description,
  { metadata, driverName, parameters }: VolumeAttributesClass,
): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Annotations:\t${mapText(metadata.annotations)}`);
  line(`DriverName:\t${driverName}`);
  line(`Parameters:\t${mapText(parameters)}`);
}

export function describeCsiNode(description: Description, { metadata, spec }: CSINode): void {
  description.line(0, `Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  description.line(0, `CreationTimestamp:\t${localTime(metadata.creationTimestamp)}`);
  description.line(0, "Spec:");
  if ((spec.drivers ?? []).length > 0) description.line(1, "Drivers:");
  for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers ?? []) {
    description.line(2, `${name}:`);
    description.line(3, `Node ID:\t${nodeID}`);
    if (allocatable?.count !== undefined) {
      description.line(3, "Allocatables:");
      description.line(4, `Count:\t${allocatable.count}`);
    }
    if (topologyKeys) description.line(3, `Topology Keys:\t[${topologyKeys.join(" ")}]`);
  }
}
