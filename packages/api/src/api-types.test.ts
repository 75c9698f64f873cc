import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { typeTables as legacyTypeTables } from "../gen/legacy-type-tables.js";
import { typeTables } from "../gen/type-tables.js";
import { groupVersionSources, legacyGroupVersionSources } from "./group-versions.ts";
import type { AliasEntry, FieldEntry, TypeTable } from "./type-table.ts";

/** The checklist of upstream's types; it lies beside the project where it is available at all. */
const facts = new URL("../../../../shared/facts/api-types.json", import.meta.url);

interface FactField {
  json: string;
  type: string;
  inline?: boolean;
  proto?: number;
  patchStrategy?: string;
  patchMergeKey?: string;
  markers?: string[];
}
interface FactType {
  kind?: boolean;
  alias?: string;
  values?: string[];
  fields?: FactField[];
  markers?: string[];
}
type FactTypes = Record<string, FactType>;

/** Newer than v1.36. */
const newerFields = new Set([
  "authentication/v1 TokenRequestSpec.attestations",
  "autoscaling/v1 HorizontalPodAutoscalerCondition.observedGeneration",
  "autoscaling/v2 HorizontalPodAutoscalerCondition.observedGeneration",
  "batch/v1 JobSpec.scheduling",
  "core/v1 ClusterTrustBundleProjection.user",
  "core/v1 ConfigMapVolumeSource.defaultUser",
  "core/v1 DownwardAPIVolumeFile.user",
  "core/v1 DownwardAPIVolumeSource.defaultUser",
  "core/v1 EmptyDirVolumeSource.mode",
  "core/v1 GRPCAction.mode",
  "core/v1 HTTPGetAction.protocol",
  "core/v1 KeyToPath.user",
  "core/v1 NodeAllocatableResourceClaimStatus.mapping",
  "core/v1 NodeAllocatableResourceClaimStatus.overhead",
  "core/v1 NodeSpec.podPreemptionPolicy",
  "core/v1 PersistentVolumeClaimStatus.healthStatus",
  "core/v1 PodCertificateProjection.user",
  "core/v1 PodSpec.evictionResponders",
  "core/v1 PodStatus.volumeHealth",
  "core/v1 ProjectedVolumeSource.defaultUser",
  "core/v1 SecretVolumeSource.defaultUser",
  "core/v1 ServiceAccountTokenProjection.user",
  "core/v1 VolumeMount.bindMountOptions",
  "resource/v1 Device.nodeAllocatableResources",
  "resource/v1 DeviceRequestAllocationResult.skipNodeOperations",
  "resource/v1 ResourceSliceSpec.partitionTypeAttribute",
  "resource/v1 ResourceSliceSpec.skipNodeOperations",
  "storage/v1 CSINode.status",
  "storage/v1beta1 CSINode.status",
]);
const newerTypes = new Set([
  "authentication/v1 AttestationValue",
  "batch/v1 JobSchedulingConfiguration",
  "certificates/v1 ClusterTrustBundle",
  "certificates/v1 ClusterTrustBundleList",
  "certificates/v1 ClusterTrustBundleSpec",
  "certificates/v1 PodCertificateRequest",
  "certificates/v1 PodCertificateRequestList",
  "certificates/v1 PodCertificateRequestSpec",
  "certificates/v1 PodCertificateRequestStatus",
  "core/v1 EvictionResponder",
  "core/v1 GRPCProbeMode",
  "core/v1 HTTPProtocol",
  "core/v1 NodeAllocatableMappedResources",
  "core/v1 NodeAllocatableOverheadResources",
  "core/v1 NodePodPreemptionPolicy",
  "core/v1 PodVolumeHealth",
  "core/v1 VolumeHealthCondition",
  "core/v1 VolumeHealthStatus",
  "core/v1 VolumeHealthStatusType",
  "resource/v1 DeviceTaintRule",
  "resource/v1 DeviceTaintRuleList",
  "resource/v1 DeviceTaintRuleSpec",
  "resource/v1 DeviceTaintRuleStatus",
  "resource/v1 DeviceTaintSelector",
  "resource/v1 NodeAllocatableMapping",
  "resource/v1 NodeAllocatableOverhead",
  "resource/v1 NodeAllocatableResource",
  "resource/v1 SkipNodeOperation",
  "storage/v1 CSINodeStatus",
  "storage/v1 StorageHealth",
  "storage/v1 StorageHealthCondition",
  "storage/v1 StorageHealthStatusType",
  "storage/v1beta1 CSINodeStatus",
  "storage/v1beta1 StorageHealth",
  "storage/v1beta1 StorageHealthCondition",
  "storage/v1beta1 StorageHealthStatusType",
]);
/** The kinds, with their parts, that legacy versions are served for where not for all; the others are young betas. */
const legacyKinds: Readonly<Record<string, RegExp>> = {
  "admissionregistration/v1beta1": /Webhook/,
  "certificates/v1beta1": /^CertificateSigningRequest|^KeyUsage$|^RequestConditionType$/,
  "coordination/v1beta1": /^Lease(List|Spec)?$/,
  "scheduling/v1beta1": /^PriorityClass/,
};
/** Fields of v1.36 that the checklist, which is newer, has no more. */
const goneFields = new Set([
  "core/v1 NodeAllocatableResourceClaimStatus.resources",
  "resource/v1 Device.nodeAllocatableResourceMappings",
]);
/** Fields whose list type and patch strategy v1.37 changed. */
const changedFields = new Set(["core/v1 PodStatus.nodeAllocatableResourceClaimStatuses"]);
/** Values that v1.37 added to closed sets. */
const newerValues = new Set(["apps/v1 StatefulSetUpdateStrategyType Recreate"]);
/** Go types that have no JSON object of their own, or are scalars in our type tables. */
const notObjects = new Set(
  "Time MicroTime Duration FieldsV1 FieldsV1Reader InternalEvent List Verbs Common ListInterface ListMetaAccessor Object ObjectMetaAccessor ShardedListInterface Type Timestamp NanoTime Patch JSON JSONSchemaPropsOrArray JSONSchemaPropsOrBool JSONSchemaPropsOrStringArray".split(
    " ",
  ),
);

