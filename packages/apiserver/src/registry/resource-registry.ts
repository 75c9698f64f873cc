import type { Random } from "@kube-ts/std/random";
import { alreadyExists, conflict, generateNameConflict, internal, invalid, notFound } from "@kube-ts/api/status-error";
import type { GroupKindName, GroupResourceName } from "@kube-ts/api/status-error";
import type { FieldError } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import { objectKey } from "@kube-ts/api/object";
import type { StepTimer } from "../audit/step-timer.ts";
import type { Revision, Store, StoredValue, WriteOutcome } from "../storage/store.ts";
import type { WatchCache } from "../storage/watch-cache.ts";
import { admitFields } from "./field-management/fields-after-admission.ts";
import type { FieldTracking } from "./field-management/field-tracking.ts";
import { checkUid, keepIdentity, matchNamespace, stampNewObject, generateName } from "./object-identity.ts";
import { copiesOf, encodeForStorage, encodeWithManagedFields } from "./object-encoding.ts";
import { withResourceVersion } from "../storage/cache/resource-version.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { isTooLargeForStore, storeCall } from "./store-failure.ts";
import type { RegistryHooks, Transform, UpdateRules, WriteRequest, Written } from "./write-request.ts";

export interface RegistryParts<T extends KubeObject> {
  readonly definition: ResourceDefinition<T>;
  readonly store: Store;
  readonly cache: WatchCache;
  /** `/registry` by default. */
  readonly storageRoot: string;
  readonly random: Random;
  readonly hooks: RegistryHooks<T>;
}

/** The current state of one object on which a write is based. */
export interface CurrentState {
  /** As served, resourceVersion included. */
  readonly bytes: Buffer;
  readonly revision: Revision;
}

const maxNameAttempts = 8;

/**
 * One resource's objects: create, read and conditional update through the strategy of its definition. Every
 * failure is an `ApiError`.
 */
export class ResourceRegistry<T extends KubeObject = KubeObject> {
  readonly definition: ResourceDefinition<T>;
  readonly cache: WatchCache;
  readonly store: Store;
  readonly hooks: RegistryHooks<T>;
  readonly resourceName: GroupResourceName;
  readonly kindName: GroupKindName;
  /** The etcd key prefix of all objects, with its trailing slash. */
  readonly keyPrefix: string;
  readonly #random: Random;

  constructor(parts: RegistryParts<T>) {
    this.definition = parts.definition;
    this.cache = parts.cache;
    this.store = parts.store;
    this.hooks = parts.hooks;
    this.#random = parts.random;
    const { type, storagePrefix } = parts.definition;
    this.resourceName = { group: type.group, resource: type.plural };
    this.kindName = { group: type.group, kind: type.kind };
    this.keyPrefix = `${parts.storageRoot}/${storagePrefix}/`;
  }

  storageKey(namespace: string, name: string): string {
    return this.keyPrefix + this.#keyOf(namespace, name);
  }

  notFound(name: string): Error {
    return notFound(this.resourceName, name);
  }

  /** Throws when the object, or where no name is given one of those of the namespace or of all, cannot be decrypted. */
  checkReadable(namespace: string | undefined, name?: string): void {
    const { store } = this;
    if (!store.unreadable) return;
    const all = namespace ? `${this.keyPrefix}${namespace}/` : this.keyPrefix;
    const problem = store.unreadable(name === undefined ? all : this.storageKey(namespace ?? "", name));
    if (problem) throw internal(problem);
  }

  /** The state in the store, by a linearizable read. */
  async readLatest(
    namespace: string,
    name: string,
    signal: AbortSignal,
    timer?: StepTimer,
  ): Promise<CurrentState | undefined> {
    const { value } = await storeCall(this.store.get(this.storageKey(namespace, name), signal), timer);
    return value && served(value);
  }

  /** What the cache holds, which may be behind the store. */
  readCached(namespace: string, name: string): CurrentState | undefined {
    return this.cache.get(this.#keyOf(namespace, name));
  }

  /** Requests for a namespace name it as their namespace too, but it lies in none. */
  #keyOf(namespace: string, name: string): string {
    return objectKey(this.definition.type.namespaced ? namespace : "", name);
  }

