import type { DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy } from "@kube-ts/api/apps/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { daemonSets } from "@kube-ts/api/resource-types";
import { formatLabelSelector, validateLabelSelector } from "@kube-ts/api/selectors";
import { defaultPodTemplate } from "../core/default-pod-spec.ts";
import { dropDisabledPodFields } from "../core/drop-disabled-fields.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { checkPodTemplate } from "../core/validate-pod-template.ts";
import { checkCollisionCount } from "../core/validate-replicas.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkNonNegative } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import {
  ageCell,
  ageColumn,
  column,
  containerImages,
  containerNames,
  containersColumn,
  formatLabels,
  imagesColumn,
  nameCell,
  nameColumn,
  wideColumn,
} from "../table/columns.ts";
import { amountOf, checkAtMostAll, checkCountOrPercent } from "./validate-rolling-update.ts";
import {
  checkLastingPods,
  checkSelectorMatches,
  isEmptySelector,
  matcherOf,
  selectorPath,
  templatePath,
} from "./validate-template.ts";

const specPath = fieldPath("spec");
const statusPath = fieldPath("status");
const templateGenerationAnnotation = "deprecated.daemonset.template.generation";

const daemonSetColumns: TableColumns<DaemonSet> = {
  definitions: [
    nameColumn,
    column("Desired", "integer", "How many nodes should run the daemon."),
    column("Current", "integer", "How many of these nodes run at least one of its pods."),
    column("Ready", "integer", "How many of these nodes have a ready pod."),
    column("Up-to-date", "integer", "How many nodes run a pod of the current template."),
    column("Available", "integer", "How many nodes have a pod that has been ready long enough."),
    column("Node Selector", "string", "Labels of the nodes that should run the daemon."),
    ageColumn,
    containersColumn,
    imagesColumn,
    wideColumn("Selector", "string", "Labels of the daemon set's pods."),
  ],
  row(set, nowMs) {
    const { spec, status } = set;
    return {
      cells: [
        nameCell(set),
        status?.desiredNumberScheduled ?? 0,
        status?.currentNumberScheduled ?? 0,
        status?.numberReady ?? 0,
        status?.updatedNumberScheduled ?? 0,
        status?.numberAvailable ?? 0,
        formatLabels(spec.template.spec?.nodeSelector),
        ageCell(set, nowMs),
        containerNames(spec.template.spec?.containers),
        containerImages(spec.template.spec?.containers),
        formatLabelSelector(spec.selector),
      ],
    };
  },
};

export const daemonSetResource = defineResource<DaemonSet>({
  type: daemonSets,
  singular: "daemonset",
  shortNames: ["ds"],
  categories: ["all"],
  storagePrefix: "daemonsets",
  strategy: {
    defaults: defaultDaemonSet,
    prepareForCreate(set) {
      set.status = initialStatus();
      startGeneration(set);
      setTemplateGeneration(set, Math.max(1, templateGeneration(set)));
      if (set.spec.template.spec) dropDisabledPodFields(set.spec.template.spec, undefined);
    },
    prepareForUpdate(set, old) {
      if (old.status !== undefined) set.status = old.status;
      if (set.spec.template.spec) dropDisabledPodFields(set.spec.template.spec, old.spec.template.spec);
      countChange(set, set.spec, old.spec);
      const isNewTemplate = !semanticEqual(set.spec.template, old.spec.template);
      setTemplateGeneration(set, templateGeneration(old) + (isNewTemplate ? 1 : 0));
    },
    validateCreate(set) {
      const errors = validateObjectMeta(set.metadata, "Namespaced", subdomainName);
      checkSpec(set.spec, errors);
      return errors;
    },
    validateUpdate(set, old) {
      const errors = validateObjectMetaUpdate(set.metadata, old.metadata);
      checkSpec(set.spec, errors);
      checkImmutable(set.spec.selector, old.spec.selector, selectorPath, errors);
      return errors;
    },
    warnings: (set, old) => podTemplateWarnings(set, old, set.spec.template, templatePath),
    defaultPropagation: "Background",
  },
  status: {
    prepareForUpdate(set, old) {
      set.spec = old.spec;
    },
    validateUpdate(set, old) {
      const errors = validateObjectMetaUpdate(set.metadata, old.metadata);
      for (const [field, value] of Object.entries(set.status ?? {})) {
        if (typeof value === "number") checkNonNegative(value, statusPath.child(field), errors);
      }
      checkCollisionCount(set.status?.collisionCount, old.status?.collisionCount, errors);
      return errors;
    },
  },
  columns: daemonSetColumns,
});

