import type { ReplicationController } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { replicationControllers } from "@kube-ts/api/resource-types";
import { selectorFromSet } from "@kube-ts/api/selectors";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkNonNegative } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { defineResource } from "../resource-definition.ts";
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
import { defaultPodTemplate } from "./default-pod-spec.ts";
import { dropDisabledPodFields } from "./drop-disabled-fields.ts";
import { podTemplateWarnings } from "./pod-warnings.ts";
import { checkPodTemplate } from "./validate-pod-template.ts";
import { checkReplicaCounts } from "./validate-replicas.ts";

const specPath = fieldPath("spec");
const templatePath = specPath.child("template");

export const replicationControllerResource = defineResource<ReplicationController>({
  type: replicationControllers,
  singular: "replicationcontroller",
  shortNames: ["rc"],
  categories: ["all"],
  storagePrefix: "controllers",
  strategy: {
    defaults: defaultController,
    prepareForCreate(controller) {
      controller.status = { replicas: 0 };
      startGeneration(controller);
      if (controller.spec.template?.spec) dropDisabledPodFields(controller.spec.template.spec, undefined);
    },
    prepareForUpdate(controller, old) {
      if (old.status !== undefined) controller.status = old.status;
      if (controller.spec.template?.spec) {
        dropDisabledPodFields(controller.spec.template.spec, old.spec.template?.spec);
      }
      countChange(controller, controller.spec, old.spec);
    },
    validateCreate(controller) {
      const errors = validateObjectMeta(controller.metadata, "Namespaced", subdomainName);
      checkSpec(controller, errors);
      return errors;
    },
    validateUpdate(controller, old) {
      const errors = validateObjectMetaUpdate(controller.metadata, old.metadata);
      checkSpec(controller, errors);
      return errors;
    },
    warnings: (controller, old) => podTemplateWarnings(controller, old, controller.spec.template, templatePath),
    defaultPropagation: "Orphan",
  },
  status: {
    prepareForUpdate(controller, old) {
      controller.spec = old.spec;
    },
    validateUpdate(controller, old) {
      const errors = validateObjectMetaUpdate(controller.metadata, old.metadata);
      const parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
      checkReplicaCounts(controller.status ?? { replicas: 0 }, parts, "readyReplicas", errors);
      return errors;
    },
  },
  scale: {
    replicas: (controller) => controller.spec.replicas ?? 0,
    statusReplicas: (controller) => controller.status?.replicas ?? 0,
    selector: (controller) => selectorFromSet(controller.spec.selector).toString(),
    setReplicas(controller, replicas) {
      controller.spec.replicas = replicas;
    },
  },
  columns: {
    definitions: [
      nameColumn,
      column("Desired", "integer", "How many pods there should be."),
      column("Current", "integer", "How many pods there are."),
      column("Ready", "integer", "How many pods are ready."),
      ageColumn,
      containersColumn,
      imagesColumn,
      wideColumn("Selector", "string", "Labels of the controller's pods."),
    ],
    row: (controller, nowMs) => ({
      cells: [
        nameCell(controller),
        controller.spec.replicas ?? 0,
        controller.status?.replicas ?? 0,
        controller.status?.readyReplicas ?? 0,
        ageCell(controller, nowMs),
        containerNames(controller.spec.template?.spec?.containers),
        containerImages(controller.spec.template?.spec?.containers),
        formatLabels(controller.spec.selector),
      ],
    }),
  },
  selectableFields: { "status.replicas": (controller) => String(controller.status?.replicas ?? 0) },
});

function defaultController(controller: ReplicationController): void {
  const spec = (controller.spec ??= {});
  dropZeroFields(spec, ["minReadySeconds"]);
  spec.replicas ??= 1;
  if (spec.template) {
    spec.template = defaultPodTemplate(spec.template);
    const labels = spec.template.metadata?.labels;
    if (labels !== undefined) {
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
      if (Object.keys(controller.metadata.labels ?? {}).length === 0) controller.metadata.labels = { ...labels };
    }
  }
  controller.status ??= { replicas: 0 };
  controller.status.replicas ??= 0;
}

function checkSpec(controller: ReplicationController, errors: FieldError[]): void {
  const { minReadySeconds, selector = {}, replicas, template } = controller.spec;
  checkNonNegative(minReadySeconds, specPath.child("minReadySeconds"), errors);
  const isEmpty = Object.keys(selector).length === 0;
  if (isEmpty) errors.push(requiredField(specPath.child("selector"), ""));
  checkNonNegative(replicas, specPath.child("replicas"), errors);
  if (template === undefined) {
    errors.push(requiredField(templatePath, ""));
    return;
  }
  const labels = template.metadata?.labels;
  if (!isEmpty && !selectorFromSet(selector).matches(labels)) {
    const text = "`selector` does not match template `labels`";
    errors.push(invalidField(templatePath.child("metadata", "labels"), labels ?? null, text));
  }
  checkPodTemplate(template, templatePath, errors);
  const policy = template.spec?.restartPolicy ?? "";
  if (policy !== "Always") {
    errors.push(notSupportedField(templatePath.child("spec", "restartPolicy"), policy, ["Always"]));
  }
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    const text = "activeDeadlineSeconds in ReplicationController is not Supported";
    errors.push(forbiddenField(templatePath.child("spec", "activeDeadlineSeconds"), text));
  }
}
