import type { ManagedFieldsEntry, ObjectMeta } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";

/**
 * Managed fields are as large as all the rest of many objects, and few requests look at them. They stay JSON text
 * from the store to the store: metadata holds them behind a property that reads the text when somebody asks for it.
 */
interface HeldText {
  readonly json: string;
  /** What the property gave out, once it did. */
  entries?: ManagedFieldsEntry[];
}

/**
 * Where metadata holds the text, out of sight of everything that copies or shows objects. A weak map would do the same,
 * and cost more in garbage collection than all else here.
 */
const heldText = Symbol("managed fields");

interface HoldingMetadata extends ObjectMeta {
  [heldText]?: HeldText;
}

const lazyEntries: PropertyDescriptor & ThisType<HoldingMetadata> = {
  enumerable: true,
  configurable: true,
  get() {
    const held = this[heldText];
    if (!held) return undefined;
    const entries = JSON.parse(held.json) as ManagedFieldsEntry[];
    held.entries = entries;
    this.managedFields = entries;
    return entries;
  },
  set(value: unknown) {
    Object.defineProperty(this, "managedFields", { value, enumerable: true, configurable: true, writable: true });
  },
};

/** Makes the JSON text of a list the object's managed fields; empty text means none. */
export function setManagedFieldsText(metadata: ObjectMeta, json: string): void {
  if (json === "") {
    if (heldText in metadata) delete (metadata as HoldingMetadata)[heldText];
    delete metadata.managedFields;
    return;
  }
  Object.defineProperty(metadata, heldText, { value: { json }, configurable: true });
  Object.defineProperty(metadata, "managedFields", lazyEntries);
}

/** The managed fields' text as long as nobody has put something else in its place; undefined also for none. */
export function managedFieldsText(metadata: ObjectMeta): string | undefined {
  const held = (metadata as HoldingMetadata)[heldText];
  if (!held) return undefined;
  const property = Object.getOwnPropertyDescriptor(metadata, "managedFields");
  if (!property) return undefined;
  return property.get === lazyEntries.get || property.value === held.entries ? held.json : undefined;
}

/** A copy of the metadata without its managed fields, which are not read for it. */
export function withoutManagedFields(metadata: ObjectMeta): ObjectMeta {
  const copy: Record<string, unknown> = {};
  const source = metadata as Record<string, unknown>;
  for (const key of Object.keys(metadata)) if (key !== "managedFields") copy[key] = source[key];
  return copy;
}

/** The metadata as JSON; managed fields that are text are not read for it. */
export function metadataJson(metadata: ObjectMeta): string {
  const text = managedFieldsText(metadata);
  if (text === undefined) return JSON.stringify(metadata);
  const rest = JSON.stringify(withoutManagedFields(metadata));
  return `{"managedFields":${text}${rest === "{}" ? "" : ","}${rest.slice(1)}`;
}

const metadataMark = '"metadata":{';
const versionMark = '"resourceVersion":"';
const fieldsMark = '"managedFields":[';
/** What ends the list before another key: in no text and between no entries are these followed by a letter. */
const endMark = '}],"';
/** Kind and apiVersion are short: metadata begins this early in everything that this server wrote. */
const searchWindow = 512;

/** The text of an object, taken apart: what is not managed fields, and the list of them. */
interface Parts {
  readonly rest: string;
  readonly managedFields: string;
}

/** Takes the managed fields out of an object's JSON where they stand at the place that `joinManagedFields` gives them. */
function takeManagedFields(json: string): Parts | undefined {
  const mark = json.indexOf(metadataMark);
  if (mark < 0 || mark > searchWindow) return undefined;
  let start = mark + metadataMark.length;
  if (json.startsWith(versionMark, start)) start = json.indexOf('"', start + versionMark.length) + 2;
  if (!json.startsWith(fieldsMark, start)) return undefined;
  const listStart = start + fieldsMark.length - 1;
  for (let end = json.indexOf(endMark, listStart); end >= 0; end = json.indexOf(endMark, end + 1)) {
    const next = json[end + endMark.length] ?? "";
    if (next < "a" || next > "z") continue;
    const listEnd = end + 2;
    return { rest: json.slice(0, start) + json.slice(listEnd + 1), managedFields: json.slice(listStart, listEnd) };
  }
  return undefined;
}

/** Reads stored or served bytes; managed fields stay text. Throws SyntaxError. */
export function parseStored<T extends KubeObject>(bytes: Buffer): T {
  return copiesOf<T>(bytes)();
}

/** As `parseStored`, for long: what is not needed of the text is not kept along with what is. */
export function parseToKeep<T extends KubeObject>(bytes: Buffer): T {
  const json = bytes.toString();
  const parts = takeManagedFields(json);
  if (!parts) return JSON.parse(json) as T;
  const object = JSON.parse(parts.rest) as T;
  // A part of a string keeps all of it.
  setManagedFieldsText(object.metadata, Buffer.from(parts.managedFields).toString());
  return object;
}

/** Reads stored or served bytes for what is not in managed fields; where they are found, they are left out. Throws SyntaxError. */
export function parseUnmanaged<T extends KubeObject>(bytes: Buffer): T {
  const json = bytes.toString();
  return JSON.parse(takeManagedFields(json)?.rest ?? json) as T;
}

/** Reads bytes as often as it is called, each time into a copy of its own. */
export function copiesOf<T extends KubeObject>(bytes: Buffer): () => T {
  const json = bytes.toString();
  const parts = takeManagedFields(json);
  if (!parts) return () => JSON.parse(json) as T;
  return () => {
    const object = JSON.parse(parts.rest) as T;
    setManagedFieldsText(object.metadata, parts.managedFields);
    return object;
  };
}

/**
 * Puts managed fields into the JSON of an object that begins with kind, apiVersion and metadata: at the front of
 * metadata, where they are found again.
 */
export function joinManagedFields(json: string, managedFields: string): string {
  if (managedFields === "") return json;
  const start = json.indexOf(metadataMark) + metadataMark.length;
  const separator = json[start] === "}" ? "" : ",";
  return `${json.slice(0, start)}"managedFields":${managedFields}${separator}${json.slice(start)}`;
}
