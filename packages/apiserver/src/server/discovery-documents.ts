import { aggregatedDocument } from "../endpoints/aggregated-discovery.ts";
import type { AggregatedDocument, AggregatedVersion } from "../endpoints/aggregated-discovery.ts";
import type { Catalog } from "../endpoints/discovery.ts";
import {
  groupDocument,
  groupListDocument,
  groupVersions,
  namedGroups,
  resourceListDocument,
} from "../endpoints/discovery.ts";

/** The discovery documents of one catalog; each is made when it is first asked for. */
export class DiscoveryDocuments {
  readonly #catalog: Catalog;
  readonly #makers: ReadonlyMap<string, () => object>;
  readonly #legacy = new Map<string, object>();
  readonly #aggregated = new Map<string, AggregatedDocument>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    const makers = new Map<string, () => object>([["/apis", () => groupListDocument(catalog)]]);
    for (const group of namedGroups(catalog)) makers.set(`/apis/${group}`, () => groupDocument(catalog, group) ?? {});
    for (const name of groupVersions(catalog)) {
      const path = name.group === "" ? `/api/${name.version}` : `/apis/${name.group}/${name.version}`;
      makers.set(path, () => resourceListDocument(catalog, name));
    }
    this.#makers = makers;
  }

  /** The paths below `/api` and `/apis` that have a document. */
  get paths(): readonly string[] {
    return [...this.#makers.keys()];
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
    const document = this.#aggregated.get(key) ?? aggregatedDocument(this.#catalog, root, version);
    this.#aggregated.set(key, document);
    return document;
  }
}