  async create(object: T, namespace: string, request: WriteRequest<T>): Promise<Written<T>> {
    matchNamespace(object, namespace);
    stampNewObject(object, request.context.nowMs, this.#random);
    request.fields?.created(object);
    await admitFields(object, () => request.admit(object, undefined), request.warn);
    const { strategy } = this.definition;
    strategy.prepareForCreate(object, request.context);
    const reservation = await this.hooks.beforeWrite?.(object, undefined, request);
    try {
      this.#rejectInvalid(object, undefined, strategy.validateCreate(object), request);
      for (const text of strategy.warnings?.(object, undefined) ?? []) request.warn(text);
      await request.validate(object, undefined);
      const written = await this.#storeNew(object, namespace, request);
      await reservation?.commit();
      return written;
    } catch (error) {
      await reservation?.rollback(error);
      throw error;
    }
  }

  async #storeNew(object: T, namespace: string, request: WriteRequest<T>): Promise<Written<T>> {
    for (let attempt = 1; ; attempt++) {
      const name = object.metadata.name ?? "";
      const key = this.storageKey(namespace, name);
      const bytes = encodeForStorage(object);
      if (request.context.dryRun) {
        const existing = await this.readLatest(namespace, name, request.signal, request.timer);
        if (existing) throw alreadyExists(this.resourceName, name);
        return { object, bytes, revision: 0n, created: true };
      }
      const ttlSeconds = this.definition.ttlSeconds;
      const options = ttlSeconds === undefined ? undefined : { ttlSeconds };
      const { signal, timer } = request;
      const store = (value: Buffer) => storeCall(this.store.create(key, value, signal, options), timer);
      const { outcome, stored } = await withinLimit(object, bytes, request.fields, store);
      if (outcome.done) return writtenNow(object, stored, outcome.revision, true);
      const prefix = object.metadata.generateName;
      if (!prefix || !name.startsWith(prefix.slice(0, 58))) throw alreadyExists(this.resourceName, name);
      if (attempt === maxNameAttempts) throw generateNameConflict(this.resourceName, name, 1);
      object.metadata.name = generateName(prefix, this.#random);
    }
  }

  /**
   * Applies the transform to the current state until it is stored. The cached state serves as the first guess,
   * so that the common case is one round trip; whatever a stale guess led to is tried again on the real state.
   * Throws NotFound when there is no object.
   */
  async update(
    namespace: string,
    name: string,
    rules: UpdateRules<T>,
    transform: Transform<T>,
    request: WriteRequest<T>,
  ): Promise<Written<T>> {
    let current = this.readCached(namespace, name);
    let fresh = false;
    // Every lost race means that another write was done: this one ends by the request's deadline at the latest.
    for (;;) {
      request.signal.throwIfAborted();
      if (!current) {
        if (fresh) throw this.notFound(name);
        current = await this.readLatest(namespace, name, request.signal, request.timer);
        fresh = true;
        continue;
      }
      const base: CurrentState = current;
      const refresh = async (): Promise<boolean> => {
        if (fresh) return false;
        fresh = true;
        current = await this.readLatest(namespace, name, request.signal, request.timer);
        return current?.revision !== base.revision;
      };
      const outcome = await this.#tryUpdate(namespace, name, base, rules, transform, request, refresh);
      if (outcome.kind === "written") return outcome.written;
      if (outcome.kind === "raced") {
        current = outcome.current && served(outcome.current);
        fresh = true;
      }
    }
  }

  async #tryUpdate(
    namespace: string,
    name: string,
    base: CurrentState,
    rules: UpdateRules<T>,
    transform: Transform<T>,
    request: WriteRequest<T>,
    refresh: () => Promise<boolean>,
  ): Promise<UpdateOutcome<T>> {
    let prepared: Prepared<T>;
    try {
      prepared = await this.#prepareUpdate(base, rules, transform, request);
    } catch (error) {
      if (await refresh()) return { kind: "stale" };
      throw error;
    }
    const { object, bytes, reservation } = prepared;
    let isStored = false;
    let failure: unknown;
    try {
      const changesNothing = request.context.dryRun || isSameState(bytes, base);
      if (changesNothing && !(await this.#isToBeRewritten(namespace, name, base, request))) {
        if (await refresh()) return { kind: "stale" };
        return { kind: "written", written: writtenNow(object, bytes, base.revision, false) };
      }
      const { outcome, stored } = await this.#storeUpdate(namespace, name, base, prepared, request);
      if (!outcome.done) return { kind: "raced", current: outcome.current };
      isStored = true;
      await reservation?.commit();
      if (this.isReleased(object)) await this.hooks.afterDelete?.(object, request.signal);
      return { kind: "written", written: writtenNow(object, stored, outcome.revision, false) };
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      if (!isStored) await reservation?.rollback(failure);
    }
  }

  /** Whether the value is stored in another way than it would be now: with an old key, or not encrypted. */
  async #isToBeRewritten(
    namespace: string,
    name: string,
    { revision }: CurrentState,
    { context, signal, timer }: WriteRequest<T>,
  ): Promise<boolean> {
    if (context.dryRun || !this.store.isStale) return false;
    return storeCall(this.store.isStale(this.storageKey(namespace, name), revision, signal), timer);
  }

