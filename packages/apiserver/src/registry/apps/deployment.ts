import type { Deployment, DeploymentSpec, DeploymentStrategy } from "@kube-ts/api/apps/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { deployments } from "@kube-ts/api/resource-types";
import { defaultPodTemplate } from "../core/default-pod-spec.ts";
import { dropDisabledPodFields } from "../core/drop-disabled-fields.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { checkCollisionCount, checkReplicaCounts } from "../core/validate-replicas.ts";
import { startGeneration } from "../meta/generation.ts";
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
  imagesColumn,
  nameCell,
  nameColumn,
  wideColumn,
} from "../table/columns.ts";
import { amountOf, checkAtMostAll, checkCountOrPercent } from "./validate-rolling-update.ts";
import {
  checkReplicaTemplate,
  checkRequiredSelector,
  matcherOf,
  selectorPath,
  templatePath,
} from "./validate-template.ts";
import { workloadScale } from "./workload-scale.ts";

const specPath = fieldPath("spec");

const deploymentColumns: TableColumns<Deployment> = {
  definitions: [
    nameColumn,
    column("Ready", "string", "How many pods are ready, of how many there should be."),
    column("Up-to-date", "string", "How many pods are of the current template."),
    column("Available", "string", "How many pods have been ready long enough."),
    ageColumn,
    containersColumn,
    imagesColumn,
    wideColumn("Selector", "string", "Labels of the deployment's pods."),
  ],
  row(deployment, nowMs) {
    const { spec, status } = deployment;
    return {
      cells: [
        nameCell(deployment),
        `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
        status?.updatedReplicas ?? 0,
        status?.availableReplicas ?? 0,
        ageCell(deployment, nowMs),
        containerNames(spec.template.spec?.containers),
        containerImages(spec.template.spec?.containers),
        matcherOf(spec.selector)?.toString() ?? "<invalid>",
      ],
    };
  },
};

export const deploymentResource = defineResource<Deployment>({
  type: deployments,
  singular: "deployment",
  shortNames: ["deploy"],
  categories: ["all"],
  storagePrefix: "deployments",
  strategy: {
    defaults: defaultDeployment,
    prepareForCreate(deployment) {
      deployment.status = {};
      startGeneration(deployment);
      if (deployment.spec.template.spec) dropDisabledPodFields(deployment.spec.template.spec, undefined);
    },
    prepareForUpdate(deployment, old) {
      if (old.status !== undefined) deployment.status = old.status;
      if (deployment.spec.template.spec) {
        dropDisabledPodFields(deployment.spec.template.spec, old.spec.template.spec);
      }
      countDeploymentChange(deployment, old);
    },
    validateCreate(deployment) {
      const errors = validateObjectMeta(deployment.metadata, "Namespaced", subdomainName);
      checkSpec(deployment.spec, errors);
      return errors;
    },
    validateUpdate(deployment, old) {
      const errors = validateObjectMetaUpdate(deployment.metadata, old.metadata);
      checkSpec(deployment.spec, errors);
      checkImmutable(deployment.spec.selector, old.spec.selector, selectorPath, errors);
      return errors;
    },
    warnings: (deployment, old) => podTemplateWarnings(deployment, old, deployment.spec.template, templatePath),
    defaultPropagation: "Background",
  },
  status: {
    prepareForUpdate(deployment, old) {
      deployment.spec = old.spec;
      if (old.metadata.labels === undefined) delete deployment.metadata.labels;
      else deployment.metadata.labels = old.metadata.labels;
    },
    validateUpdate(deployment, old) {
      const errors = validateObjectMetaUpdate(deployment.metadata, old.metadata);
      const parts = ["updatedReplicas", "readyReplicas", "availableReplicas"] as const;
      checkReplicaCounts(deployment.status ?? {}, parts, "readyReplicas", errors);
      checkCollisionCount(deployment.status?.collisionCount, old.status?.collisionCount, errors);
      return errors;
    },
  },
  scale: workloadScale<Deployment>(),
  columns: deploymentColumns,
});

function defaultDeployment(deployment: Deployment): void {
  const spec: Partial<DeploymentSpec> = deployment.spec ?? {};
  dropZeroFields(spec, ["minReadySeconds", "paused"]);
  spec.template = defaultPodTemplate(spec.template);
  spec.replicas ??= 1;
  spec.strategy = defaultStrategy(spec.strategy ?? {});
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  deployment.spec = { ...spec, template: spec.template };
  deployment.status ??= {};
  dropZeroFields(deployment.status, [
    "observedGeneration",
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
  ]);
}

function defaultStrategy(strategy: DeploymentStrategy): DeploymentStrategy {
  strategy.type ||= "RollingUpdate";
  if (strategy.type === "RollingUpdate") {
    strategy.rollingUpdate ??= {};
    strategy.rollingUpdate.maxUnavailable ??= "25%";
    strategy.rollingUpdate.maxSurge ??= "25%";
  }
  return strategy;
}

/** Annotations of a deployment count as changes: its controller copies them to replica sets. */
function countDeploymentChange(deployment: Deployment, old: Deployment): void {
  const isSame =
    semanticEqual(deployment.spec, old.spec) &&
    semanticEqual(deployment.metadata.annotations, old.metadata.annotations);
  if (!isSame) deployment.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

function checkSpec(spec: DeploymentSpec, errors: FieldError[]): void {
  checkNonNegative(spec.replicas, specPath.child("replicas"), errors);
  const selector = checkRequiredSelector(spec.selector, "deployment", errors);
  checkReplicaTemplate(spec.template, selector, spec.selector, errors);
  checkStrategy(spec.strategy ?? {}, specPath.child("strategy"), errors);
  checkNonNegative(spec.minReadySeconds, specPath.child("minReadySeconds"), errors);
  checkNonNegative(spec.revisionHistoryLimit, specPath.child("revisionHistoryLimit"), errors);
  const deadline = spec.progressDeadlineSeconds;
  if (deadline === undefined) return;
  const path = specPath.child("progressDeadlineSeconds");
  checkNonNegative(deadline, path, errors);
  if (deadline <= (spec.minReadySeconds ?? 0)) {
    errors.push(invalidField(path, deadline, "must be greater than minReadySeconds"));
  }
}

function checkStrategy(strategy: DeploymentStrategy, path: FieldPath, errors: FieldError[]): void {
  const { type, rollingUpdate } = strategy;
  const updatePath = path.child("rollingUpdate");
  if (type === "Recreate") {
    if (rollingUpdate !== undefined) {
      errors.push(forbiddenField(updatePath, "may not be specified when strategy `type` is 'Recreate'"));
    }
    return;
  }
  if (type !== "RollingUpdate") {
    errors.push(notSupportedField(path, strategy, ["Recreate", "RollingUpdate"]));
    return;
  }
  if (rollingUpdate === undefined) {
    errors.push(requiredField(updatePath, "this should be defaulted and never be nil"));
    return;
  }
  const { maxUnavailable, maxSurge } = rollingUpdate;
  checkCountOrPercent(maxUnavailable, updatePath.child("maxUnavailable"), errors);
  checkCountOrPercent(maxSurge, updatePath.child("maxSurge"), errors);
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0) {
    const text = "may not be 0 when `maxSurge` is 0";
    errors.push(invalidField(updatePath.child("maxUnavailable"), maxUnavailable ?? 0, text));
  }
  checkAtMostAll(maxUnavailable, updatePath.child("maxUnavailable"), errors);
}
