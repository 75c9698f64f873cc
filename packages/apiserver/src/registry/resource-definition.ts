import type { Scale } from "@kube-ts/api/autoscaling/v1";
import type { JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import type { Decoded, DecodeOptions } from "@kube-ts/api/decode";
import type { FieldError } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import type { TableColumnDefinition, TableRow } from "@kube-ts/api/meta/v1";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { UserInfo } from "../auth/user.ts";
import type { FieldVersion } from "./field-management/field-management.ts";

/** Who asks for a write, and how; what strategies may need to know of a request. */
export interface WriteContext {
  /** Milliseconds since the epoch, read once per request. */
  readonly nowMs: number;
  readonly dryRun: boolean;
  readonly user: UserInfo;
}

/**
 * The rules of one resource: synchronous and pure, but for the changes they make to the object given.
 * `defaults` runs on every decoded object; the `prepare` hooks run before validation.
 */
export interface Strategy<T extends KubeObject> {
  /** Fills in defaults that depend on nothing but the object. */
  defaults?(object: T): void;
  /** Resets what a creator may not set (such as status) and derives what the server sets. */
  prepareForCreate(object: T, context: WriteContext): void;
  /** Keeps what an updater may not change (such as status) and raises the generation where it counts. */
  prepareForUpdate(object: T, old: T, context: WriteContext): void;
  validateCreate(object: T): FieldError[];
  validateUpdate(object: T, old: T): FieldError[];
  /** Texts for the client about accepted but doubtful input. */
  warnings?(object: T, old: T | undefined): string[];
  /** Whether PUT to a name that does not exist creates it. */
  readonly allowCreateOnUpdate?: boolean;
  /** Whether an update may leave out the resourceVersion. Default true. */
  readonly allowUnconditionalUpdate?: boolean;
  /** How generated names and names are checked; undefined when the name is right, else the reason. */
  validateName?(name: string, isPrefix: boolean): string[];
  /**
   * Decides how long a deletion waits: 0 deletes at once. Absent: deletes at once.
   * `requested` is the client's gracePeriodSeconds.
   */
  gracePeriodSeconds?(object: T, requested: number | undefined): number;
  /** Changes the object when a graceful deletion starts. */
  prepareForGracefulDelete?(object: T): void;
  /** Whether more than metadata.finalizers keeps a terminating object (a namespace's own finalizers). */
  holdsDeletion?(object: T): boolean;
  /** Why the object of this name may not be deleted by its name; undefined when it may. */
  deletionProblem?(name: string): string | undefined;
  /** Whether a deletion answers with the object instead of a Status, as upstream does for some resources. */
  readonly returnsDeletedObject?: boolean;
  /** What owner references orphan or background deletion default to for this resource. */
  readonly defaultPropagation?: "Orphan" | "Background";
}

/** A second write path to the same object that may change another part of it (`status`, `resize`, …). */
export interface PartStrategy<T extends KubeObject> {
  prepareForUpdate(object: T, old: T, context: WriteContext): void;
  validateUpdate(object: T, old: T): FieldError[];
  warnings?(object: T, old: T): string[];
}

/** How the scale subresource reads and writes the object. */
export interface ScaleMapping<T extends KubeObject> {
  replicas(object: T): number;
  statusReplicas(object: T): number;
  /** The selector in text form. */
  selector(object: T): string;
  setReplicas(object: T, replicas: number): void;
  /** The path of the field that `setReplicas` sets; absent: `spec.replicas`. */
  readonly replicasPath?: readonly string[];
}

/** One column of the Table that `kubectl get` prints; priority 0 is always shown, 1 with `-o wide`. */
export interface TableColumns<T extends KubeObject> {
  readonly definitions: readonly TableColumnDefinition[];
  /** The cells of one object, in the order of the definitions. */
  row(object: T, nowMs: number): Pick<TableRow, "cells" | "conditions">;
}

/** Everything the server has to know of one resource; routes, discovery, tables and storage derive from it. */
export interface ResourceDefinition<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** The part of the etcd key between `/registry/` and the namespace or name, as upstream lays it out. */
  readonly storagePrefix: string;
  readonly strategy: Strategy<T>;
  readonly status?: PartStrategy<T>;
  readonly scale?: ScaleMapping<T>;
  /** Further object subresources that are written like status, by name (`ephemeralcontainers`, `resize`). */
  readonly parts?: Readonly<Record<string, PartStrategy<T>>>;
  readonly columns?: TableColumns<T>;
  /** Fields besides metadata.name and metadata.namespace that field selectors may use. */
  readonly selectableFields?: Readonly<Record<string, (object: T) => string>>;
  /** Further names by which field selectors reach fields. */
  readonly fieldAliases?: Readonly<Record<string, string>>;
  /** What clients are told of fields that selectors cannot name, where upstream has other words for this kind. */
  readonly fieldProblem?: (field: string) => string;
  /** Objects vanish this long after their last write; events only. */
  readonly ttlSeconds?: number;
  /** The verbs served; absent: all of create, delete, deletecollection, get, list, patch, update, watch. */
  readonly verbs?: readonly string[];
  /** The verbs that discovery shows; absent: those served. */
  readonly shownVerbs?: readonly string[];
  /** What clients are told (405) of a verb that is not served for the time being. */
  readonly verbRefusals?: Readonly<Record<string, string>>;
  /**
   * A second group-version that serves the same stored objects (events). The functions convert a stored
   * object to that version and back.
   */
  readonly alternates?: readonly AlternateVersion<T>[];
  /** Makes an object of a parsed body, which it takes over; absent: by the built-in type. Throws BadRequest. */
  readonly decode?: (value: unknown, options: DecodeOptions) => Decoded<KubeObject>;
  /** Documents objects; absent: the built-in type does. */
  readonly schema?: JSONSchemaProps;
  /** The version that objects are stored in, where that is not the one of `type`. */
  readonly storageVersion?: string;
  /** Told to clients of a deprecated version. */
  readonly deprecationWarning?: string;
  /** The versions whose fields are tracked; absent: those of built-in types. */
  readonly fieldVersions?: readonly FieldVersion<T>[];
}

export interface AlternateVersion<T extends KubeObject> {
  readonly type: ResourceType;
  fromStored(object: T): KubeObject;
  toStored(object: KubeObject): T;
  /** What a write through this version has to meet beyond the strategy's rules; both take the stored form. */
  validateCreate?(object: T): FieldError[];
  validateUpdate?(object: T, old: T): FieldError[];
  /** Fills in what this version defaults otherwise than the stored one does, on what clients send. */
  defaults?(object: KubeObject): void;
  /** Whether this version puts up with what the strategy's rules find wrong. */
  tolerates?(error: FieldError): boolean;
  /** The fields that selectors can name in this version, with their names in the stored one; absent: the same ones. */
  readonly selectableFields?: Readonly<Record<string, string>>;
  /** The Scale that this version's objects have; absent: that of autoscaling/v1. */
  readonly scale?: ScaleVersion;
}

/** A kind that shows what the Scale of autoscaling/v1 does. */
export interface ScaleVersion {
  readonly type: { readonly group: string; readonly version: string; readonly kind: string };
  fromScale(scale: Scale): KubeObject;
  toScale(object: KubeObject): Scale;
}

/** Declares a resource. */
export function defineResource<T extends KubeObject>(definition: ResourceDefinition<T>): ResourceDefinition<T> {
  return definition;
}
