import { ApiError } from "@kube-ts/api/status-error";
import { isRecord } from "@kube-ts/std/config-schema";
import type { Api, JsonObject } from "../session/api.ts";

/** One resource that the server has. */
export interface ApiResource {
  readonly group: string;
  readonly version: string;
  /** Lowercase plural, as in URLs. */
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
}

/** A part of a resource and the kind that it takes. */
export interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export interface Discovery {
  /** In the server's order: the core group first, each group's preferred version before its others. */
  readonly resources: readonly ApiResource[];
  /** All versions of each group in order of preference; the core group is the empty name. */
  readonly groups: readonly { readonly name: string; readonly versions: readonly string[] }[];
}

const aggregatedAccept =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

/** Asks the server what it has: two requests where it aggregates, one per group version where it does not. */
export async function discover(api: Api): Promise<Discovery> {
  const [core, groups] = await Promise.all(
    ["/api", "/apis"].map((path) =>
      api.json({ path, accept: aggregatedAccept }).catch((error: unknown) => {
        if (error instanceof ApiError && (error.code === 404 || error.code === 403)) return {};
        throw error;
      }),
    ),
  );
  const parts = [await readCore(api, core ?? {}), await readGroups(api, groups ?? {})];
  return { resources: parts.flatMap((part) => part.resources), groups: parts.flatMap((part) => part.groups) };
}

async function readCore(api: Api, document: JsonObject): Promise<Discovery> {
  if (document["kind"] === "APIGroupDiscoveryList") return readAggregated(document);
  const versions = texts(document["versions"]);
  const resources = await Promise.all(versions.map((version) => readGroupVersion(api, "", version)));
  return { resources: resources.flat(), groups: versions.length === 0 ? [] : [{ name: "", versions }] };
}

async function readGroups(api: Api, document: JsonObject): Promise<Discovery> {
  if (document["kind"] === "APIGroupDiscoveryList") return readAggregated(document);
  const groups = records(document["groups"]).map((group) => {
    const preferred = isRecord(group["preferredVersion"]) ? text(group["preferredVersion"]["version"]) : "";
    const versions = records(group["versions"]).map((version) => text(version["version"]));
    return {
      name: text(group["name"]),
      versions: [...new Set([preferred, ...versions])].filter((each) => each !== ""),
    };
  });
  const wanted = groups.flatMap(({ name, versions }) => versions.map((version) => ({ name, version })));
  const resources = await Promise.all(wanted.map(({ name, version }) => readGroupVersion(api, name, version)));
  return { resources: resources.flat(), groups };
}

function readAggregated(document: JsonObject): Discovery {
  const groups = records(document["items"]).map((item) => {
    const name = isRecord(item["metadata"]) ? text(item["metadata"]["name"]) : "";
    const versions = records(item["versions"]).filter((version) => version["freshness"] !== "Stale");
    const resources = versions.flatMap((version) =>
      records(version["resources"]).map((resource) => aggregatedResource(name, text(version["version"]), resource)),
    );
    return { name, versions: versions.map((version) => text(version["version"])), resources };
  });
  return { resources: groups.flatMap(({ resources }) => resources), groups };
}

function aggregatedResource(group: string, version: string, resource: JsonObject): ApiResource {
  const responseKind = isRecord(resource["responseKind"]) ? resource["responseKind"] : {};
  return {
    group,
    version,
    plural: text(resource["resource"]),
    singular: text(resource["singularResource"]),
    kind: text(responseKind["kind"]),
    namespaced: resource["scope"] === "Namespaced",
    shortNames: texts(resource["shortNames"]),
    categories: texts(resource["categories"]),
    verbs: texts(resource["verbs"]),
    subresources: records(resource["subresources"]).map((each) => {
      const kind = isRecord(each["responseKind"]) ? each["responseKind"] : {};
      return {
        name: text(each["subresource"]),
        group: text(kind["group"]) || group,
        version: text(kind["version"]) || version,
        kind: text(kind["kind"]),
        verbs: texts(each["verbs"]),
      };
    }),
  };
}

async function readGroupVersion(api: Api, group: string, version: string): Promise<ApiResource[]> {
  const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return resourcesOfList(await api.json({ path }).catch(() => ({})), group, version);
}

/** The resources of an `APIResourceList`. */
export function resourcesOfList(list: JsonObject, group: string, version: string): ApiResource[] {
  const entries = records(list["resources"]);
  return entries
    .filter((entry) => !text(entry["name"]).includes("/"))
    .map((entry) => ({
      group,
      version,
      plural: text(entry["name"]),
      singular: text(entry["singularName"]) || text(entry["kind"]).toLowerCase(),
      kind: text(entry["kind"]),
      namespaced: entry["namespaced"] === true,
      shortNames: texts(entry["shortNames"]),
      categories: texts(entry["categories"]),
      verbs: texts(entry["verbs"]),
      subresources: entries
        .filter((each) => text(each["name"]).startsWith(`${text(entry["name"])}/`))
        .map((each) => ({
          name: text(each["name"]).slice(text(entry["name"]).length + 1),
          group: text(each["group"]) || group,
          version: text(each["version"]) || version,
          kind: text(each["kind"]),
          verbs: texts(each["verbs"]),
        })),
    }));
}

function records(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter((each): each is JsonObject => isRecord(each)) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
