import type { FieldError } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import type { AdmissionAttributes, AdmissionChain, AdmissionOperation, KubeOptions } from "../admission/admission.ts";
import { admissionAnnotations } from "../audit/admission-annotations.ts";
import type { FieldWrite } from "../registry/field-management/field-management.ts";
import { type FieldTracking, trackingOf } from "../registry/field-management/field-tracking.ts";
import { managerName } from "../registry/field-management/manager-name.ts";
import type { WriteContext } from "../registry/resource-definition.ts";
import type { WriteRequest } from "../registry/write-request.ts";
import type { Exchange } from "./exchange.ts";
import { warn } from "./exchange.ts";
import type { ResourceRequest } from "./request-info.ts";
import type { ServedResource } from "./served-resource.ts";

/** What strategies are told of the request. */
export function writeContext(exchange: Exchange, dryRun: boolean): WriteContext {
  return { nowMs: exchange.nowMs, dryRun, user: exchange.user };
}

export interface AdmissionObjects {
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
  /** Absent: those in the query. */
  readonly options?: KubeOptions;
}

/** What admission is told of a write. */
export function admissionAttributes(
  exchange: Exchange,
  info: ResourceRequest,
  resource: Pick<ServedResource, "type">,
  operation: AdmissionOperation,
  dryRun: boolean,
  objects: AdmissionObjects,
): AdmissionAttributes {
  return {
    operation,
    type: resource.type,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name || objects.object?.metadata?.name || "",
    object: objects.object,
    oldObject: objects.oldObject,
    user: exchange.user,
    dryRun,
    get options() {
      return objects.options ?? writeOptions(info, operation, dryRun);
    },
    warn: (message) => warn(exchange, message),
    ...admissionAnnotations(exchange.audit),
  };
}

const optionKinds = { CREATE: "CreateOptions", UPDATE: "UpdateOptions", DELETE: "DeleteOptions", CONNECT: "" } as const;

/** The options of a write as its query gives them. */
function writeOptions({ query }: ResourceRequest, operation: AdmissionOperation, dryRun: boolean): KubeOptions {
  const fieldManager = query.get("fieldManager");
  const fieldValidation = query.get("fieldValidation");
  return {
    kind: optionKinds[operation],
    apiVersion: "meta.k8s.io/v1",
    ...(dryRun && { dryRun: ["All"] }),
    ...(fieldManager && { fieldManager }),
    ...(fieldValidation && { fieldValidation }),
  };
}

/** What field management is told of the request. */
export function fieldWrite(
  exchange: Exchange,
  { subresource, query }: ResourceRequest,
  { apiVersion }: Pick<ServedResource, "apiVersion">,
): FieldWrite {
  const manager = managerName(query.get("fieldManager") ?? "", exchange.request.headers["user-agent"]);
  return { apiVersion, subresource, manager, nowMs: exchange.nowMs };
}

/** A write with the admission of its request bound to it, tracked unless the caller does that itself. */
export function bindWrite<T extends KubeObject>(
  exchange: Exchange,
  info: ResourceRequest,
  resource: ServedResource<T>,
  admission: AdmissionChain,
  dryRun: boolean,
  fields: FieldTracking<T> | undefined = trackingOf(resource.registry.definition, fieldWrite(exchange, info, resource)),
): WriteRequest<T> {
  const attributes = (object: T, oldObject: T | undefined) =>
    admissionAttributes(exchange, info, resource, oldObject ? "UPDATE" : "CREATE", dryRun, {
      object,
      oldObject,
    });
  return {
    context: writeContext(exchange, dryRun),
    verb: info.verb,
    fields,
    signal: exchange.signal,
    timer: exchange.audit,
    admit: (object, old) => admission.admit(attributes(object, old), exchange.signal),
    validate: (object, old) => admission.validate(attributes(object, old), exchange.signal),
    warn: (message) => warn(exchange, message),
    ...(info.subresource === "" && {
      versionErrors: (object: T, old: T | undefined) => resource.versionErrors(object, old),
      tolerates: (error: FieldError) => resource.tolerates(error),
    }),
  };
}
