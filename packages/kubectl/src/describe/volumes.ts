import type { PersistentVolumeSpec, Volume } from "@kube-ts/api/core/v1";
import { isRecord } from "@kube-ts/std/config-schema";
import type { Description } from "./description.ts";

/** Where the data of a volume comes from; a persistent volume names the same sources. */
type Source = Readonly<Record<string, unknown>>;

/** What a kind of source is called, and its fields with their labels. */
interface SourceText {
  readonly type: string;
  readonly fields: readonly (readonly [label: string, field: string, fallback?: string])[];
}

const readOnly = ["ReadOnly", "readOnly", "false"] as const;

const sourceTexts: Readonly<Record<string, SourceText>> = {
  hostPath: {
    type: "HostPath (bare host directory volume)",
    fields: [
      ["Path", "path"],
      ["HostPathType", "type"],
    ],
  },
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    fields: [
      ["Medium", "medium"],
      ["SizeLimit", "sizeLimit", "<unset>"],
    ],
  },
  secret: {
    type: "Secret (a volume populated by a Secret)",
    fields: [
      ["SecretName", "secretName"],
      ["Optional", "optional", "false"],
    ],
  },
  configMap: {
    type: "ConfigMap (a volume populated by a ConfigMap)",
    fields: [
      ["Name", "name"],
      ["Optional", "optional", "false"],
    ],
  },
  persistentVolumeClaim: {
    type: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
    fields: [["ClaimName", "claimName"], readOnly],
  },
  nfs: {
    type: "NFS (an NFS mount that lasts the lifetime of a pod)",
    fields: [["Server", "server"], ["Path", "path"], readOnly],
  },
  local: { type: "LocalVolume (a persistent volume backed by local storage on a node)", fields: [["Path", "path"]] },
  csi: {
    type: "CSI (a Container Storage Interface (CSI) volume source)",
    fields: [
      ["Driver", "driver"],
      ["FSType", "fsType"],
    ],
  },
  image: {
    type: "Image (a container image or OCI artifact)",
    fields: [
      ["Reference", "reference"],
      ["PullPolicy", "pullPolicy"],
    ],
  },
};

/** The lines of a source, without indentation. */
function sourceLines(source: Source): string[] {
  if (isRecord(source["projected"])) return projectedLines(source["projected"]);
  if (isRecord(source["downwardAPI"])) return downwardLines(source["downwardAPI"]);
  if (isRecord(source["ephemeral"])) return ephemeralLines(source["ephemeral"]);
  const kind = Object.keys(sourceTexts).find((name) => isRecord(source[name]));
  const text = kind === undefined ? undefined : sourceTexts[kind];
  if (kind === undefined || !text) return ["<unknown>"];
  const values = source[kind] as Source;
  const lines = text.fields.map(([label, field, fallback = ""]) => `${label}:\t${scalar(values[field]) || fallback}`);
  return [`Type:\t${text.type}`, ...lines, ...(kind === "csi" ? csiLines(values) : [])];
}

function csiLines(values: Source): string[] {
  const attributes = isRecord(values["volumeAttributes"]) ? values["volumeAttributes"] : {};
  const entries = Object.entries(attributes).map(([key, value]) => `${key}=${String(value)}`);
  const handle = typeof values["volumeHandle"] === "string" ? [`VolumeHandle:\t${values["volumeHandle"]}`] : [];
  const listed = entries.toSorted().map((text, index) => `${index === 0 ? "VolumeAttributes:" : ""}\t    ${text}`);
  return [...handle, `ReadOnly:\t${scalar(values["readOnly"]) || "false"}`, ...listed];
}

function records(value: unknown): Source[] {
  return Array.isArray(value) ? value.filter((each): each is Source => isRecord(each)) : [];
}

function scalar(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function projectedLines(projected: Source): string[] {
  const sources = records(projected["sources"]).flatMap((source) => {
    const { secret, configMap, downwardAPI, serviceAccountToken } = source;
    const optional = (from: Source) => `Optional:\t${scalar(from["optional"]) || "false"}`;
    if (isRecord(secret)) return [`SecretName:\t${scalar(secret["name"])}`, optional(secret)];
    if (isRecord(downwardAPI)) return ["DownwardAPI:\ttrue"];
    if (isRecord(configMap)) return [`ConfigMapName:\t${scalar(configMap["name"])}`, optional(configMap)];
    if (!isRecord(serviceAccountToken)) return [];
    return [`TokenExpirationSeconds:\t${scalar(serviceAccountToken["expirationSeconds"]) || "0"}`];
  });
  return ["Type:\tProjected (a volume that contains injected data from multiple sources)", ...sources];
}

function downwardLines(downward: Source): string[] {
  const items = records(downward["items"]).map(({ path, fieldRef, resourceFieldRef }) => {
    const from = isRecord(fieldRef)
      ? fieldRef["fieldPath"]
      : isRecord(resourceFieldRef)
        ? resourceFieldRef["resource"]
        : "";
    return `  ${scalar(from)} -> ${scalar(path)}`;
  });
  return ["Type:\tDownwardAPI (a volume populated by information about the pod)", "Items:", ...items];
}

function ephemeralLines(ephemeral: Source): string[] {
  const template = isRecord(ephemeral["volumeClaimTemplate"]) ? ephemeral["volumeClaimTemplate"] : {};
  const spec = isRecord(template["spec"]) ? template["spec"] : {};
  return [
    "Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
    `StorageClass:\t${scalar(spec["storageClassName"])}`,
    `Volume:\t${scalar(spec["volumeName"])}`,
    "Labels:\t    <none>",
    "Annotations:\t    <none>",
    "Capacity:\t",
    "Access Modes:\t",
    `VolumeMode:\t${scalar(spec["volumeMode"]) || "Filesystem"}`,
  ];
}

/** The volumes of a pod, or of a template, whose names stand one column further in. */
export function writeVolumes(description: Description, level: number, volumes: readonly Volume[] | undefined): void {
  if (!volumes?.length) {
    description.line(level, "Volumes:\t<none>");
    return;
  }
  description.line(level, "Volumes:");
  for (const volume of volumes) {
    description.line(1, `${level > 0 ? " " : ""}${volume.name}:`);
    writeSource(description, volume as unknown as Source);
  }
}

function writeSource(description: Description, source: Source): void {
  for (const text of sourceLines(source)) description.line(text === "<unknown>" ? 1 : 2, text);
}

export function writePersistentSource(description: Description, spec: PersistentVolumeSpec): void {
  description.line(0, "Source:");
  writeSource(description, spec as unknown as Source);
}
