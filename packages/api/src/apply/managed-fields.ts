import type { ManagedFieldsEntry } from "../meta/v1.ts";
import { goQuote } from "../go-quote.ts";
import { parseTime } from "../rfc3339.ts";
import { type FieldSet, decodeFieldSet, fieldSetOfJson } from "./field-set.ts";
import { compareText } from "./path-element.ts";

/** `metadata.managedFields` that cannot be read, in upstream's words. */
export class ManagedFieldsError extends Error {
  override readonly name = "ManagedFieldsError";
  readonly code = "managed-fields";
}

/** Who wrote fields, and by which way. */
export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
}

/** One entry of `metadata.managedFields`. */
export interface ManagerEntry extends ManagerIdentity {
  /** RFC 3339; undefined when it is not known. */
  readonly time: string | undefined;
  readonly fields: OwnedFields;
}

/** Fields as stored text, as a set, or both; each is made of the other when it is asked for. */
export class OwnedFields {
  #json: string | undefined;
  #set: FieldSet | undefined;

  private constructor(json: string | undefined, set: FieldSet | undefined) {
    this.#json = json;
    this.#set = set;
  }

  static ofJson(json: string): OwnedFields {
    return new OwnedFields(json, undefined);
  }

  static ofSet(set: FieldSet): OwnedFields {
    return new OwnedFields(undefined, set);
  }

  get json(): string {
    this.#json ??= this.set.toJson();
    return this.#json;
  }

  /** Throws `FieldSetError` or `PathElementError` for text that is not FieldsV1. */
  get set(): FieldSet {
    this.#set ??= decodeShared(this.#json ?? "{}");
    return this.#set;
  }
}

/** Objects made from one template have the same fields: their sets are read once. */
const shared = new Map<string, FieldSet>();
const maxShared = 512;
const maxSharedLength = 16_384;

function decodeShared(json: string): FieldSet {
  const known = shared.get(json);
  if (known) return known;
  const set = decodeFieldSet(json);
  if (json.length <= maxSharedLength) {
    if (shared.size >= maxShared) shared.delete(shared.keys().next().value ?? "");
    shared.set(json, set);
  }
  return set;
}

/** What tells managers apart: those that apply are the same in every version. */
export function identityKey({ manager, operation, apiVersion, subresource }: ManagerIdentity): string {
  return JSON.stringify({
    manager,
    operation,
    ...(operation === "Update" && { apiVersion }),
    ...(subresource !== "" && { subresource }),
  });
}

/** As equality of `identityKey`. */
export function isSameManager(a: ManagerIdentity, b: ManagerIdentity): boolean {
  if (a.manager !== b.manager || a.operation !== b.operation || a.subresource !== b.subresource) return false;
  return a.operation === "Apply" || a.apiVersion === b.apiVersion;
}

/** Reads entries as clients send them; of two with the same identity the last counts. Throws `ManagedFieldsError`. */
export function entriesOf(managedFields: readonly ManagedFieldsEntry[]): ManagerEntry[] {
  const entries = new Map<string, ManagerEntry>();
  for (const [index, entry] of managedFields.entries()) {
    const read = readEntry(entry, index);
    entries.set(identityKey(read), read);
  }
  return [...entries.values()];
}

function readEntry(entry: ManagedFieldsEntry, index: number): ManagerEntry {
  const { manager = "", operation, apiVersion = "", subresource = "", time, fieldsType, fieldsV1 } = entry;
  if (operation !== "Apply" && operation !== "Update") {
    throw new ManagedFieldsError("operation must be `Apply` or `Update`");
  }
  if (apiVersion === "") throw new ManagedFieldsError("apiVersion must not be empty");
  if (!fieldsType) throw new ManagedFieldsError(`missing fieldsType in managed fields entry ${index}`);
  if (fieldsType !== "FieldsV1") {
    throw new ManagedFieldsError(`invalid fieldsType ${goQuote(fieldsType)} in managed fields entry ${index}`);
  }
  try {
    const fields = OwnedFields.ofSet(fieldSetOfJson(fieldsV1));
    return { manager, operation, apiVersion, subresource, time: time || undefined, fields };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ManagedFieldsError(`error decoding set: ${problem}`, { cause });
  }
}

