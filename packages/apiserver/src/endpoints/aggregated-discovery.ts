import { createHash } from "node:crypto";
import type { APIResource } from "@kube-ts/api/meta/v1";
import type { Catalog } from "./discovery.ts";
import { apiResources, groupVersions, namedGroups } from "./discovery.ts";

/** The whole API in one document: `GET /api` or `/apis` with `as=APIGroupDiscoveryList`. */
export interface AggregatedDocument {
  readonly bytes: Buffer;
  /** Upstream's entity tag: the SHA-512 of the document, in hexadecimal and quotes. */
  readonly etag: string;
}

/** The only version that is left of it. */
export type AggregatedVersion = "v2";

/** The content type of the document, as clients ask for it and expect it back. */
export function aggregatedContentType(version: AggregatedVersion): string {
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
}

/** Which version of the document an Accept header asks for in any of its clauses; undefined for legacy discovery. */
export function requestedAggregatedVersion(accept: string | undefined): AggregatedVersion | undefined {
  const isWanted = (accept ?? "").split(",").some((clause) => {
    const [type = "", ...rest] = clause.split(";").map((part) => part.trim());
    const wanted = new Map(rest.map((part) => part.split("=", 2) as [string, string]));
    const isJson = type === "application/json" || type === "application/*" || type === "*/*";
    const isList = wanted.get("g") === "apidiscovery.k8s.io" && wanted.get("as") === "APIGroupDiscoveryList";
    return isJson && isList && wanted.get("v") === "v2";
  });
  return isWanted ? "v2" : undefined;
}

/** Builds the document of the core group (`/api`) or of all others (`/apis`). */
export function aggregatedDocument(
  catalog: Catalog,
  root: "api" | "apis",
  version: AggregatedVersion,
): AggregatedDocument {
  const groups = root === "api" ? [""] : namedGroups(catalog);
  const items = groups.map((group) => ({
    metadata: group === "" ? {} : { name: group },
    versions: groupVersions(catalog)
      .filter((candidate) => candidate.group === group)
      .map((candidate) => ({
        version: candidate.version,
        resources: discoveryResources(apiResources(catalog, candidate), candidate),
        freshness: "Current",
      })),
  }));
  const document = { kind: "APIGroupDiscoveryList", apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
  const bytes = Buffer.from(JSON.stringify(document));
  return { bytes, etag: `"${createHash("sha512").update(bytes).digest("hex").toUpperCase()}"` };
}

interface DiscoverySubresource {
  subresource: string;
  responseKind: { group: string; version: string; kind: string };
  verbs: readonly string[];
}

function discoveryResources(list: readonly APIResource[], name: { group: string; version: string }): object[] {
  const subresources = new Map<string, DiscoverySubresource[]>();
  for (const entry of list) {
    const [plural = "", subresource] = entry.name.split("/");
    if (subresource === undefined) continue;
    const siblings = subresources.get(plural) ?? [];
    siblings.push({ subresource, responseKind: responseKind(entry, name), verbs: entry.verbs });
    subresources.set(plural, siblings);
  }
  return list
    .filter((entry) => !entry.name.includes("/"))
    .map((entry) => ({
      resource: entry.name,
      responseKind: responseKind(entry, name),
      scope: entry.namespaced ? "Namespaced" : "Cluster",
      singularResource: entry.singularName,
      verbs: entry.verbs,
      ...(entry.shortNames && { shortNames: entry.shortNames }),
      ...(entry.categories && { categories: entry.categories }),
      ...(subresources.has(entry.name) && { subresources: subresources.get(entry.name) }),
    }));
}

function responseKind(entry: APIResource, name: { group: string; version: string }) {
  return { group: entry.group ?? name.group, version: entry.version ?? name.version, kind: entry.kind };
}
