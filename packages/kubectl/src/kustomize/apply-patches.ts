import { ApiError } from "@kube-ts/api/status-error";
import { applyJsonPatch } from "@kube-ts/api/patch/json-patch";
import { parseYamlDocuments } from "@kube-ts/std/yaml";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { JsonObject } from "../session/api.ts";
import type { Patch } from "./kustomization.ts";
import { idText, KustomizeResource, type ResourceSet, resourceOf, selectsKind } from "./kustomize-resource.ts";
import { mergeResource } from "./merge-resource.ts";
import { selectResources } from "./select-resources.ts";

/** A patch whose text has been read. */
export interface LoadedPatch extends Patch {
  readonly text: string;
  /** What to call it in messages. */
  readonly label: string;
}

type Contents =
  | { readonly kind: "operations"; readonly operations: readonly unknown[] }
  | { readonly kind: "merge"; readonly patches: readonly KustomizeResource[] };

/** Changes the resources that a patch is for. Throws a CommandError. */
export function applyPatch(set: ResourceSet, patch: LoadedPatch): void {
  const contents = readPatch(patch);
  const { target } = patch;
  if (contents.kind === "operations") {
    if (!target) throw new CommandError(`must specify a target for JSON patch ${patch.label}`);
    for (const resource of selectResources(set.resources, target)) {
      changeObject(resource, patch, operationsOn(resource, contents.operations, patch));
    }
    return;
  }
  if (target && contents.patches.length > 1) {
    throw new CommandError(
      "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: " +
        patch.label,
    );
  }
  for (const each of contents.patches) {
    if (!target) mergeInto(set, demand(set, each), patch, each);
    else for (const resource of selectResources(set.resources, target)) mergeInto(set, resource, patch, each);
  }
}

function demand(set: ResourceSet, patch: KustomizeResource): KustomizeResource {
  try {
    return set.demand(patch.originalId);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `no resource matches strategic merge patch ${JSON.stringify(idText(patch.originalId))}: ${reason}`,
      { cause: error },
    );
  }
}

function readPatch(patch: LoadedPatch): Contents {
  const documents = parsePatch(patch).filter((each) => each !== null && each !== undefined);
  const [first] = documents;
  if (documents.length === 1 && Array.isArray(first)) {
    if (first.length === 0) throw new CommandError(`empty json patch operations: ${patch.label}`);
    return { kind: "operations", operations: first };
  }
  if (documents.length === 0) throw new CommandError("patch appears to be empty; files=[], patch: " + patch.label);
  const patches = documents.map((document) => {
    if (!isRecord(document)) throw unreadable(patch);
    if (patch.target) return new KustomizeResource(document);
    return resourceOf(document);
  });
  return { kind: "merge", patches };
}

function parsePatch(patch: LoadedPatch): unknown[] {
  try {
    return parseYamlDocuments(patch.text, { wordsAreText: true });
  } catch (error) {
    throw unreadable(patch, error);
  }
}

function unreadable({ label }: LoadedPatch, cause?: unknown): CommandError {
  return new CommandError(`unable to parse SM or JSON patch from ${label}`, { cause });
}

function operationsOn({ object }: KustomizeResource, operations: readonly unknown[], patch: LoadedPatch): JsonObject {
  try {
    return applyJsonPatch(object, operations);
  } catch (error) {
    const cause = error instanceof ApiError && error.cause instanceof Error ? error.cause : undefined;
    const reason = cause?.message ?? (error instanceof Error ? error.message : String(error));
    throw new CommandError(`${patch.label}: ${reason}`, { cause: error });
  }
}

function mergeInto(set: ResourceSet, resource: KustomizeResource, patch: LoadedPatch, by: KustomizeResource): void {
  const merged = mergeResource(resource.object, by.object, resource.id);
  if (merged === undefined) return set.remove(resource);
  changeObject(resource, patch, merged);
}

/** Puts a patched object in place; what it is and how it is called stays unless the patch's options let that change. */
function changeObject(resource: KustomizeResource, patch: LoadedPatch, object: JsonObject): void {
  const before = resource.id;
  const keepKind = patch.options?.allowKindChange !== true;
  const keepName = patch.options?.allowNameChange !== true;
  const changed = new KustomizeResource(object);
  const after = changed.id;
  const metadata = changed.metadata;
  const operations = patch.target === undefined || !patch.text.trimStart().startsWith("-");
  if (operations && (keepKind || keepName)) {
    resource.object = {
      ...object,
      ...(keepKind && { kind: before.kind, apiVersion: resource.object["apiVersion"] }),
      metadata: {
        ...metadata,
        ...(keepName && { name: before.name }),
        ...(before.namespace !== "" && { namespace: before.namespace }),
      },
    };
    if (!keepName && after.name !== before.name) rememberAs(resource, object);
    return;
  }
  if (after.name !== before.name || !selectsKind(before, after)) rememberAs(resource, object);
  else resource.object = object;
}

function rememberAs(resource: KustomizeResource, object: JsonObject): void {
  resource.rememberId();
  resource.object = object;
}
