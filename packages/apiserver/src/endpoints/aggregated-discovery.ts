import { formatYaml } from "@kube-ts/std/yaml";
import { createHash } from "node:crypto";
import type { JsonObject } from "@kube-ts/api/json-value";
import type { APIResource } from "@kube-ts/api/meta/v1";
import { aggregatedProtobuf } from "./aggregated-protobuf.ts";
import type { APIService } from "@kube-ts/api/apiregistration/v1";
import type { ServedGroup, ServedVersion } from "../aggregation/group-order.ts";
import type { Catalog } from "./discovery.ts";
import { apiResources } from "./discovery.ts";
import { documentOffer, plainJson } from "./negotiation.ts";
import type { Encoding } from "./negotiation.ts";

/** The whole API in one document: `GET /api` or `/apis` with `as=APIGroupDiscoveryList`. */
export interface AggregatedDocument {
  readonly bytes: Buffer;
  /** Upstream's entity tag: the SHA-512 of the document, in hexadecimal and quotes. */
  readonly etag: string;
}

/** The only version that is left of it. */
export type AggregatedVersion = "v2";

/** How a client wants the document. */
export interface AggregatedForm {
  readonly version: AggregatedVersion;
  readonly encoding: Encoding;
  /** As clients ask for it and expect it back. */
  readonly contentType: string;
}

/** The form of the document that any clause of an Accept header asks for; undefined for legacy discovery. */
export function requestedAggregatedForm(accept: string | undefined): AggregatedForm | undefined {
  for (const clause of (accept ?? "").split(",")) {
    const [type = "", ...rest] = clause.split(";").map((part) => part.trim());
    const wanted = new Map(rest.map((part) => part.split("=", 2) as [string, string]));
    const encoding = encodings[type];
    const isList = wanted.get("g") === "apidiscovery.k8s.io" && wanted.get("as") === "APIGroupDiscoveryList";
    if (!encoding || !isList || wanted.get("v") !== "v2") continue;
    const { contentType } = documentOffer.accept(type) ?? plainJson;
    const parameters = "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    return { version: "v2", encoding, contentType: `${contentType};${parameters}` };
  }
  return undefined;
}

const encodings: Readonly<Record<string, Encoding>> = {
  "application/json": "json",
  "application/*": "json",
  "*/*": "json",
  "application/yaml": "yaml",
  "application/vnd.kubernetes.protobuf": "protobuf",
};

/** The document's bytes in an encoding. Only JSON is kept: clients ask for nothing else. */
export function aggregatedBytes({ bytes }: AggregatedDocument, encoding: Encoding): Buffer {
  if (encoding === "json") return bytes;
  const document = JSON.parse(bytes.toString()) as JsonObject;
  return encoding === "yaml" ? Buffer.from(formatYaml(document)) : aggregatedProtobuf(document);
}

/** What the server behind a version offers. */
export type RemoteResources = (service: APIService) => {
  readonly resources: readonly unknown[];
  readonly stale: boolean;
};

/** Builds the document of some groups, in their order. */
export function aggregatedDocument(
  catalog: Catalog,
  groups: readonly ServedGroup[],
  version: AggregatedVersion,
  remote: RemoteResources,
): AggregatedDocument {
  const items = groups.map(({ group, versions }) => ({
    metadata: group === "" ? {} : { name: group },
    versions: versions.map((candidate) => versionEntry(catalog, candidate, remote)),
  }));
  const document = { kind: "APIGroupDiscoveryList", apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
  const bytes = Buffer.from(JSON.stringify(document));
  return { bytes, etag: `"${createHash("sha512").update(bytes).digest("hex").toUpperCase()}"` };
}

function versionEntry(catalog: Catalog, served: ServedVersion, remote: RemoteResources): object {
  const { version, service } = served;
  if (!service) {
    const resources = discoveryResources(apiResources(catalog, served), served);
    return { version, resources, freshness: "Current" };
  }
  const { resources, stale } = remote(service);
  return { version, ...(resources.length > 0 && { resources }), freshness: stale ? "Stale" : "Current" };
}

interface DiscoverySubresource {
  subresource: string;
  responseKind: { group: string; version: string; kind: string };
  verbs: readonly string[];
}

/** The resources of a version as the document lists them, from how legacy discovery does. */
export function discoveryResources(list: readonly APIResource[], name: { group: string; version: string }): object[] {
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
