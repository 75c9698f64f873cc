import type { FieldError } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import type { StepTimer } from "../audit/step-timer.ts";
import type { Revision } from "../storage/store.ts";
import type { FieldTracking } from "./field-management/field-tracking.ts";
import type { WriteContext } from "./resource-definition.ts";

/** A write as the registry sees it: who asks, and the admission that the endpoint binds to the request. */
export interface WriteRequest<T extends KubeObject> {
  readonly context: WriteContext;
  /** What the client asked for, such as `patch`; absent for the server's own writes. */
  readonly verb?: string;
  readonly signal: AbortSignal;
  /** Takes the time of its steps; absent where nobody asks for it. */
  readonly timer?: StepTimer | undefined;
  /** Mutating admission; may change the object. `old` is undefined for a create. */
  admit(object: T, old: T | undefined): Promise<void>;
  /** Validating admission, the last word before the store. */
  validate(object: T, old: T | undefined): Promise<void>;
  /** Records whose the written fields are; absent where that is not recorded. */
  readonly fields?: FieldTracking<T> | undefined;
  /** Takes a warning for the client. */
  warn(message: string): void;
  /** What the API version that the client writes through asks for beyond the rules of the resource. */
  versionErrors?(object: T, old: T | undefined): FieldError[];
  /** Whether that API version puts up with what the rules of the resource find wrong. */
  tolerates?(error: FieldError): boolean;
}

/** What a write left behind. */
export interface Written<T extends KubeObject> {
  readonly object: T;
  /** The object as served. */
  readonly bytes: Buffer;
  readonly revision: Revision;
  readonly created: boolean;
}

/** Makes the new state from a private copy of the current one. */
export type Transform<T extends KubeObject> = (current: T) => T | Promise<T>;

/** The write path an update takes: the object itself, or one of its parts. */
export interface UpdateRules<T extends KubeObject> {
  prepareForUpdate(object: T, old: T, context: WriteContext): void;
  validateUpdate(object: T, old: T): FieldError[];
  warnings?(object: T, old: T): string[];
}

/** Something taken for a write (an address, a port) that has to be given back if the write fails. */
export interface Reservation {
  commit(): Promise<void> | void;
  /** `cause` is what the write failed with; absent when it is certain that nothing was stored. */
  rollback(cause?: unknown): Promise<void> | void;
}

/** What the server does beside storing an object: allocations, and checks that need more than the object. */
export interface RegistryHooks<T extends KubeObject> {
  /** Runs between `prepare` and validation; may change the object. `old` is undefined for a create. */
  beforeWrite?(object: T, old: T | undefined, request: WriteRequest<T>): Promise<Reservation | undefined>;
  /** Runs after the object left the store. */
  afterDelete?(object: T, signal: AbortSignal): Promise<void>;
}

export const noHooks: RegistryHooks<KubeObject> = {};
