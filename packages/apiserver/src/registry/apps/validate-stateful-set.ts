import type { StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy } from "@kube-ts/api/apps/v1";
import type { PodTemplateSpec } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { checkClaimSpec } from "../core/validate-claim.ts";
import { checkPodTemplate } from "../core/validate-pod-template.ts";
import { labelName } from "../meta/object-names.ts";
import { checkNonNegative, checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { amountOf, checkAtMostAll, checkCountOrPercent } from "./validate-rolling-update.ts";
import {
  checkLastingPods,
  checkRequiredSelector,
  checkSelectorMatches,
  selectorPath,
  templatePath,
} from "./validate-template.ts";

const specPath = fieldPath("spec");
const retentionPolicies = ["Retain", "Delete"];
/** The fields of the spec that may change, in upstream's order. */
const updatableFields = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
] as const satisfies (keyof StatefulSetSpec)[];

export function validateStatefulSet({ metadata, spec }: StatefulSet): FieldError[] {
  const errors = validateObjectMeta(metadata, "Namespaced", labelName);
  checkSpec(spec, { isNew: true, withTemplate: true }, errors);
  return errors;
}

/** A set whose template would be refused today may be changed in other ways. */
export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
  const errors = validateObjectMetaUpdate(set.metadata, old.metadata);
  const before: FieldError[] = [];
  checkSpec(old.spec, { isNew: false, withTemplate: true }, before);
  checkSpec(set.spec, { isNew: false, withTemplate: before.length === 0 }, errors);
  const fixed: Partial<StatefulSetSpec> = { ...set.spec };
  const oldFixed: Partial<StatefulSetSpec> = { ...old.spec };
  for (const field of updatableFields) {
    delete fixed[field];
    delete oldFixed[field];
  }
  if (!semanticEqual(fixed, oldFixed)) {
    const quoted = updatableFields.map((field) => `'${field}'`);
    const list = `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
    const text = `updates to statefulset spec for fields other than ${list} are forbidden`;
    errors.push(forbiddenField(specPath, text));
  }
  return errors;
}

/** Claims and the name of the service never change: they are looked at when the set is new. */
function checkSpec(
  spec: StatefulSetSpec,
  { isNew, withTemplate }: { readonly isNew: boolean; readonly withTemplate: boolean },
  errors: FieldError[],
): void {
  const policy: string = spec.podManagementPolicy ?? "";
  const policyPath = specPath.child("podManagementPolicy");
  if (policy === "") errors.push(requiredField(policyPath, ""));
  else if (policy !== "OrderedReady" && policy !== "Parallel") {
    errors.push(invalidField(policyPath, policy, "must be 'OrderedReady' or 'Parallel'"));
  }
  checkStrategy(spec.updateStrategy ?? {}, specPath.child("updateStrategy"), errors);
  checkRetention(spec, errors);
  if (isNew) checkClaims(spec, errors);
  checkNonNegative(spec.replicas, specPath.child("replicas"), errors);
  checkNonNegative(spec.minReadySeconds, specPath.child("minReadySeconds"), errors);
  checkNonNegative(spec.ordinals?.start, specPath.child("ordinals.start"), errors);
  if (isNew && spec.serviceName !== "") {
    checkTexts(labelName(spec.serviceName, false), spec.serviceName, specPath.child("serviceName"), errors);
  }
  const selector = checkRequiredSelector(spec.selector, "statefulset", errors);
  if (selector === undefined) {
    errors.push(invalidField(selectorPath, spec.selector, ""));
  } else {
    if (!selector.isNothing && !selector.isEverything) {
      checkSelectorMatches(selector, spec.template, templatePath, errors);
    }
    if (withTemplate) checkPodTemplate(templateWithClaims(spec), templatePath, errors);
  }
  checkLastingPods(spec.template, "StatefulSet", errors);
}

function checkClaims({ volumeClaimTemplates = [] }: StatefulSetSpec, errors: FieldError[]): void {
  const path = specPath.child("volumeClaimTemplates");
  for (const [index, claim] of volumeClaimTemplates.entries()) {
    checkClaimSpec(claim.spec, path.index(index).child("spec"), errors);
  }
}

/** The template as pods have it: with a volume for each claim, in place of the one that has its name. */
function templateWithClaims({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  if (!template.spec) return template;
  const claims = volumeClaimTemplates.map(({ metadata }) => {
    const name = metadata.name ?? "";
    return { name, persistentVolumeClaim: { claimName: name } };
  });
  const names = new Set(claims.map(({ name }) => name));
  const volumes = (template.spec.volumes ?? []).filter(({ name }) => !names.has(name));
  return { ...template, spec: { ...template.spec, volumes: [...volumes, ...claims] } };
}

function checkRetention(spec: StatefulSetSpec, errors: FieldError[]): void {
  const policy = spec.persistentVolumeClaimRetentionPolicy;
  if (policy === undefined) return;
  const path = specPath.child("persistentVolumeClaimRetentionPolicy");
  for (const field of ["whenDeleted", "whenScaled"] as const) {
    const value = policy[field] ?? "";
    if (!retentionPolicies.includes(value)) {
      errors.push(notSupportedField(path.child(field), value, retentionPolicies));
    }
  }
}

function checkStrategy(strategy: StatefulSetUpdateStrategy, path: FieldPath, errors: FieldError[]): void {
  const { type, rollingUpdate } = strategy;
  const updatePath = path.child("rollingUpdate");
  switch (type) {
    case undefined:
      errors.push(requiredField(path, ""));
      return;
    case "OnDelete":
      if (rollingUpdate !== undefined) {
        const text = "only allowed for updateStrategy 'RollingUpdate'";
        errors.push(invalidField(updatePath, rollingUpdate, text));
      }
      return;
    case "RollingUpdate":
      break;
    default:
      errors.push(invalidField(path, strategy, "must be 'RollingUpdate' or 'OnDelete'"));
      return;
  }
  if (rollingUpdate === undefined) return;
  const { partition, maxUnavailable } = rollingUpdate;
  checkNonNegative(partition, updatePath.child("partition"), errors);
  if (maxUnavailable === undefined) return;
  const unavailablePath = updatePath.child("maxUnavailable");
  checkCountOrPercent(maxUnavailable, unavailablePath, errors);
  if (amountOf(maxUnavailable) === 0) errors.push(invalidField(unavailablePath, maxUnavailable, "cannot be 0"));
  checkAtMostAll(maxUnavailable, unavailablePath, errors);
}
