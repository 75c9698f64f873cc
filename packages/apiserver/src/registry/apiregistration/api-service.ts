import type { APIService, APIServiceCondition, APIServiceSpec } from "@kube-ts/api/apiregistration/v1";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import {
  dns1035LabelErrors,
  dns1123SubdomainErrors,
  pathSegmentNameErrors,
  portNumberErrors,
} from "@kube-ts/api/names";
import { apiServices } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { base64ByteLength } from "../meta/byte-length.ts";
import { keepMetadata } from "../meta/keep-metadata.ts";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const specPath = fieldPath("spec");
const conditionsPath = fieldPath("status", "conditions");
const maxGroupPriority = 20_000;
const maxVersionPriority = 1000;
const defaultPort = 443;

export const apiServiceResource = defineResource<APIService>({
  type: apiServices,
  singular: "apiservice",
  categories: ["api-extensions"],
  storagePrefix: "apiregistration.k8s.io/apiservices",
  strategy: {
    defaults({ spec, status }) {
      dropZeroFields(spec, ["insecureSkipTLSVerify", "caBundle", "group", "version"]);
      if (spec.service) {
        spec.service.port ??= defaultPort;
        dropZeroFields(spec.service, ["namespace", "name"]);
      }
      for (const condition of status?.conditions ?? []) dropZeroFields(condition, ["reason", "message"]);
    },
    prepareForCreate(service, { nowMs }) {
      service.status = service.spec.service ? {} : { conditions: [localCondition(nowMs)] };
    },
    prepareForUpdate(service, old) {
      if (old.status !== undefined) service.status = old.status;
    },
    validateCreate: validateApiService,
    validateUpdate: (service, old) => [
      ...validateObjectMetaUpdate(service.metadata, old.metadata),
      ...validateApiService(service),
    ],
    allowUnconditionalUpdate: false,
  },
  status: {
    prepareForUpdate(service, old) {
      keepMetadata(service, old);
      service.spec = old.spec;
    },
    validateUpdate(service, old) {
      const errors = validateObjectMetaUpdate(service.metadata, old.metadata);
      const statuses = ["True", "False", "Unknown"];
      for (const [index, { status }] of (service.status?.conditions ?? []).entries()) {
        if (statuses.includes(status)) continue;
        errors.push(notSupportedField(conditionsPath.index(index).child("status"), status, statuses));
      }
      return errors;
    },
  },
  columns: {
    definitions: [
      nameColumn,
      column("Service", "string", "Service in front of the server; Local for this one."),
      column("Available", "string", "Whether the group version is available."),
      ageColumn,
    ],
    row: (service, nowMs) => ({
      cells: [nameCell(service), serviceText(service), availableText(service), ageCell(service, nowMs)],
    }),
  },
});

/** What this server serves itself is there while the server is. */
function localCondition(nowMs: number): APIServiceCondition {
  return {
    type: "Available",
    status: "True",
    lastTransitionTime: formatTime(nowMs),
    reason: "Local",
    message: "Local APIServices are always available",
  };
}

function serviceText({ spec: { service } }: APIService): string {
  return service ? `${service.namespace ?? ""}/${service.name ?? ""}` : "Local";
}

function availableText({ status }: APIService): string {
  const condition = status?.conditions?.find(({ type }) => type === "Available");
  if (!condition) return "Unknown";
  return condition.status === "True" || isBlank(condition.reason)
    ? condition.status
    : `${condition.status} (${condition.reason})`;
}

function validateApiService({ metadata, spec }: APIService): FieldError[] {
  const expected = `${spec.version ?? ""}.${spec.group ?? ""}`;
  const errors = validateObjectMeta(metadata, "Cluster", (name) => {
    const problems = pathSegmentNameErrors(name);
    if (problems.length > 0 || name === expected) return problems;
    return [`must be \`spec.version+"."+spec.group\`: ${goQuote(expected)}`];
  });
  checkGroupVersion(spec, errors);
  checkPriority(spec.groupPriorityMinimum, maxGroupPriority, specPath.child("groupPriorityMinimum"), errors);
  checkPriority(spec.versionPriority, maxVersionPriority, specPath.child("versionPriority"), errors);
  if (spec.service) checkRemote(spec, errors);
  else checkLocal(spec, errors);
  return errors;
}

function checkGroupVersion({ group = "", version = "" }: APIServiceSpec, errors: FieldError[]): void {
  const groupPath = specPath.child("group");
  if (group !== "") checkTexts(dns1123SubdomainErrors(group), group, groupPath, errors);
  else if (version !== "v1") {
    errors.push(requiredField(groupPath, "only v1 may have an empty group and it better be legacy kube"));
  }
  checkTexts(dns1035LabelErrors(version), version, specPath.child("version"), errors);
}

function checkPriority(priority: number, max: number, path: FieldPath, errors: FieldError[]): void {
  if (priority > 0 && priority <= max) return;
  errors.push(invalidField(path, priority, `must be positive and less than ${max}`));
}

function checkLocal({ caBundle, insecureSkipTLSVerify }: APIServiceSpec, errors: FieldError[]): void {
  if (!isBlank(caBundle)) {
    const size = `${base64ByteLength(caBundle)} bytes`;
    errors.push(invalidField(specPath.child("caBundle"), size, "local APIServices may not have a caBundle"));
  }
  if (insecureSkipTLSVerify) {
    const text = "local APIServices may not have insecureSkipTLSVerify";
    errors.push(invalidField(specPath.child("insecureSkipTLSVerify"), true, text));
  }
}

function checkRemote({ service = {}, caBundle, insecureSkipTLSVerify }: APIServiceSpec, errors: FieldError[]): void {
  const path = specPath.child("service");
  if (isBlank(service.namespace)) errors.push(requiredField(path.child("namespace"), ""));
  if (isBlank(service.name)) errors.push(requiredField(path.child("name"), ""));
  const port = service.port ?? 0;
  const problems = portNumberErrors(port);
  if (problems.length > 0) {
    errors.push(invalidField(path.child("port"), port, `port is not valid: ${problems.join(", ")}`));
  }
  if (insecureSkipTLSVerify && !isBlank(caBundle)) {
    const text = "may not be true if caBundle is present";
    errors.push(invalidField(specPath.child("insecureSkipTLSVerify"), true, text));
  }
}