  /** Stores the new state; removes the object when nothing holds it any more. */
  async #storeUpdate(
    namespace: string,
    name: string,
    { revision }: CurrentState,
    { object, bytes }: Prepared<T>,
    { fields, signal, timer }: WriteRequest<T>,
  ): Promise<{ readonly outcome: WriteOutcome; readonly stored: Buffer }> {
    if (this.isReleased(object)) {
      const removal = this.store.delete(this.storageKey(namespace, name), revision, signal);
      return { outcome: await storeCall(removal, timer), stored: bytes };
    }
    const put = (value: Buffer) => storeCall(this.#put(namespace, name, value, revision, signal), timer);
    return withinLimit(object, bytes, fields, put);
  }

  #put(namespace: string, name: string, bytes: Buffer, expected: Revision, signal: AbortSignal) {
    const ttlSeconds = this.definition.ttlSeconds;
    const options = ttlSeconds === undefined ? undefined : { ttlSeconds };
    return this.store.update(this.storageKey(namespace, name), bytes, expected, signal, options);
  }

  async #prepareUpdate(
    base: CurrentState,
    rules: UpdateRules<T>,
    transform: Transform<T>,
    request: WriteRequest<T>,
  ): Promise<Prepared<T>> {
    const copy = copiesOf<T>(base.bytes);
    const old = request.timer ? request.timer.within("decode-response-object", copy) : copy();
    const object = await transform(copy());
    const { uid, resourceVersion } = object.metadata;
    if (uid || resourceVersion) {
      this.#checkVersion(old, String(base.revision), uid, resourceVersion);
    }
    const fieldsBefore = request.fields?.updated(object, old);
    await admitFields(object, () => request.admit(object, old), request.warn);
    keepIdentity(object, old);
    rules.prepareForUpdate(object, old, request.context);
    const reservation = await this.hooks.beforeWrite?.(object, old, request);
    try {
      this.#rejectInvalid(object, old, rules.validateUpdate(object, old), request);
      for (const text of rules.warnings?.(object, old) ?? []) request.warn(text);
      await request.validate(object, old);
      return { object, bytes: encodeChange(object, base, fieldsBefore), reservation };
    } catch (error) {
      await reservation?.rollback(error);
      throw error;
    }
  }

  /** Whether nothing holds a terminating object any more, so that a write of this state removes it. */
  isReleased(object: T): boolean {
    const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
    if (deletionTimestamp === undefined || finalizers?.length || (deletionGracePeriodSeconds ?? 0) > 0) return false;
    return !this.definition.strategy.holdsDeletion?.(object);
  }

  #checkVersion(old: T, version: string, uid: string | undefined, resourceVersion: string | undefined): void {
    if (uid) {
      const { namespace = "", name = "" } = old.metadata;
      checkUid(this.resourceName, this.storageKey(namespace, name), old, uid);
    }
    if (resourceVersion && resourceVersion !== version) throw conflict(this.resourceName, old.metadata.name ?? "");
  }

  #rejectInvalid(object: T, old: T | undefined, errors: readonly FieldError[], request: WriteRequest<T>): void {
    const found = errors.length === 0 ? errors : errors.filter((error) => request.tolerates?.(error) !== true);
    const versionErrors = request.versionErrors?.(object, old) ?? [];
    if (found.length + versionErrors.length === 0) return;
    const name = object.metadata.name ?? object.metadata.generateName ?? "";
    throw invalid(this.kindName, name, [...found, ...versionErrors]);
  }
}

type UpdateOutcome<T extends KubeObject> =
  | { readonly kind: "written"; readonly written: Written<T> }
  /** Somebody else wrote in the meantime. */
  | { readonly kind: "raced"; readonly current: StoredValue | undefined }
  /** The update was based on an older state than there is. */
  | { readonly kind: "stale" };

interface Prepared<T> {
  readonly object: T;
  readonly bytes: Buffer;
  readonly reservation: Awaited<ReturnType<NonNullable<RegistryHooks<KubeObject>["beforeWrite"]>>>;
}

function isSameState(bytes: Buffer, base: CurrentState): boolean {
  return withResourceVersion(bytes, base.revision, allocatePooled).equals(base.bytes);
}

/** The bytes to store. What changes nothing but times in the managed fields changes nothing. */
function encodeChange(object: KubeObject, base: CurrentState, fieldsBefore: string | undefined): Buffer {
  if (fieldsBefore !== undefined) {
    const unchanged = encodeWithManagedFields(object, fieldsBefore);
    if (isSameState(unchanged, base)) return unchanged;
  }
  return encodeForStorage(object);
}

/** Stores the object; without its managed fields when it is too large with them, unless the write is about them. */
async function withinLimit<O>(
  object: KubeObject,
  bytes: Buffer,
  fields: Pick<FieldTracking<never>, "isEssential"> | undefined,
  store: (bytes: Buffer) => Promise<O>,
): Promise<{ readonly outcome: O; readonly stored: Buffer }> {
  try {
    return { outcome: await store(bytes), stored: bytes };
  } catch (error) {
    if (!isTooLargeForStore(error) || fields?.isEssential || !("managedFields" in object.metadata)) throw error;
    delete object.metadata.managedFields;
    const bare = encodeForStorage(object);
    return { outcome: await store(bare), stored: bare };
  }
}

/** For what lives as long as a response: from the pool where it is small. */
const allocatePooled = (sizeBytes: number) => Buffer.allocUnsafe(sizeBytes);

export function served(value: StoredValue): CurrentState {
  return { bytes: withResourceVersion(value.bytes, value.revision), revision: value.revision };
}

function writtenNow<T extends KubeObject>(object: T, bytes: Buffer, revision: Revision, created: boolean): Written<T> {
  object.metadata.resourceVersion = String(revision);
  return { object, bytes: withResourceVersion(bytes, revision, allocatePooled), revision, created };
}
