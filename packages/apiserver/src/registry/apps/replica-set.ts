import type { ReplicaSet, ReplicaSetSpec } from "@kube-ts/api/apps/v1";
import type { FieldError } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { replicaSets } from "@kube-ts/api/resource-types";
import { formatLabelSelector } from "@kube-ts/api/selectors";
import { defaultPodTemplate } from "../core/default-pod-spec.ts";
import { dropDisabledPodFields } from "../core/drop-disabled-fields.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { checkReplicaCounts } from "../core/validate-replicas.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkNonNegative } from "../meta/validate-fields.ts";
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
  imagesColumn,
  nameCell,
  nameColumn,
  wideColumn,
} from "../table/columns.ts";
import { checkReplicaTemplate, checkRequiredSelector, selectorPath, templatePath } from "./validate-template.ts";
import { workloadScale } from "./workload-scale.ts";

const specPath = fieldPath("spec");

export const replicaSetResource = defineResource<ReplicaSet>({
  type: replicaSets,
  singular: "replicaset",
  shortNames: ["rs"],
  categories: ["all"],
  storagePrefix: "replicasets",
  strategy: {
    defaults: defaultReplicaSet,
    prepareForCreate(set) {
      set.status = { replicas: 0 };
      startGeneration(set);
      if (set.spec.template?.spec) dropDisabledPodFields(set.spec.template.spec, undefined);
    },
    prepareForUpdate(set, old) {
      if (old.status !== undefined) set.status = old.status;
      if (set.spec.template?.spec) dropDisabledPodFields(set.spec.template.spec, old.spec.template?.spec);
      countChange(set, set.spec, old.spec);
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
      const parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
      checkReplicaCounts(set.status ?? { replicas: 0 }, parts, "readyReplicas", errors);
      return errors;
    },
  },
  scale: workloadScale<ReplicaSet>(),
  columns: {
    definitions: [
      nameColumn,
      column("Desired", "integer", "How many pods there should be."),
      column("Current", "integer", "How many pods there are."),
      column("Ready", "integer", "How many pods are ready."),
      ageColumn,
      containersColumn,
      imagesColumn,
      wideColumn("Selector", "string", "Labels of the replica set's pods."),
    ],
    row: (set, nowMs) => ({
      cells: [
        nameCell(set),
        set.spec.replicas ?? 0,
        set.status?.replicas ?? 0,
        set.status?.readyReplicas ?? 0,
        ageCell(set, nowMs),
        containerNames(set.spec.template?.spec?.containers),
        containerImages(set.spec.template?.spec?.containers),
        formatLabelSelector(set.spec.selector),
      ],
    }),
  },
  selectableFields: { "status.replicas": (set) => String(set.status?.replicas ?? 0) },
});

function defaultReplicaSet(set: ReplicaSet): void {
  const spec = (set.spec ??= {});
  dropZeroFields(spec, ["minReadySeconds"]);
  spec.template = defaultPodTemplate(spec.template);
  spec.replicas ??= 1;
  const status = (set.status ??= { replicas: 0 });
  status.replicas ??= 0;
  dropZeroFields(status, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"]);
}

function checkSpec(spec: ReplicaSetSpec, errors: FieldError[]): void {
  checkNonNegative(spec.replicas, specPath.child("replicas"), errors);
  checkNonNegative(spec.minReadySeconds, specPath.child("minReadySeconds"), errors);
  // Upstream speaks of a deployment here, too.
  const selector = checkRequiredSelector(spec.selector, "deployment", errors);
  checkReplicaTemplate(spec.template ?? {}, selector, spec.selector, errors);
}