suite("the interfaces have every type and field of v1.36", { skip: !existsSync(facts) && "no checklist" }, () => {
  const all = existsSync(facts) ? (JSON.parse(readFileSync(facts, "utf8")) as Record<string, FactTypes>) : {};
  for (const { directory } of [...groupVersionSources, ...legacyGroupVersionSources]) {
    test(directory, () => {
      const types = all[directory] ?? {};
      const table = typeTables[directory] ?? legacyTypeTables[directory];
      assert.ok(table);
      const wanted = Object.entries(types).filter(([name, type]) => isWanted(directory, name, type));
      const problems = wanted.flatMap(([name, type]) => compareType(directory, name, type, types, all, table));
      assert.deepEqual(problems, []);
    });
  }
});

function isWanted(directory: string, name: string, type: FactType): boolean {
  if (name.includes(".") || notObjects.has(name) || newerTypes.has(`${directory} ${name}`)) return false;
  if (legacyKinds[directory]?.test(name) === false) return false;
  return type.alias === undefined || type.alias === "string";
}

function compareType(
  directory: string,
  name: string,
  type: FactType,
  types: FactTypes,
  all: Record<string, FactTypes>,
  table: TypeTable,
): string[] {
  const at = `${directory} ${name}`;
  if (type.alias !== undefined) return compareAlias(at, type, table.aliases[name]);
  const object = table.objects[name];
  if (!object) return [`${at}: missing`];
  const problems: string[] = [];
  // The checklist does not know that this one is a kind.
  const isKind = type.kind === true || at === "certificates/v1beta1 CertificateSigningRequestList";
  if ((object.kind ?? false) !== isKind) problems.push(`${at}: kind`);
  const isAtomic = type.markers?.includes("structType=atomic") ?? false;
  if ((object.atomic ?? false) !== isAtomic) problems.push(`${at}: atomic`);
  const wanted = flatten(type, types, all);
  for (const [field, fact] of wanted) {
    if (newerFields.has(`${at}.${field}`) || changedFields.has(`${at}.${field}`)) continue;
    const entry = object.fields[field];
    problems.push(...(entry ? compareField(`${at}.${field}`, fact, entry) : [`${at}.${field}: missing`]));
  }
  for (const field of Object.keys(object.fields)) {
    if (!wanted.has(field) && !goneFields.has(`${at}.${field}`)) problems.push(`${at}.${field}: unknown`);
  }
  return problems;
}

