import type { Catalog } from "./discovery.ts";
import type { ServedResource } from "./served-resource.ts";
import type { Subresource, VirtualResource } from "./subresource.ts";

/** What is served now: a whole catalog at a time. Requests take the value that is there when they begin. */
export class LiveCatalog {
  #current: IndexedCatalog;

  constructor(catalog: Catalog) {
    this.#current = new IndexedCatalog(catalog);
  }

  get current(): IndexedCatalog {
    return this.#current;
  }

  /** From now on this is served. Resources that stay should stay the same objects: what is derived from them is kept. */
  replace(catalog: Catalog): void {
    this.#current = new IndexedCatalog(catalog);
  }
}

/** A catalog, looked up by what a request names. Immutable. */
export class IndexedCatalog {
  readonly catalog: Catalog;
  readonly #resources: ReadonlyMap<string, ServedResource>;
  readonly #virtuals: ReadonlyMap<string, VirtualResource>;
  readonly #subresources: ReadonlyMap<string, Subresource>;

  constructor(catalog: Catalog) {
    this.catalog = catalog;
    this.#resources = new Map(catalog.resources.map((resource) => [keyOf(resource.type), resource]));
    this.#virtuals = new Map(catalog.virtuals.map((virtual) => [keyOf(virtual), virtual]));
    this.#subresources = new Map(catalog.subresources.map((entry) => [`${entry.group}/${entry.path}`, entry]));
  }

  /** By `group/version/plural`. */
  resource(key: string): ServedResource | undefined {
    return this.#resources.get(key);
  }

  /** By `group/version/plural`. */
  virtual(key: string): VirtualResource | undefined {
    return this.#virtuals.get(key);
  }

  /** By `group/plural/subresource`. */
  subresource(key: string): Subresource | undefined {
    return this.#subresources.get(key);
  }
}

function keyOf({ group, version, plural }: { group: string; version: string; plural: string }): string {
  return `${group}/${version}/${plural}`;
}
