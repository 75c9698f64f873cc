import type { Event } from "@kube-ts/api/core/v1";
import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { dns1123SubdomainErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";

const involvedNamespacePath = fieldPath("involvedObject", "namespace");
const maxLength = 128;
const maxMessageLength = 1024;
const immutableFields = [
  "involvedObject",
  "reason",
  "message",
  "source",
  "firstTimestamp",
  "lastTimestamp",
  "count",
  "type",
  "eventTime",
  "action",
  "related",
  "reportingComponent",
  "reportingInstance",
] as const satisfies (keyof Event)[];
/** Upstream reports this one under its internal name. */
const reportedNames: Readonly<Record<string, string>> = { reportingComponent: "reportingController" };

/** What holds for events of either API version. */
export function validateEvent(event: Event): FieldError[] {
  const errors: FieldError[] = [];
  const namespace = event.metadata.namespace ?? "";
  const involved = event.involvedObject.namespace ?? "";
  if (!event.eventTime) {
    const matches = involved === "" ? namespace === "" || namespace === "default" : namespace === involved;
    if (!matches) errors.push(invalidField(involvedNamespacePath, involved, "does not match event.namespace"));
  } else {
    if (involved === "" && namespace !== "default" && namespace !== "kube-system") {
      errors.push(invalidField(involvedNamespacePath, involved, "does not match event.namespace"));
    }
    checkReport(event, errors);
  }
  checkTexts(dns1123SubdomainErrors(namespace), namespace, fieldPath("namespace"), errors);
  return errors;
}

function checkReport(event: Event, errors: FieldError[]): void {
  const controller = event.reportingComponent ?? "";
  if (controller === "") errors.push(requiredField("reportingController", ""));
  checkTexts(qualifiedNameErrors(controller), controller, fieldPath("reportingController"), errors);
  for (const field of ["reportingInstance", "action", "reason"] as const) {
    const text = event[field];
    if (isBlank(text)) errors.push(requiredField(field, ""));
    else if (text.length > maxLength) {
      errors.push(invalidField(field, "", `can have at most ${maxLength} characters`));
    }
  }
  if ((event.message ?? "").length > maxMessageLength) {
    errors.push(invalidField("message", "", `can have at most ${maxMessageLength} characters`));
  }
}

/** What events.k8s.io/v1 asks for beyond `validateEvent`. */
export function validateStrictEvent(event: Event): FieldError[] {
  const errors = validateObjectMeta(event.metadata, "Namespaced", subdomainName);
  checkSeries(event, errors);
  if (!event.eventTime) errors.push(requiredField("eventTime", ""));
  if (event.type !== "Normal" && event.type !== "Warning") {
    errors.push(invalidField("type", "", `has invalid value: ${event.type ?? ""}`));
  }
  for (const field of ["firstTimestamp", "lastTimestamp", "count"] as const) {
    if (event[field]) errors.push(invalidField(field, "", "needs to be unset"));
  }
  if (event.source?.component || event.source?.host) errors.push(invalidField("source", "", "needs to be unset"));
  return errors;
}

export function validateStrictEventUpdate(event: Event, old: Event): FieldError[] {
  const errors = validateObjectMetaUpdate(event.metadata, old.metadata);
  if (!semanticEqual(event.series, old.series)) checkSeries(event, errors);
  for (const field of immutableFields) {
    checkImmutable(event[field], old[field], fieldPath(reportedNames[field] ?? field), errors);
  }
  return errors;
}

function checkSeries(event: Event, errors: FieldError[]): void {
  if (event.series === undefined) return;
  if ((event.series.count ?? 0) < 2) errors.push(invalidField("series.count", "", "should be at least 2"));
  if (!event.series.lastObservedTime) errors.push(requiredField("series.lastObservedTime", ""));
}
