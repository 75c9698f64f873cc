import { isJsonObject, setOwn } from "../json-value.ts";
import { type ApplySchema, type ListSchema, type MapSchema, resolveFor } from "./apply-schema.ts";
import { TypedValueError, itemElement } from "./list-element.ts";
import { type PathElement, elementText } from "./path-element.ts";

/**
 * An object with a configuration laid over it: leaves come from the configuration where it has them, nothing is
 * removed. Elements stand in the configuration's order where it names them, and others stay next to the element that
 * they followed. Parts that are not merged are shared with the arguments. Throws `TypedValueError`.
 */
export function mergeTyped(schema: ApplySchema, live: unknown, config: unknown): unknown {
  if (config === undefined) return live;
  if (live === undefined) return config;
  const resolved = resolveFor(schema, config === null ? live : config);
  switch (resolved.kind) {
    case "scalar":
      return config;
    case "list": {
      const left = Array.isArray(live) ? live : [];
      const right = Array.isArray(config) ? config : [];
      if (resolved.relation === "atomic" || (left.length === 0 && right.length === 0)) return config;
      return mergeItems(resolved, left, right);
    }
    default: {
      const left = isJsonObject(live) ? live : {};
      const right = isJsonObject(config) ? config : {};
      const isEmpty = Object.keys(left).length === 0 && Object.keys(right).length === 0;
      return resolved.isAtomic || isEmpty ? config : mergeFields(resolved, left, right);
    }
  }
}

function mergeFields(
  map: MapSchema,
  live: Record<string, unknown>,
  config: Record<string, unknown>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const name of Object.keys(live)) setOwn(merged, name, live[name]);
  for (const name of Object.keys(config)) {
    const schema = map.field(name)?.schema ?? map.elements;
    const before = Object.hasOwn(live, name) ? live[name] : undefined;
    setOwn(merged, name, schema ? mergeTyped(schema, before, config[name]) : config[name]);
  }
  return merged;
}

interface IndexedItems {
  readonly elements: readonly PathElement[];
  /** The item of each element; of one that is there twice, null: such items are not merged. */
  readonly items: ReadonlyMap<PathElement, unknown>;
}

function indexItems(list: ListSchema, items: readonly unknown[], allowDuplicates: boolean): IndexedItems {
  const byElement = new Map<PathElement, unknown>();
  const elements = items.map((item) => {
    const element = itemElement(list, item);
    if (!byElement.has(element)) byElement.set(element, item);
    else if (allowDuplicates) byElement.set(element, null);
    else throw new TypedValueError(`duplicate entries for key ${elementText(element)}`);
    return element;
  });
  return { elements, items: byElement };
}

/** Both lists in one, each in its own order; elements of both stand where the configuration has them. */
function mergeItems(list: ListSchema, live: readonly unknown[], config: readonly unknown[]): unknown[] {
  const right = indexItems(list, config, false);
  const left = indexItems(list, live, true);
  const merge = (element: PathElement) => {
    const before = left.items.get(element);
    return mergeTyped(list.items, before ?? undefined, right.items.get(element));
  };
  const merged: unknown[] = [];
  const done = new Set<PathElement>();
  const shared = right.elements.filter((element) => left.items.has(element));
  let nextShared = 0;
  let l = 0;
  let r = 0;
  while (l < left.elements.length || r < right.elements.length) {
    const ours = left.elements[l];
    const theirs = right.elements[r];
    if (ours !== undefined && theirs !== undefined) {
      if (ours === theirs) {
        merged.push(merge(ours));
        done.add(ours);
        l += 1;
        r += 1;
        nextShared += 1;
        continue;
      }
      if (right.items.has(ours) && nextShared < shared.length && shared[nextShared] !== ours) {
        l += 1;
        continue;
      }
    }
    if (ours !== undefined) {
      if (!right.items.has(ours)) {
        merged.push(live[l]);
        l += 1;
        continue;
      }
      if (done.has(ours)) l += 1;
    }
    if (theirs !== undefined) {
      merged.push(merge(theirs));
      done.add(theirs);
      r += 1;
      if (shared[nextShared] === theirs) nextShared += 1;
    }
  }
  return merged;
}
