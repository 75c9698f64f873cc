import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { type ServedGroup, servedGroups } from "../aggregation/group-order.ts";
import { aggregatedDocument } from "../endpoints/aggregated-discovery.ts";
import type { AggregatedDocument, AggregatedVersion, RemoteResources } from "../endpoints/aggregated-discovery.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import { groupVersionPath } from "../endpoints/group-version.ts";
import { groupDocument, groupListDocument, groupVersions, resourceListDocument } from "../endpoints/discovery.ts";

/** The discovery documents of one catalog; each is made when it is first asked for. */
export class DiscoveryDocuments {
  readonly #catalog: Catalog;
  readonly #groups: readonly ServedGroup[];
  readonly #remote: RemoteResources;
  readonly #makers: ReadonlyMap<string, () => object>;
  readonly #legacy = new Map<string, object>();
  readonly #aggregated = new Map<string, AggregatedDocument>();

  /** `services` say in which order groups come, and which are served behind this server; `remote` with what. */
  constructor(catalog: Catalog, services: readonly APIService[], remote: RemoteResources) {
    this.#catalog = catalog;
    this.#remote = remote;
    const groups = servedGroups(groupVersions(catalog), services);
    this.#groups = groups;
    const makers = new Map<string, () => object>([["/apis", () => groupListDocument(groups)]]);
    for (const group of groups) makers.set(`/apis/${group.group}`, () => groupDocument(group));
    const behind = new Set(
      groups.flatMap(({ versions }) => versions.filter(({ service }) => service).map(groupVersionPath)),
    );
    for (const name of groupVersions(catalog)) {
      const path = groupVersionPath(name);
      if (!behind.has(path)) makers.set(path, () => resourceListDocument(catalog, name));
    }
    this.#makers = makers;
  }

  /** The paths below `/api` and `/apis` that have a document. */
  get paths(): readonly string[] {
    const remote = this.#groups.flatMap(({ versions }) => versions.filter(({ service }) => service));
    return [...this.#makers.keys(), ...remote.map(groupVersionPath)];
  }

  /** The legacy document at a path; undefined where there is none. */
  legacy(path: string): object | undefined {
    const known = this.#legacy.get(path);
    if (known) return known;
    const document = this.#makers.get(path)?.();
    if (document) this.#legacy.set(path, document);
    return document;
  }

  aggregated(root: "api" | "apis", version: AggregatedVersion): AggregatedDocument {
    const key = `${root} ${version}`;
    const document = this.#aggregated.get(key) ?? this.#make(root, version);
    this.#aggregated.set(key, document);
    return document;
  }

  #make(root: "api" | "apis", version: AggregatedVersion): AggregatedDocument {
    const core = { group: "", versions: groupVersions(this.#catalog).filter(({ group }) => group === "") };
    return aggregatedDocument(this.#catalog, root === "api" ? [core] : this.#groups, version, this.#remote);
  }
}
