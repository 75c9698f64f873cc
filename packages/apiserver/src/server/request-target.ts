import { type Deprecation, deprecationOf } from "../endpoints/api-lifecycle.ts";
import type { IndexedCatalog, LiveCatalog } from "../endpoints/live-catalog.ts";
import type { ResourceRequest } from "../endpoints/request-info.ts";

/** What a request is about, as far as this server has it. */
export interface RequestTarget {
  readonly deprecation: Deprecation | undefined;
  /** Whether it is a subresource that takes connections instead of objects. */
  readonly isConnection: boolean;
}

/** Finds what requests are about. What clients make up is nothing, so that a metric about targets stays bounded. */
export class RequestTargets {
  readonly #live: LiveCatalog;
  #catalog: IndexedCatalog;
  #known = new Map<string, RequestTarget>();

  constructor(live: LiveCatalog) {
    this.#live = live;
    this.#catalog = live.current;
  }

  find({ group, version, resource, subresource }: ResourceRequest): RequestTarget | undefined {
    const catalog = this.#live.current;
    if (catalog !== this.#catalog) {
      this.#catalog = catalog;
      this.#known = new Map();
    }
    const key = `${group}/${version}/${resource}/${subresource}`;
    const known = this.#known.get(key);
    if (known) return known;
    const found = look(catalog, group, version, resource, subresource);
    if (found) this.#known.set(key, found);
    return found;
  }
}

function look(
  catalog: IndexedCatalog,
  group: string,
  version: string,
  resource: string,
  subresource: string,
): RequestTarget | undefined {
  const served = catalog.resource(`${group}/${version}/${resource}`);
  const virtual = catalog.virtual(`${group}/${version}/${resource}`);
  if (virtual && subresource === "") return { deprecation: deprecationOf(virtual), isConnection: false };
  if (!served) return undefined;
  const { deprecation } = served;
  if (subresource === "") return { deprecation, isConnection: false };
  const { status, scale, parts } = served.registry.definition;
  const isPart =
    (subresource === "status" && status) ||
    (subresource === "scale" && scale !== undefined) ||
    (parts !== undefined && Object.hasOwn(parts, subresource));
  const special = catalog.subresource(`${group}/${resource}/${subresource}`);
  if (!isPart && !special) return undefined;
  // A part is of the resource's own kind, but for the scale.
  return {
    deprecation: isPart && subresource !== "scale" ? deprecation : undefined,
    isConnection: special?.anyMethod ?? false,
  };
}
