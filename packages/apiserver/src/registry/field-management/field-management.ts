import { applyConfiguration } from "@kube-ts/api/apply/apply-configuration";
import type { ApplySchema, MapSchema } from "@kube-ts/api/apply/apply-schema";
import { capUpdateManagers } from "@kube-ts/api/apply/cap-managers";
import type { FieldFilter } from "@kube-ts/api/apply/field-filter";
import { FieldSetError } from "@kube-ts/api/apply/field-set";
import { TypedValueError } from "@kube-ts/api/apply/list-element";
import {
  type ManagerEntry,
  ManagedFieldsError,
  OwnedFields,
  entriesOf,
  entryJson,
  identityKey,
  isSameManager,
  managedFieldsJson,
  parseEntries,
} from "@kube-ts/api/apply/managed-fields";
import { newFieldsJson } from "@kube-ts/api/apply/new-fields-json";
import { PathElementError } from "@kube-ts/api/apply/path-element";
import { type ObjectChange, type Writer, trackUpdate } from "@kube-ts/api/apply/track-change";
import type { ConvertObject, VersionedObject } from "@kube-ts/api/apply/versioned-object";
import type { JsonObject } from "@kube-ts/api/json-value";
import type { ManagedFieldsEntry, ObjectMeta } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { formatTime } from "@kube-ts/api/rfc3339";
import {
  managedFieldsText,
  setManagedFieldsText,
  withoutManagedFields,
} from "../../storage/cache/managed-fields-text.ts";
import { type ResetFacts, resetFilter } from "./reset-fields.ts";

/** A version in which objects of a resource are served. */
export interface FieldVersion<T extends KubeObject = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: MapSchema;
  /** The stored object in this version; absent when it is the stored one. */
  readonly fromStored?: (object: T) => KubeObject;
  readonly toStored?: (object: KubeObject) => T;
  /** Objects cannot be converted to this version where fields are tracked; its managers keep what they own. */
  readonly isOpaque?: boolean;
}

/** A write as field management sees it. */
export interface FieldWrite {
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly manager: string;
  readonly nowMs: number;
}

/** What came of an apply, in the version of the write. */
export interface AppliedObject {
  /** Shares parts with the arguments. Undefined when the object stays as it is. */
  readonly value: JsonObject | undefined;
  /** The JSON text of the managed fields as they are then. */
  readonly managedFields: string;
  /** The text as it was, when it differs in nothing but times. */
  readonly sameButTimes: string | undefined;
}

/** Keeps `metadata.managedFields` of one resource's objects. */
export class FieldManagement<T extends KubeObject = KubeObject> {
  readonly #versions: ReadonlyMap<string, FieldVersion<T>>;
  readonly #facts: ResetFacts;
  readonly #filters = new Map<string, FieldFilter>();

  constructor(versions: readonly FieldVersion<T>[], facts: ResetFacts) {
    this.#versions = new Map(versions.map((version) => [version.apiVersion, version]));
    this.#facts = facts;
  }

  /** The version, which is one of those that the resource is served in. */
  version(apiVersion: string): FieldVersion<T> {
    const version = this.#versions.get(apiVersion);
    if (!version) throw new Error(`no version ${apiVersion} for field management`);
    return version;
  }

  /** A stored object in a version, without its managed fields. It may share parts with the object. */
  inVersion(object: T, apiVersion: string): KubeObject {
    return versioned(this.version(apiVersion), withoutFields(object)).value as KubeObject;
  }

  /** Records the writer of a new object as owner of its fields, besides those that the object names itself. */
  trackCreate(object: T, write: FieldWrite): void {
    const { metadata } = object;
    const given = metadata.managedFields;
    const managers = given && !isReset(given) ? readGiven(given) : undefined;
    const version = this.version(write.apiVersion);
    const filter = this.#filter(write.subresource);
    try {
      if (managers || !filter.ignoredRoots) {
        const after = versioned(version, object);
        const change = this.#change({ ...after, value: undefined }, after, filter);
        const tracked = capUpdateManagers(trackUpdate(change, managers ?? [], writerOf(write)));
        putManagedFields(metadata, managedFieldsJson(tracked), managers !== undefined);
        return;
      }
      const fields = newFieldsJson(version.schema, versioned(version, object).value as object, filter.ignoredRoots);
      const json = fields === "" ? "" : `[${entryJson({ ...writerOf(write), fields: OwnedFields.ofJson(fields) })}]`;
      setManagedFieldsText(metadata, json);
    } catch (error) {
      if (!isUntrackable(error)) throw error;
      setManagedFieldsText(metadata, "");
    }
  }

  /** Records what a write changes; both objects are in the stored form. */
  trackUpdate(object: T, old: T, write: FieldWrite): void {
    const { metadata } = object;
    const before = textOf(old.metadata);
    const live = readStored(before);
    const given = write.subresource === "" ? givenManagers(metadata, before) : undefined;
    const managers = given ?? live;
    if (managers.length === 0) {
      setManagedFieldsText(metadata, "");
      return;
    }
    try {
      const version = this.version(write.apiVersion);
      const change = this.#change(versioned(version, old), versioned(version, object), this.#filter(write.subresource));
      const tracked = capUpdateManagers(trackUpdate(change, managers, writerOf(write)));
      if (tracked === live) setManagedFieldsText(metadata, before);
      else putManagedFields(metadata, managedFieldsJson(tracked), given !== undefined);
    } catch (error) {
      if (!isUntrackable(error)) throw error;
      setManagedFieldsText(metadata, before);
    }
  }

