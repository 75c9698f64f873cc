import { isRecord } from "@kube-ts/std/config-schema";
import { cloneJson } from "@kube-ts/api/json-value";
import { CommandError } from "../command-line/command-error.ts";
import { isClusterScoped } from "./cluster-scoped.ts";
import { addEntries, changeField, type FieldSpec } from "./field-path.ts";
import {
  annotations,
  metadataLabels,
  namespaces,
  replicas,
  selectorLabels,
  templateLabels,
  unprefixed,
} from "./field-specs.ts";
import { changeImages } from "./change-images.ts";
import type { Kustomization, LabelChange } from "./kustomization.ts";
import { idText, type KustomizeResource, type ResourceSet, sameId, selectsKind } from "./kustomize-resource.ts";

/** Carries out what a kustomization says about all of its resources, patches aside, up to the labels and annotations. */
export function changeMetadata(set: ResourceSet, kustomization: Kustomization): void {
  const { namespace = "", namePrefix = "", nameSuffix = "" } = kustomization;
  // What is written in place below must belong to one resource only.
  for (const resource of set.resources) resource.object = cloneJson(resource.object);
  if (namespace !== "") setNamespace(set, namespace);
  for (const resource of set.resources) addAffixes(resource, namePrefix, nameSuffix);
  for (const change of kustomization.labels ?? []) addLabels(set.resources, change.pairs, labelSpecs(change));
  addLabels(set.resources, kustomization.commonLabels, selectorLabels);
  addLabels(set.resources, kustomization.commonAnnotations, annotations);
}

/** Carries out what comes after the patches: numbers of replicas and images. Throws a CommandError. */
export function changeWorkloads(set: ResourceSet, kustomization: Kustomization): void {
  for (const { name, count } of kustomization.replicas ?? []) setReplicas(set.resources, name, count);
  changeImages(set.resources, kustomization.images ?? []);
}

function labelSpecs({ includeSelectors, includeTemplates, fields = [] }: LabelChange): readonly FieldSpec[] {
  if (includeSelectors) return [...fields, ...selectorLabels];
  return [...fields, ...metadataLabels, ...(includeTemplates ? templateLabels : [])];
}

function addLabels(
  resources: readonly KustomizeResource[],
  pairs: Readonly<Record<string, string>> | undefined,
  specs: readonly FieldSpec[],
): void {
  if (!pairs || Object.keys(pairs).length === 0) return;
  for (const { object, id } of resources) for (const spec of specs) addEntries(object, id, spec, pairs);
}

function setNamespace(set: ResourceSet, namespace: string): void {
  for (const resource of set.resources) {
    resource.rememberId();
    const { id } = resource;
    if (!isClusterScoped(id)) resource.setMetadata("namespace", namespace);
    for (const spec of namespaces) changeField(resource.object, id, spec, () => namespace);
    if (id.kind === "RoleBinding" || id.kind === "ClusterRoleBinding") {
      changeField(resource.object, id, { path: "subjects" }, (subjects) => inNamespace(subjects, namespace));
    }
    const twin = set.resources.find((each) => each !== resource && sameId(each.id, resource.id));
    if (twin) {
      throw new CommandError(
        `namespace transformation produces ID conflict: ${JSON.stringify([idText(twin.id), idText(resource.id)])}`,
      );
    }
  }
}

/** Only the default account is certain to be the one of this namespace; others follow their own names. */
function inNamespace(subjects: unknown, namespace: string): unknown {
  if (!Array.isArray(subjects)) return subjects;
  return subjects.map((subject: unknown) =>
    isRecord(subject) && subject["kind"] === "ServiceAccount" && subject["name"] === "default"
      ? { ...subject, namespace }
      : subject,
  );
}

function addAffixes(resource: KustomizeResource, prefix: string, suffix: string): void {
  if (unprefixed.some((kind) => selectsKind(kind, resource.id))) return;
  if (prefix !== "") {
    resource.rememberId();
    resource.prefixes.push(prefix);
    resource.setMetadata("name", prefix + resource.id.name);
  }
  if (suffix !== "") {
    resource.rememberId();
    resource.suffixes.push(suffix);
    resource.setMetadata("name", resource.id.name + suffix);
  }
}

function setReplicas(resources: readonly KustomizeResource[], name: string, count: number): void {
  const named = resources.filter(({ allIds }) => allIds.some((id) => id.name === name));
  const found = named.filter(({ id }) => replicas.some((spec) => selectsKind(spec, id)));
  if (found.length === 0) {
    const kinds = replicas.map(({ kind = "" }) => `${kind}.[noVer].[noGrp]`).join(" ");
    throw new CommandError(`resource with name ${name} does not match a config with the following GVK [${kinds}]`);
  }
  for (const { object, id } of found) for (const spec of replicas) changeField(object, id, spec, () => count);
}
