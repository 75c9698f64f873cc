import type { CustomResourceSubresourceScale, JSONSchemaProps } from "@kube-ts/api/apiextensions/v1";
import { buildRuleTree, type RuleTree } from "@kube-ts/api/cel/rule-tree";
import { validateRules } from "@kube-ts/api/cel/validation-rules";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, type FieldErrorReason, fieldErrorText, invalidField } from "@kube-ts/api/field-error";
import { goQuote } from "@kube-ts/api/go-quote";
import type { KubeObject } from "@kube-ts/api/object";
import { applyDefaults } from "@kube-ts/api/structural/apply-defaults";
import { checkEmbedded } from "@kube-ts/api/structural/embedded-objects";
import { checkListTypes } from "@kube-ts/api/structural/list-types";
import { propertyOf } from "@kube-ts/api/structural/schema-parts";
import { below } from "@kube-ts/api/structural/value-problems";
import { ValueValidator } from "@kube-ts/api/structural/value-validator";
import { embeddedMetadataRules } from "../registry/apiextensions/validate-schema.ts";
import { startGeneration } from "../registry/meta/generation.ts";
import { subdomainName } from "../registry/meta/object-names.ts";
import { metadataPath, validateObjectMeta, validateObjectMetaUpdate } from "../registry/meta/validate-object-meta.ts";
import type { PartStrategy, Strategy } from "../registry/resource-definition.ts";
import { scaleErrors } from "./scale-paths.ts";

/** What the rules of a version of a custom resource follow from. */
export interface CustomResourceRules {
  readonly scope: "Namespaced" | "Cluster";
  readonly schema: JSONSchemaProps | undefined;
  readonly hasStatus: boolean;
  readonly scale: CustomResourceSubresourceScale | undefined;
}

/** The rules of one version of a custom resource, whose objects they take in that version. */
export class CustomResourceStrategy implements Strategy<KubeObject> {
  readonly allowCreateOnUpdate = false;
  readonly allowUnconditionalUpdate = false;
  readonly #rules: CustomResourceRules;
  readonly #validator: ValueValidator | undefined;
  readonly #statusValidator: ValueValidator | undefined;
  readonly #tree: RuleTree | undefined;

  constructor(rules: CustomResourceRules) {
    this.#rules = rules;
    const { schema } = rules;
    const status = schema && propertyOf(schema, "status");
    this.#validator = schema && new ValueValidator(schema);
    this.#statusValidator = status && new ValueValidator(status);
    this.#tree = schema && buildRuleTree(schema, true);
  }

