import { createHash } from "node:crypto";
import type { APIGroup, APIResource, APIResourceList } from "@kube-ts/api/meta/v1";
import type { ServedGroup } from "../aggregation/group-order.ts";
import type { GroupVersionName } from "./group-version.ts";
import type { ServedResource } from "./served-resource.ts";
import type { Subresource, VirtualResource } from "./subresource.ts";

/** Everything the server offers, from which discovery documents are derived. */
export interface Catalog {
  readonly resources: readonly ServedResource[];
  readonly subresources: readonly Subresource[];
  readonly virtuals: readonly VirtualResource[];
}

/** The verbs of an ordinary stored resource, in upstream's order. */
export const storedVerbs: readonly string[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** What resources that are not stored serve unless they say more. */
export const createOnly: readonly string[] = ["create"];

/** The group-versions of the catalog, each once. */
export function groupVersions({ resources, virtuals }: Catalog): GroupVersionName[] {
  const seen = new Map<string, GroupVersionName>();
  for (const { group, version } of [...resources.map((resource) => resource.type), ...virtuals]) {
    seen.set(`${group}/${version}`, { group, version });
  }
  return [...seen.values()];
}

/** The API resources of one group-version, ordered by name. */
export function apiResources(catalog: Catalog, { group, version }: GroupVersionName): APIResource[] {
  const list: APIResource[] = [];
  for (const resource of catalog.resources) {
    if (resource.type.group === group && resource.type.version === version) list.push(...entriesOf(resource, catalog));
  }
  for (const virtual of catalog.virtuals) {
    if (virtual.group !== group || virtual.version !== version) continue;
    const { plural, singular, kind, namespaced, verbs = createOnly, shortNames } = virtual;
    const names = shortNames && { shortNames: [...shortNames] };
    list.push({ name: plural, singularName: singular, namespaced, kind, verbs: [...verbs], ...names });
  }
  return list.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function entriesOf(resource: ServedResource, catalog: Catalog): APIResource[] {
  return [objectEntry(resource), ...partEntries(resource), ...subresourceEntries(resource, catalog)];
}

function objectEntry({ registry: { definition }, type }: ServedResource): APIResource {
  const { group, version, kind } = definition.type;
  return {
    name: type.plural,
    singularName: definition.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: [...(definition.shownVerbs ?? definition.verbs ?? storedVerbs)],
    ...(definition.shortNames && { shortNames: [...definition.shortNames] }),
    ...(definition.categories && { categories: [...definition.categories] }),
    storageVersionHash: storageVersionHash(group, definition.storageVersion ?? version, kind),
  };
}

/** The parts of the object that are written by themselves. */
function partEntries({ registry: { definition }, type, scaleVersion }: ServedResource): APIResource[] {
  const part = (name: string, kind: string, extra: Partial<APIResource> = {}): APIResource => ({
    name: `${type.plural}/${name}`,
    singularName: "",
    namespaced: type.namespaced,
    ...extra,
    kind,
    verbs: ["get", "patch", "update"],
  });
  const entries = definition.status ? [part("status", type.kind)] : [];
  if (definition.scale) {
    const { group, version, kind } = scaleVersion?.type ?? { group: "autoscaling", version: "v1", kind: "Scale" };
    entries.push(part("scale", kind, { group, version }));
  }
  for (const name of Object.keys(definition.parts ?? {})) {
    const entry = part(name, type.kind);
    entries.push(name === "finalize" ? { ...entry, verbs: ["update"] } : entry);
  }
  return entries;
}

/** The subresources that have protocols of their own. */
function subresourceEntries({ type }: ServedResource, { subresources }: Catalog): APIResource[] {
  return subresources
    .filter(({ group, path }) => group === type.group && path.split("/")[0] === type.plural)
    .filter(({ versions }) => versions?.includes(type.version) !== false)
    .map(({ path, kind, kindGroup, kindVersion = "v1", verbs }) => ({
      name: path,
      singularName: "",
      namespaced: type.namespaced,
      ...(kindGroup && { group: kindGroup, version: kindVersion }),
      kind,
      verbs: [...verbs],
    }));
}

/** Upstream's short hash of the version an object is stored in. */
function storageVersionHash(group: string, version: string, kind: string): string {
  const digest = createHash("sha256").update(`${group}/${version}/${kind}`).digest();
  return digest.subarray(0, 8).toString("base64");
}

/** `GET /api/v1`, `GET /apis/GROUP/VERSION`. */
export function resourceListDocument(catalog: Catalog, name: GroupVersionName): APIResourceList {
  return {
    kind: "APIResourceList",
    ...(name.group !== "" && { apiVersion: "v1" }),
    groupVersion: name.group === "" ? name.version : `${name.group}/${name.version}`,
    resources: apiResources(catalog, name),
  };
}

/** `GET /apis/GROUP`. */
export function groupDocument({ group, versions: served }: ServedGroup): APIGroup & { kind: string } {
  const versions = served.map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
  const preferredVersion = versions[0] ?? { groupVersion: "", version: "" };
  return { kind: "APIGroup", apiVersion: "v1", name: group, versions, preferredVersion };
}

/** `GET /apis`. */
export function groupListDocument(served: readonly ServedGroup[]): object {
  const groups = served.map((group) => {
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = groupDocument(group);
    return rest;
  });
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

/** `GET /api`. */
export function coreVersionsDocument(serverAddress: string): object {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}