  /**
   * Applies a configuration to an object in the stored form, or to nothing. Throws `ApplyConflictError`,
   * `TypedValueError` and `ManagedFieldsError`.
   */
  apply(live: T | undefined, config: JsonObject, write: FieldWrite, force: boolean): AppliedObject {
    const version = this.version(write.apiVersion);
    const filter = this.#filter(write.subresource);
    const text = live ? textOf(live.metadata) : "";
    const stored = text === "" ? [] : parseEntries(text);
    const bare = live && withoutFields(live);
    const current = bare
      ? versioned(version, bare)
      : { apiVersion: write.apiVersion, schema: version.schema, value: undefined };
    const managers = stored.length > 0 || !live ? stored : this.#beforeFirstApply(current, write, filter);
    const applier = { ...writerOf(write), operation: "Apply" } as const;
    const applied = applyConfiguration({
      live: current,
      config: { ...current, value: config },
      managers,
      applier,
      force,
      convert: (object, apiVersion) => this.#convert(object, apiVersion),
      filter,
    });
    const tracked =
      applied.value === undefined
        ? applied.managers
        : applied.managers.map((entry) => (isSameManager(entry, applier) ? { ...entry, time: applier.time } : entry));
    const managedFields = managedFieldsJson(tracked);
    return {
      value: applied.value as JsonObject | undefined,
      managedFields,
      sameButTimes: managedFields !== text && sameButTimes(stored, tracked) ? text : undefined,
    };
  }

  /** What existed before anybody applied belongs to somebody of that name. */
  #beforeFirstApply(current: VersionedObject, write: FieldWrite, filter: FieldFilter): readonly ManagerEntry[] {
    const change = this.#change({ ...current, value: undefined }, current, filter);
    return trackUpdate(change, [], writerOf({ ...write, manager: "before-first-apply" }));
  }

  #filter(subresource: string): FieldFilter {
    let filter = this.#filters.get(subresource);
    if (!filter) this.#filters.set(subresource, (filter = resetFilter(this.#facts, subresource)));
    return filter;
  }

  #change(before: VersionedObject, after: VersionedObject, filter: FieldFilter): ObjectChange {
    return { before, after, filter, convert: (object, apiVersion) => this.#convert(object, apiVersion) };
  }

  #convert(object: VersionedObject, apiVersion: string): ReturnType<ConvertObject> {
    const from = this.#versions.get(object.apiVersion);
    const to = this.#versions.get(apiVersion);
    if (!from || !to) return undefined;
    if (to.isOpaque) return "opaque";
    if (object.value === undefined) return { apiVersion, schema: to.schema, value: undefined };
    const value = object.value as KubeObject;
    return versioned(to, from.toStored ? from.toStored(structuredClone(value)) : (value as T));
  }
}

function withoutFields<T extends KubeObject>(object: T): T {
  return { ...object, metadata: withoutManagedFields(object.metadata) };
}

function versioned<T extends KubeObject>(version: FieldVersion<T>, stored: T): VersionedObject {
  const schema: ApplySchema = version.schema;
  return { apiVersion: version.apiVersion, schema, value: version.fromStored ? version.fromStored(stored) : stored };
}

function writerOf({ manager, apiVersion, subresource, nowMs }: FieldWrite): Writer {
  return { manager, operation: "Update", apiVersion, subresource, time: formatTime(nowMs) };
}

/** What a client had a hand in is put there as it is, so that it is validated. */
function putManagedFields(metadata: ObjectMeta, json: string, isGiven: boolean): void {
  setManagedFieldsText(metadata, json);
  if (isGiven && json !== "") metadata.managedFields = JSON.parse(json) as ManagedFieldsEntry[];
}

function textOf(metadata: ObjectMeta): string {
  const text = managedFieldsText(metadata);
  if (text !== undefined) return text;
  return metadata.managedFields?.length ? JSON.stringify(metadata.managedFields) : "";
}

/** A list that is empty, or holds one empty entry, asks that the managed fields be forgotten. */
function isReset(given: readonly ManagedFieldsEntry[]): boolean {
  const [first] = given;
  return first === undefined || (given.length === 1 && Object.keys(first).length === 0);
}

/** What a client sent as managed fields; undefined when that is nothing new, or cannot be read. */
function givenManagers(metadata: ObjectMeta, live: string): readonly ManagerEntry[] | undefined {
  if (managedFieldsText(metadata) === live) return undefined;
  const given = metadata.managedFields;
  if (given === undefined) return undefined;
  if (isReset(given)) return [];
  return JSON.stringify(given) === live ? undefined : readGiven(given);
}

/** The entries that a client sent; undefined when they cannot be read. */
function readGiven(given: readonly ManagedFieldsEntry[]): readonly ManagerEntry[] | undefined {
  try {
    return entriesOf(given);
  } catch (error) {
    if (error instanceof ManagedFieldsError) return undefined;
    throw error;
  }
}

function readStored(text: string): readonly ManagerEntry[] {
  if (text === "") return [];
  try {
    return parseEntries(text);
  } catch (error) {
    if (error instanceof ManagedFieldsError) return [];
    throw error;
  }
}

/** Whether both say the same of everybody but for the time. */
function sameButTimes(before: readonly ManagerEntry[], after: readonly ManagerEntry[]): boolean {
  if (before.length !== after.length) return false;
  const known = new Map(before.map((entry) => [identityKey(entry), entry]));
  return after.every((entry) => {
    const previous = known.get(identityKey(entry));
    return previous?.apiVersion === entry.apiVersion && previous.fields.json === entry.fields.json;
  });
}

/** Objects whose lists have no keys, or stored fields that cannot be read, are not tracked. */
function isUntrackable(error: unknown): boolean {
  return error instanceof TypedValueError || error instanceof FieldSetError || error instanceof PathElementError;
}
