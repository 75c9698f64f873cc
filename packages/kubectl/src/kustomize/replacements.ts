import { isRecord } from "@kube-ts/std/config-schema";
import { cloneJson, isJsonObject } from "@kube-ts/api/json-value";
import { CommandError } from "../command-line/command-error.ts";
import type { FieldOptions, Replacement, ReplacementTarget, Selector } from "./kustomization.ts";
import type { KustomizeResource } from "./kustomize-resource.ts";
import { selectResources } from "./select-resources.ts";

const defaultPath = "metadata.name";

/** Copies values from one resource's field to fields of others. Throws a CommandError. */
export function applyReplacement(resources: readonly KustomizeResource[], replacement: Replacement): void {
  const { source, sourceValue, targets } = replacement;
  if ((!source && sourceValue === undefined) || !targets) {
    throw new CommandError("replacements must specify a source and at least one target");
  }
  if (source && sourceValue !== undefined) {
    throw new CommandError("value and resource selectors are mutually exclusive");
  }
  const value = source ? readSource(resources, source) : sourceValue;
  for (const target of targets) applyToTarget(resources, target, value);
}

function readSource(resources: readonly KustomizeResource[], source: NonNullable<Replacement["source"]>): unknown {
  const { fieldPath = defaultPath, options } = source;
  const described = describe(source);
  const [found, second] = exactly(resources, source);
  if (second) throw new CommandError(`multiple matches for selector ${described}`);
  if (!found) throw new CommandError(`nothing selected by ${described}`);
  const [value] = lookUp(found.object, keysOf(fieldPath));
  if (value === undefined)
    throw new CommandError(`fieldPath \`${fieldPath}\` is missing for replacement source ${described}`);
  const delimiter = options?.delimiter ?? "";
  if (delimiter === "") return value;
  if (isRecord(value) || Array.isArray(value)) {
    throw new CommandError("delimiter option can only be used with scalar nodes");
  }
  const parts = String(value).split(delimiter);
  const index = options?.index ?? 0;
  const part = index < 0 ? undefined : parts[index];
  if (part === undefined) throw new CommandError(`options.index ${index} is out of bounds for value ${String(value)}`);
  return part;
}

function describe({ kind, version, group, name, namespace, fieldPath }: NonNullable<Replacement["source"]>): string {
  const type = `${kind || "[noKind]"}.${version || "[noVer]"}.${group || "[noGrp]"}`;
  const id = `${type}/${name || "[noName]"}.${namespace || "[noNs]"}`;
  return fieldPath ? `${id}:${fieldPath}` : id;
}

/** A source is named exactly, not by patterns. */
function exactly(resources: readonly KustomizeResource[], selector: Selector): KustomizeResource[] {
  const { group = "", version = "", kind = "", name = "", namespace = "" } = selector;
  return resources.filter(({ allIds }) =>
    allIds.some(
      (id) =>
        (group === "" || group === id.group) &&
        (version === "" || version === id.version) &&
        (kind === "" || kind === id.kind) &&
        (name === "" || name === id.name) &&
        (namespace === "" || namespace === id.namespace),
    ),
  );
}

function applyToTarget(resources: readonly KustomizeResource[], target: ReplacementTarget, value: unknown): void {
  const { select, reject = [], fieldPaths = [defaultPath], options = {} } = target;
  if (!select) throw new CommandError("target must specify resources to select");
  const rejected = new Set(reject.flatMap((each) => selectResources(resources, each)));
  for (const resource of selectResources(resources, select)) {
    if (rejected.has(resource)) continue;
    const before = resource.id;
    const object = cloneJson(resource.object);
    for (const path of fieldPaths) {
      const places = locate(object, keysOf(path), options.create === true);
      if (places.length === 0 && options.create !== true) {
        throw new CommandError(`unable to find field ${JSON.stringify(path)} in replacement target`);
      }
      for (const place of places) place.set(targetValue(place.value, value, options));
    }
    const { name } = isRecord(object["metadata"]) ? object["metadata"] : {};
    if (name !== before.name) resource.rememberId();
    resource.object = object;
  }
}

function targetValue(old: unknown, value: unknown, { delimiter = "", index = 0 }: FieldOptions): unknown {
  if (delimiter === "") return cloneJson(value);
  if (isRecord(old) || Array.isArray(old)) {
    throw new CommandError("delimiter option can only be used with scalar nodes");
  }
  const parts = String(old ?? "").split(delimiter);
  const text = String(value);
  if (index < 0) parts.unshift(text);
  else if (index >= parts.length) parts.push(text);
  else parts[index] = text;
  return parts.join(delimiter);
}

/** Keys apart by dots; dots within brackets or behind a backslash belong to a key. */
function keysOf(path: string): string[] {
  const keys: string[] = [];
  let current = "";
  let depth = 0;
  for (let at = 0; at < path.length; at += 1) {
    const character = path.charAt(at);
    if (character === "\\" && path.charAt(at + 1) === ".") {
      current += ".";
      at += 1;
    } else if (character === "." && depth === 0) {
      keys.push(current);
      current = "";
    } else {
      if (character === "[" && path.indexOf("]", at) > at) depth += 1;
      if (character === "]") depth -= 1;
      current += character;
    }
  }
  return [...keys, current].filter((key) => key !== "");
}

interface Place {
  readonly value: unknown;
  set(value: unknown): void;
}

function lookUp(object: unknown, keys: readonly string[]): unknown[] {
  return locate(object, keys, false)
    .map(({ value }) => value)
    .filter((value) => value !== undefined);
}

/** All places that a path leads to: `[key=value]` selects elements of lists, `*` all of them, a number or `-` one. */
function locate(at: unknown, keys: readonly string[], create: boolean): Place[] {
  const [key = "", ...rest] = keys;
  const next = (children: Place[]): Place[] =>
    rest.length === 0 ? children : children.flatMap(({ value }) => locate(value, rest, create));
  if (Array.isArray(at)) return next(elements(at, key, create));
  if (!isJsonObject(at)) return [];
  const bracketed = /^\[([^=]*)\]$/.exec(key)?.[1];
  if (bracketed !== undefined) return locate(at, [bracketed, ...rest], create);
  if (key === "*") return next(Object.keys(at).map((each) => placeOf(at, each)));
  if (at[key] === undefined || at[key] === null) {
    if (!create) return [];
    if (rest.length > 0) at[key] = rest[0]?.startsWith("[") && rest[0].includes("=") ? [] : {};
  }
  return next([placeOf(at, key)]);
}

function placeOf(parent: Record<string, unknown> | unknown[], key: string | number): Place {
  const container = parent as Record<string | number, unknown>;
  return { value: container[key], set: (value) => void (container[key] = value) };
}

function elements(list: unknown[], key: string, create: boolean): Place[] {
  if (key === "*") return list.map((_, index) => placeOf(list, index));
  if (key === "-") return list.length === 0 ? [] : [placeOf(list, list.length - 1)];
  if (/^\d+$/.test(key)) return Number(key) < list.length ? [placeOf(list, Number(key))] : [];
  const match = /^\[([^=]*)=(.*)\]$/s.exec(key);
  if (!match) return [];
  const [, field = "", wanted = ""] = match;
  const matching = (item: unknown) =>
    field === "" ? String(item) === wanted : isRecord(item) && String(item[field] ?? "") === wanted;
  const found = list.flatMap((item, index) => (matching(item) ? [placeOf(list, index)] : []));
  if (found.length > 0 || !create) return found;
  list.push(field === "" ? wanted : { [field]: wanted });
  return [placeOf(list, list.length - 1)];
}