function compareAlias(at: string, fact: FactType, entry: AliasEntry | undefined): string[] {
  if (!entry) return [`${at}: missing`];
  const wanted = fact.markers?.includes("enum")
    ? (fact.values ?? [])
        .filter((value) => !newerValues.has(`${at} ${value}`))
        .toSorted()
        .join()
    : "";
  const actual = (entry.enum ?? []).join();
  // The checklist does not know the values of this one.
  if (at.startsWith("discovery/") && at.endsWith(" AddressType")) return [];
  return wanted === actual ? [] : [`${at}: values ${actual}, not ${wanted}`];
}

function flatten(type: FactType, types: FactTypes, all: Record<string, FactTypes>): Map<string, FactField> {
  const fields = new Map<string, FactField>();
  for (const field of type.fields ?? []) {
    if (!field.inline) {
      if (field.json !== "") fields.set(field.json, field);
      continue;
    }
    const [name = "", owner] = field.type.replace("*", "").split(".").toReversed();
    const inner = owner === undefined ? types[name] : (all["meta/v1"]?.[name] ?? all["core/v1"]?.[name]);
    for (const [key, value] of flatten(inner ?? {}, types, all)) fields.set(key, value);
  }
  return fields;
}

function compareField(at: string, fact: FactField, entry: FieldEntry): string[] {
  const markers = (key: string) =>
    (fact.markers ?? []).filter((marker) => marker.startsWith(`${key}=`)).map((marker) => marker.slice(key.length + 1));
  const problems: string[] = [];
  const compare = (what: string, wanted: unknown, actual: unknown) => {
    if (String(wanted ?? "") !== String(actual ?? ""))
      problems.push(`${at}: ${what} ${String(actual)}, not ${String(wanted)}`);
  };
  compare("proto", fact.proto, entry.proto);
  compare("list type", markers("listType")[0], entry.listType);
  compare("list map keys", markers("listMapKey").join(","), entry.listMapKeys?.join(","));
  compare("map type", markers("mapType")[0] ?? markers("structType")[0], entry.mapType);
  const [fallback] = markers("default");
  if (fallback?.startsWith("ref(") !== true) {
    compare("default", fallback, entry.default === undefined ? undefined : JSON.stringify(entry.default));
  }
  compare("patch strategy", fact.patchStrategy, entry.patchStrategy?.join(","));
  compare("patch merge key", fact.patchMergeKey, entry.patchMergeKey);
  const scalar = scalarOf(fact.type);
  if (scalar !== undefined) compare("type", scalar, entry.type);
  return problems;
}

/** The scalar of our type tables for a Go type, undefined where it is not one. */
function scalarOf(goType: string): string | undefined {
  const prefix = goType.startsWith("[]") && goType !== "[]byte" ? "[]" : "";
  const name = goType.replace(/^\[\]/, (match) => (prefix === "" ? match : "")).replace("*", "");
  const scalar = scalars[name];
  return scalar === undefined ? undefined : prefix + scalar;
}

const scalars: Readonly<Record<string, string>> = {
  string: "string",
  bool: "bool",
  int32: "int32",
  int64: "int64",
  float64: "float64",
  "[]byte": "bytes",
  "resource.Quantity": "quantity",
  "metav1.Time": "time",
  "metav1.MicroTime": "microTime",
  "intstr.IntOrString": "intOrString",
  "runtime.RawExtension": "raw",
  "types.UID": "uid",
};
