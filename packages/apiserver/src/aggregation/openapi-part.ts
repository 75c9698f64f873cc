import { isDeepStrictEqual } from "node:util";
import { type JsonObject, isJsonObject as isObject } from "@kube-ts/api/json-value";

const definitionPrefix = "#/definitions/";

/** Of a Swagger 2.0 document, the paths below a prefix and the definitions that they lead to. */
export function ownPart(document: JsonObject, prefix: string): JsonObject {
  const paths: Record<string, unknown> = {};
  const all = isObject(document["paths"]) ? document["paths"] : {};
  for (const [path, item] of Object.entries(all)) {
    if (item !== undefined && (path === prefix || path.startsWith(`${prefix}/`))) paths[path] = item;
  }
  return {
    paths,
    definitions: reachable(paths, isObject(document["definitions"]) ? document["definitions"] : {}, prefix),
  };
}

/** Definitions that belong to kinds of the prefix are kept even where no path leads to them. */
function reachable(paths: JsonObject, definitions: JsonObject, prefix: string): JsonObject {
  const [, , group, version] = prefix.split("/");
  const found: Record<string, unknown> = {};
  const waiting: unknown[] = [paths];
  for (const [name, definition] of Object.entries(definitions)) {
    const kinds = isObject(definition) ? definition["x-kubernetes-group-version-kind"] : undefined;
    const isOwn = (kind: unknown) => isObject(kind) && kind["group"] === group && kind["version"] === version;
    if (definition === undefined || !Array.isArray(kinds) || !kinds.some(isOwn)) continue;
    found[name] = definition;
    waiting.push(definition);
  }
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    eachReference(value, (name) => {
      const definition = definitions[name];
      if (definition === undefined || Object.hasOwn(found, name)) return;
      found[name] = definition;
      waiting.push(definition);
    });
  }
  return found;
}

/**
 * The document with the parts of other servers in it. Paths that are there already stay as they are; a definition whose
 * name is taken by another one gets a name of its own.
 */
export function mergeOpenApiV2(document: JsonObject, parts: readonly JsonObject[]): JsonObject {
  const paths = { ...(document["paths"] as JsonObject) };
  const definitions = { ...(document["definitions"] as JsonObject) };
  for (const part of parts) {
    const added = isObject(part["definitions"]) ? part["definitions"] : {};
    const names = new Map<string, string>();
    for (const [name, definition] of Object.entries(added)) {
      names.set(name, freeName(name, definition, definitions));
    }
    for (const [name, definition] of Object.entries(added)) {
      const target = names.get(name) ?? name;
      if (definition !== undefined) definitions[target] ??= renamed(definition, names);
    }
    for (const [path, item] of Object.entries(isObject(part["paths"]) ? part["paths"] : {})) {
      if (item !== undefined) paths[path] ??= renamed(item, names);
    }
  }
  return { ...document, paths, definitions };
}

function freeName(name: string, definition: unknown, taken: JsonObject): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}_v${number}`;
    const other = taken[candidate];
    if (other === undefined || isDeepStrictEqual(other, definition)) return candidate;
  }
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, names));
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    if (each === undefined) continue;
    const name = key === "$ref" ? referenceOf(each) : undefined;
    result[key] = name === undefined ? renamed(each, names) : `${definitionPrefix}${names.get(name) ?? name}`;
  }
  return result;
}

function eachReference(value: unknown, visit: (name: string) => void): void {
  if (Array.isArray(value)) for (const each of value) eachReference(each, visit);
  else if (isObject(value)) {
    for (const [key, each] of Object.entries(value)) {
      if (each === undefined) continue;
      const name = key === "$ref" ? referenceOf(each) : undefined;
      if (name === undefined) eachReference(each, visit);
      else visit(name);
    }
  }
}

function referenceOf(value: unknown): string | undefined {
  return typeof value === "string" && value.startsWith(definitionPrefix)
    ? value.slice(definitionPrefix.length)
    : undefined;
}
