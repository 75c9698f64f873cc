import type { FieldError } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { typeOf } from "@kube-ts/api/schema-registry";
import type { ObjectType } from "@kube-ts/api/schema-registry";
import type { AlternateVersion, ResourceDefinition, ScaleVersion } from "../registry/resource-definition.ts";
import { type Deprecation, deprecationOf } from "./api-lifecycle.ts";
import type { ResourceRegistry } from "../registry/resource-registry.ts";
import { selectableFields } from "./selectable-fields.ts";
import type { SelectableFields } from "./selectable-fields.ts";
import { encodedObject } from "../storage/watch-cache.ts";
import type { CachedObject, ObjectEncoding } from "../storage/watch-cache.ts";

/** One resource in one version, as URLs name it. Several versions may share a registry. */
export class ServedResource<T extends KubeObject = KubeObject> {
  readonly registry: ResourceRegistry<T>;
  readonly type: ResourceType;
  readonly kind: string;
  readonly apiVersion: string;
  /** Whether the stored bytes are already in this version. */
  readonly isStoredVersion: boolean;
  readonly selectableFields: SelectableFields;
  /** Undefined for a version that is here to stay. */
  readonly deprecation: Deprecation | undefined;
  /** The type by which it is served as protobuf; undefined where only JSON and YAML are. */
  readonly protobufType: ObjectType | undefined;
  readonly #alternate: AlternateVersion<T> | undefined;
  readonly #json: ObjectEncoding = {
    encode: (object) => Buffer.from(JSON.stringify(this.fromStored(object.parsed() as T))),
  };

  constructor(registry: ResourceRegistry<T>, alternate?: AlternateVersion<T>) {
    this.registry = registry;
    this.type = alternate?.type ?? registry.definition.type;
    this.kind = this.type.kind;
    this.apiVersion = apiVersionOf(this.type);
    this.isStoredVersion = alternate === undefined;
    this.#alternate = alternate;
    const { deprecationWarning: warning } = registry.definition;
    this.deprecation = warning === undefined ? deprecationOf(this.type) : { warning, removedRelease: "" };
    this.protobufType = typeOf(this.type.group, this.type.version, this.kind);
    this.selectableFields = fieldsOf(registry.definition, this.type, alternate, this.protobufType === undefined);
  }

  /** The object's JSON in this version, converted once for all who read it. */
  bytesOf(object: CachedObject): Buffer {
    return this.#alternate ? encodedObject(object, this.#json) : object.bytes;
  }

  /** The stored object in this version. */
  fromStored(object: T): KubeObject {
    return this.#alternate ? this.#alternate.fromStored(object) : object;
  }

  /** What is wrong with an object, in its stored form, for this version only. `old` is undefined for a create. */
  versionErrors(object: T, old: T | undefined): FieldError[] {
    const errors = old ? this.#alternate?.validateUpdate?.(object, old) : this.#alternate?.validateCreate?.(object);
    return errors ?? [];
  }

  /** Whether this version puts up with what the rules of the resource find wrong. */
  tolerates(error: FieldError): boolean {
    return this.#alternate?.tolerates?.(error) ?? false;
  }

  /** The Scale of this version where it is not that of autoscaling/v1. */
  get scaleVersion(): ScaleVersion | undefined {
    return this.#alternate?.scale;
  }

  /** The stored form of an object that a client sent in this version, with this version's defaults. */
  toStored(object: KubeObject): T {
    if (!this.#alternate) return object as T;
    this.#alternate.defaults?.(object);
    return this.#alternate.toStored(object);
  }
}

function fieldsOf<T extends KubeObject>(
  { selectableFields: fields, fieldAliases, fieldProblem }: ResourceDefinition<T>,
  type: ResourceType,
  alternate: AlternateVersion<T> | undefined,
  isCustom: boolean,
): SelectableFields {
  const names = Object.keys(fields ?? {});
  const own = alternate?.selectableFields ?? Object.fromEntries(names.map((name) => [name, name]));
  const isSpecific = fields !== undefined || isCustom;
  return selectableFields({ type, own: { ...own, ...fieldAliases }, isSpecific, problem: fieldProblem });
}
