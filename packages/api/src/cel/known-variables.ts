import { dynVariable, schemaVariable, type CelVariable } from "./environment.ts";
import { authorizerType, resourceCheckType } from "./library/authorizer.ts";
import { quantityType } from "./library/quantities.ts";
import { schemaDecl } from "./schema-decl.ts";
import type { CelSchema } from "./schema.ts";
import { boolType, dynType, listOf, mapOf, objectType, stringType, type CelType } from "./types.ts";

/** An object type with these fields. */
export function recordType(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  const known = new Map(Object.entries(fields));
  return objectType(name, (field) => known.get(field));
}

const userInfoType = recordType("kubernetes.UserInfo", {
  username: stringType,
  uid: stringType,
  groups: listOf(stringType),
  extra: mapOf(stringType, listOf(stringType)),
});
const kindType = recordType("kubernetes.GroupVersionKind", {
  group: stringType,
  version: stringType,
  kind: stringType,
});
const resourceType = recordType("kubernetes.GroupVersionResource", {
  group: stringType,
  version: stringType,
  resource: stringType,
});

/** `request` of admission: an AdmissionRequest without its objects. */
export const admissionRequestVariable: CelVariable = {
  type: recordType("kubernetes.AdmissionRequest", {
    kind: kindType,
    resource: resourceType,
    subResource: stringType,
    requestKind: kindType,
    requestResource: resourceType,
    requestSubResource: stringType,
    name: stringType,
    namespace: stringType,
    operation: stringType,
    userInfo: userInfoType,
    dryRun: boolType,
    options: dynType,
  }),
};

const text: CelSchema = { type: "string" };
const time: CelSchema = { type: "string", format: "date-time" };
const texts: CelSchema = { type: "array", items: text };
const textMap: CelSchema = { type: "object", additionalProperties: text };
const namespaceSchema: CelSchema = {
  type: "object",
  properties: {
    metadata: {
      type: "object",
      properties: {
        name: text,
        generateName: text,
        namespace: text,
        labels: textMap,
        annotations: textMap,
        UID: text,
        uid: text,
        creationTimestamp: time,
        deletionGracePeriodSeconds: { type: "integer" },
        deletionTimestamp: time,
        generation: { type: "integer" },
        resourceVersion: text,
        finalizers: texts,
      },
    },
    spec: { type: "object", properties: { finalizers: texts } },
    status: { type: "object", properties: { phase: text } },
  },
};

/** `namespaceObject`: the namespace of the object; bind null for objects that have none. */
export const namespaceVariable: CelVariable = namespaceVariableOf();

function namespaceVariableOf(): CelVariable {
  const decl = schemaDecl({ ...namespaceSchema, nullable: true }, { name: "kubernetes.Namespace" });
  return decl ? schemaVariable(decl) : dynVariable;
}

/** What every admission expression may refer to besides `params`, `variables` and the authorizer. */
export const admissionVariables: Readonly<Record<string, CelVariable>> = {
  object: dynVariable,
  oldObject: dynVariable,
  request: admissionRequestVariable,
  namespaceObject: namespaceVariable,
};

/** `authorizer` and `authorizer.requestResource`; bind a `CelAuthorizer` and a `CelResourceCheck`. */
export const authorizerVariables: Readonly<Record<string, CelVariable>> = {
  authorizer: { type: authorizerType },
  "authorizer.requestResource": { type: resourceCheckType },
};

/** `variables`, with the types of those that were compiled before; bind a `LazyMap`. */
export function composedVariables(types: Readonly<Record<string, CelType>>): CelVariable {
  return { type: recordType("kubernetes.variables", types) };
}

/** `claims` of authentication configuration. */
export const claimsVariable: CelVariable = { type: mapOf(stringType, dynType) };

/** `user` of authentication configuration. */
export const userVariable: CelVariable = { type: userInfoType };

const selectorType = recordType("kubernetes.SelectorAttributes", {
  rawSelector: stringType,
  requirements: listOf(
    recordType("kubernetes.SelectorRequirement", { key: stringType, operator: stringType, values: listOf(stringType) }),
  ),
});

/** `request` of authorization configuration: the spec of a SubjectAccessReview. */
export const accessReviewVariable: CelVariable = {
  type: recordType("kubernetes.SubjectAccessReviewSpec", {
    resourceAttributes: recordType("kubernetes.ResourceAttributes", {
      namespace: stringType,
      verb: stringType,
      group: stringType,
      version: stringType,
      resource: stringType,
      subresource: stringType,
      name: stringType,
      fieldSelector: selectorType,
      labelSelector: selectorType,
    }),
    nonResourceAttributes: recordType("kubernetes.NonResourceAttributes", { path: stringType, verb: stringType }),
    user: stringType,
    groups: listOf(stringType),
    extra: mapOf(stringType, listOf(stringType)),
    uid: stringType,
  }),
};

/** `device` of device selectors; bind what `deviceValue` makes. */
export const deviceVariable: CelVariable = {
  type: recordType("kubernetes.DRADevice", {
    driver: stringType,
    attributes: mapOf(stringType, mapOf(stringType, dynType)),
    capacity: mapOf(stringType, mapOf(stringType, quantityType)),
    allowMultipleAllocations: boolType,
  }),
};
