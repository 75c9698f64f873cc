import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { apiVersionOf, defineResourceType } from "@kube-ts/api/resource-type";
import type { Client } from "@kube-ts/client/client";
import { isRecord } from "@kube-ts/std/config-schema";

/** A resource that the server offers, in the version that it prefers. */
export interface DiscoveredResource {
  readonly type: ResourceType<KubeObject>;
  readonly verbs: ReadonlySet<string>;
}

export interface Discovery {
  readonly resources: readonly DiscoveredResource[];
  /** Group versions that could not be asked, with the reason. Their resources are unknown, not gone. */
  readonly failures: ReadonlyMap<string, string>;
}

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
const timeoutMs = 30_000;

/** Asks the server for its resources. Rejects when it cannot be asked at all. */
export async function discover(client: Client, signal: AbortSignal): Promise<Discovery> {
  const resources = new Map<string, DiscoveredResource>();
  const failures = new Map<string, string>();
  const found = { resources, failures };
  for (const path of ["/api", "/apis"]) {
    const document = await getJson(client, path, signal);
    if (document["kind"] === "APIGroupDiscoveryList") readAggregated(document, found);
    else await readLegacy(client, path, document, found, signal);
  }
  return { resources: [...resources.values()], failures };
}

interface Found {
  readonly resources: Map<string, DiscoveredResource>;
  readonly failures: Map<string, string>;
}

function readAggregated(document: Json, found: Found): void {
  for (const group of records(document["items"])) {
    const groupName = isRecord(group["metadata"]) ? text(group["metadata"]["name"]) : "";
    for (const version of records(group["versions"])) {
      const versionName = text(version["version"]);
      if (text(version["freshness"]) === "Stale") {
        found.failures.set(apiVersionOf({ group: groupName, version: versionName }), "stale GroupVersion discovery");
        continue;
      }
      for (const resource of records(version["resources"])) {
        const kind = isRecord(resource["responseKind"]) ? text(resource["responseKind"]["kind"]) : "";
        const namespaced = resource["scope"] === "Namespaced";
        add(found, groupName, versionName, text(resource["resource"]), kind, namespaced, resource["verbs"]);
      }
    }
  }
}

/** Servers without the aggregated document are asked group by group. */
async function readLegacy(
  client: Client,
  path: string,
  document: Json,
  found: Found,
  signal: AbortSignal,
): Promise<void> {
  const groupVersions =
    path === "/api"
      ? texts(document["versions"])
      : records(document["groups"]).flatMap((group) => {
          const preferred = isRecord(group["preferredVersion"]) ? text(group["preferredVersion"]["groupVersion"]) : "";
          const all = records(group["versions"]).map((version) => text(version["groupVersion"]));
          return [preferred, ...all.filter((name) => name !== preferred)].filter((name) => name !== "");
        });
  for (const groupVersion of groupVersions) {
    const [version = "", group = ""] = groupVersion.split("/").toReversed();
    try {
      const list = await getJson(client, `${path}/${groupVersion}`, signal);
      for (const resource of records(list["resources"])) {
        const { name, kind, namespaced, verbs } = resource;
        if (!text(name).includes("/")) add(found, group, version, text(name), text(kind), namespaced === true, verbs);
      }
    } catch (error) {
      signal.throwIfAborted();
      found.failures.set(groupVersion, error instanceof Error ? error.message : String(error));
    }
  }
}

/** The first version that has the resource is the preferred one. */
function add(
  { resources }: Found,
  group: string,
  version: string,
  plural: string,
  kind: string,
  namespaced: boolean,
  verbs: unknown,
): void {
  const key = `${plural}.${group}`;
  if (plural === "" || kind === "" || resources.has(key)) return;
  const type = defineResourceType(group, version, plural, kind, namespaced ? "Namespaced" : "Cluster");
  resources.set(key, { type, verbs: new Set(texts(verbs)) });
}

type Json = Readonly<Record<string, unknown>>;

async function getJson(client: Client, path: string, signal: AbortSignal): Promise<Json> {
  const response = await client.raw({ method: "GET", path, headers: { accept: aggregated }, timeoutMs, signal });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`discovery of ${path} failed with status ${response.status}`);
  const parsed: unknown = JSON.parse(body);
  if (!isRecord(parsed)) throw new Error(`discovery of ${path} gave no object`);
  return parsed;
}

function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((item) => isRecord(item)) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