function initialStatus() {
  return { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
}

/** How many templates there have been; upstream keeps this former field as an annotation. */
function templateGeneration(set: DaemonSet): number {
  const text = set.metadata.annotations?.[templateGenerationAnnotation] ?? "";
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : 0;
}

function setTemplateGeneration(set: DaemonSet, generation: number): void {
  set.metadata.annotations ??= {};
  set.metadata.annotations[templateGenerationAnnotation] = String(generation);
}

function defaultDaemonSet(set: DaemonSet): void {
  const spec: Partial<DaemonSetSpec> = set.spec ?? {};
  dropZeroFields(spec, ["minReadySeconds"]);
  spec.template = defaultPodTemplate(spec.template);
  spec.updateStrategy = defaultStrategy(spec.updateStrategy ?? {});
  spec.revisionHistoryLimit ??= 10;
  set.spec = { ...spec, template: spec.template };
  set.status = { ...initialStatus(), ...set.status };
  dropZeroFields(set.status, ["observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable"]);
}

function defaultStrategy(strategy: DaemonSetUpdateStrategy): DaemonSetUpdateStrategy {
  strategy.type ||= "RollingUpdate";
  if (strategy.type === "RollingUpdate") {
    strategy.rollingUpdate ??= {};
    strategy.rollingUpdate.maxUnavailable ??= 1;
    strategy.rollingUpdate.maxSurge ??= 0;
  }
  return strategy;
}

function checkSpec(spec: DaemonSetSpec, errors: FieldError[]): void {
  errors.push(...validateLabelSelector(spec.selector, selectorPath));
  const selector = matcherOf(spec.selector);
  if (selector) checkSelectorMatches(selector, spec.template, templatePath, errors);
  if (spec.selector && isEmptySelector(spec.selector)) {
    errors.push(invalidField(selectorPath, spec.selector, "empty selector is invalid for daemonset"));
  }
  checkPodTemplate(spec.template, templatePath, errors);
  checkLastingPods(spec.template, "DaemonSet", errors);
  checkNonNegative(spec.minReadySeconds, specPath.child("minReadySeconds"), errors);
  checkStrategy(spec.updateStrategy ?? {}, specPath.child("updateStrategy"), errors);
  checkNonNegative(spec.revisionHistoryLimit, specPath.child("revisionHistoryLimit"), errors);
}

function checkStrategy(strategy: DaemonSetUpdateStrategy, path: FieldPath, errors: FieldError[]): void {
  if (strategy.type === "OnDelete") return;
  if (strategy.type !== "RollingUpdate") {
    errors.push(notSupportedField(path, strategy, ["RollingUpdate", "OnDelete"]));
    return;
  }
  const updatePath = path.child("rollingUpdate");
  if (strategy.rollingUpdate === undefined) {
    errors.push(requiredField(updatePath, ""));
    return;
  }
  const { maxUnavailable, maxSurge } = strategy.rollingUpdate;
  checkCountOrPercent(maxUnavailable, updatePath.child("maxUnavailable"), errors);
  checkCountOrPercent(maxSurge, updatePath.child("maxSurge"), errors);
  checkAtMostAll(maxUnavailable, updatePath.child("maxUnavailable"), errors);
  checkAtMostAll(maxSurge, updatePath.child("maxSurge"), errors);
  const unavailable = amountOf(maxUnavailable);
  const surge = amountOf(maxSurge);
  if (unavailable !== 0 && surge !== 0) {
    const text = "may not be set when maxUnavailable is non-zero";
    errors.push(invalidField(updatePath.child("maxSurge"), maxSurge, text));
  } else if (unavailable === 0 && surge === 0) {
    errors.push(requiredField(updatePath.child("maxUnavailable"), "cannot be 0 when maxSurge is 0"));
  }
}