const listStart = '[{"manager":';
const separator = '},{"manager":';
const fieldsMark = ',"fieldsV1":';
const subresourceMark = ',"subresource":"';

/**
 * Reads the JSON text of stored `managedFields`, leaving the fields as text where it was written by
 * `managedFieldsJson`. Throws `ManagedFieldsError`.
 */
export function parseEntries(json: string): ManagerEntry[] {
  return splitEntries(json) ?? entriesOf(JSON.parse(json) as ManagedFieldsEntry[]);
}

/** Fields have no lists in them: a separator that is not part of some text stands between two entries. */
function splitEntries(json: string): ManagerEntry[] | undefined {
  if (!json.startsWith(listStart) || !json.endsWith("}]")) return undefined;
  const entries: ManagerEntry[] = [];
  let start = 1;
  for (;;) {
    const next = json.indexOf(separator, start);
    const end = next < 0 ? json.length - 1 : next + 1;
    const entry = splitEntry(json, start, end);
    if (!entry) return undefined;
    entries.push(entry);
    if (next < 0) return entries;
    start = end + 1;
  }
}

function splitEntry(json: string, start: number, end: number): ManagerEntry | undefined {
  const mark = json.indexOf(fieldsMark, start);
  if (mark < 0 || mark >= end) return undefined;
  const fieldsStart = mark + fieldsMark.length;
  const tail = json.lastIndexOf(subresourceMark, end);
  const fieldsEnd = tail >= fieldsStart && json[tail - 1] === "}" ? tail : end - 1;
  const head = JSON.parse(`${json.slice(start, mark)}${json.slice(fieldsEnd, end)}`) as ManagedFieldsEntry;
  const { manager = "", operation, apiVersion = "", subresource = "", time, fieldsType } = head;
  if ((operation !== "Apply" && operation !== "Update") || apiVersion === "" || fieldsType !== "FieldsV1") {
    return undefined;
  }
  const fields = OwnedFields.ofJson(json.slice(fieldsStart, fieldsEnd));
  return { manager, operation, apiVersion, subresource, time: time || undefined, fields };
}

/** The JSON text of the entries in upstream's order; empty text when there are none. */
export function managedFieldsJson(entries: readonly ManagerEntry[]): string {
  if (entries.length === 0) return "";
  const sorted = entries.length > 1 ? entries.toSorted(compareEntries) : entries;
  return `[${sorted.map(entryJson).join(",")}]`;
}

/** The members of an entry stand in upstream's order. */
export function entryJson({ manager, operation, apiVersion, subresource, time, fields }: ManagerEntry): string {
  const head = `{"manager":${JSON.stringify(manager)},"operation":"${operation}","apiVersion":${JSON.stringify(apiVersion)}`;
  const when = time === undefined ? "" : `,"time":${JSON.stringify(time)}`;
  const part = subresource === "" ? "" : `,"subresource":${JSON.stringify(subresource)}`;
  return `${head}${when},"fieldsType":"FieldsV1","fieldsV1":${fields.json}${part}}`;
}

function compareEntries(a: ManagerEntry, b: ManagerEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    compareTimes(a.time, b.time) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

/** `2026-01-31T13:05:00Z`, as the server writes times: their order is that of the texts. */
const serverTimeLength = 20;

function compareTimes(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a?.length === serverTimeLength && b?.length === serverTimeLength && a.endsWith("Z") && b.endsWith("Z")) {
    return a < b ? -1 : 1;
  }
  return timeSeconds({ time: a }) - timeSeconds({ time: b });
}

/** Whole seconds since the epoch, 0 when the time is not known. */
export function timeSeconds({ time }: Pick<ManagerEntry, "time">): number {
  return time === undefined ? 0 : Math.floor((parseTime(time) ?? 0) / 1000);
}
