import type { Volume } from "@kube-ts/api/core/v1";
import type { CheckedPod, Control, Violation } from "../control.ts";
import { plural, quoteAll, sortedOnce } from "../wording.ts";

const allowedTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const satisfies readonly (keyof Volume)[];

const knownTypes = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "gitRepo",
  "nfs",
  "iscsi",
  "glusterfs",
  "rbd",
  "flexVolume",
  "cinder",
  "cephfs",
  "flocker",
  "fc",
  "azureFile",
  "vsphereVolume",
  "quobyte",
  "azureDisk",
  "photonPersistentDisk",
  "portworxVolume",
  "scaleIO",
  "storageos",
] as const satisfies readonly (keyof Volume)[];

/** Volumes are of the kinds that the cluster's own objects stand behind. */
export const restrictedVolumes: Control = {
  id: "restrictedVolumes",
  level: "restricted",
  versions: [{ since: 0, check }],
  replaces: ["hostPathVolumes"],
};

function check({ spec }: CheckedPod): Violation | undefined {
  const bad = (spec.volumes ?? []).filter((volume) => !allowedTypes.some((type) => volume[type] !== undefined));
  if (bad.length === 0) return undefined;
  const names = quoteAll(bad.map(({ name }) => name));
  const types = sortedOnce(bad.map(typeOf));
  const volumes = plural(bad.length, "volume", "volumes");
  const use = plural(bad.length, "uses", "use");
  const what = plural(types.length, "restricted volume type", "restricted volume types");
  return { reason: "restricted volume types", detail: `${volumes} ${names} ${use} ${what} ${quoteAll(types)}` };
}

function typeOf(volume: Volume): string {
  return knownTypes.find((type) => volume[type] !== undefined) ?? "unknown";
}