  defaults(object: KubeObject): void {
    if (this.#rules.schema) applyDefaults(object, this.#rules.schema);
  }

  prepareForCreate(object: KubeObject): void {
    if (this.#rules.hasStatus) delete partsOf(object)["status"];
    startGeneration(object);
  }

  prepareForUpdate(object: KubeObject, old: KubeObject): void {
    if (this.#rules.hasStatus) takeStatus(object, old);
    if (semanticEqual(contentOf(object), contentOf(old))) return;
    object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  }

  validateCreate(object: KubeObject): FieldError[] {
    const { scope, schema, scale } = this.#rules;
    const errors = validateObjectMeta(object.metadata, scope, subdomainName, metadataPath, "any");
    if (this.#validator) errors.push(...this.#validator.validate(object));
    if (scale) errors.push(...scaleErrors(object, scale));
    if (schema) errors.push(...embeddedErrors(object, schema), ...checkListTypes(object, schema));
    return this.#withRules(errors, object, undefined);
  }

  validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
    const { scale } = this.#rules;
    const errors = validateObjectMetaUpdate(object.metadata, old.metadata, metadataPath, "any");
    if (this.#validator) errors.push(...this.#validator.validateUpdate(object, old));
    if (scale) errors.push(...scaleErrors(object, scale));
    errors.push(...this.#structureErrors(object, old));
    return this.#withRules(errors, object, old);
  }

  warnings(object: KubeObject, old: KubeObject | undefined): string[] {
    const known = new Set(old?.metadata.finalizers);
    const added = (object.metadata.finalizers ?? []).filter((name) => !known.has(name));
    return added.toSorted().flatMap((name) => {
      if (name.includes("/") || standardFinalizers.has(name)) return [];
      return `metadata.finalizers: ${goQuote(name)}: prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers`;
    });
  }

  /** The rules of writes to the status alone. */
  status(): PartStrategy<KubeObject> {
    return {
      prepareForUpdate: (object, old) => {
        const { status } = partsOf(object);
        for (const name of Object.keys(object)) if (name !== "metadata") delete partsOf(object)[name];
        Object.assign(object, contentOf(old));
        if (status === undefined) delete partsOf(object)["status"];
        else partsOf(object)["status"] = status;
        restoreMetadata(object, old);
      },
      validateUpdate: (object, old) => {
        const errors = validateObjectMetaUpdate(object.metadata, old.metadata, metadataPath, "any");
        const { status } = partsOf(object);
        if (this.#statusValidator && status !== undefined) {
          const problems = this.#statusValidator.validateUpdate(status, partsOf(old)["status"]);
          errors.push(...below("status", problems));
        }
        if (this.#rules.scale) errors.push(...scaleErrors(object, this.#rules.scale));
        errors.push(...this.#structureErrors(object, old));
        return this.#withRules(errors, object, old);
      },
    };
  }

  /** Rules may rely on what the schema says, so that they are checked only where that holds. */
  #withRules(errors: FieldError[], object: KubeObject, old: KubeObject | undefined): FieldError[] {
    if (!this.#tree) return errors;
    if (errors.some(({ reason }) => blockingReasons.has(reason))) {
      return [...errors, invalidField("<nil>", "null", rulesNotChecked)];
    }
    const change = old && { oldValue: old, onRatcheted: () => {} };
    const { errors: broken } = validateRules(this.#tree, { path: undefined, value: object, ...change });
    return [...errors, ...broken];
  }

  /** Lists that held duplicates before may go on doing so. */
  #structureErrors(object: KubeObject, old: KubeObject): FieldError[] {
    const { schema } = this.#rules;
    if (!schema) return [];
    const known = new Set(checkListTypes(old, schema).map(fieldErrorText));
    const lists = known.size > 0 ? [] : checkListTypes(object, schema);
    return [...embeddedErrors(object, schema), ...lists];
  }
}

const blockingReasons: ReadonlySet<FieldErrorReason> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);
const rulesNotChecked =
  "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

const standardFinalizers = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

function embeddedErrors(object: KubeObject, schema: JSONSchemaProps): FieldError[] {
  return checkEmbedded(object, schema, false, embeddedMetadataRules);
}

function partsOf(object: KubeObject): Record<string, unknown> {
  return object as unknown as Record<string, unknown>;
}

function contentOf(object: KubeObject): Record<string, unknown> {
  const { metadata: _metadata, ...content } = partsOf(object);
  return content;
}

function takeStatus(object: KubeObject, old: KubeObject): void {
  const { status } = partsOf(old);
  if (status === undefined) delete partsOf(object)["status"];
  else partsOf(object)["status"] = structuredClone(status);
}

/** A status write changes no metadata but what identifies the write and whose the fields are. */
function restoreMetadata({ metadata }: KubeObject, { metadata: old }: KubeObject): void {
  for (const field of ["labels", "annotations", "finalizers", "ownerReferences", "generation"] as const) {
    restore(metadata, old, field);
  }
}

function restore<K extends keyof KubeObject["metadata"]>(
  target: KubeObject["metadata"],
  source: KubeObject["metadata"],
  field: K,
): void {
  if (source[field] === undefined) delete target[field];
  else target[field] = structuredClone(source[field]);
}
