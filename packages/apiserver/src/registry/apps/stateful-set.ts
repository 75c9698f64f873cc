import type { StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy } from "@kube-ts/api/apps/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { statefulSets } from "@kube-ts/api/resource-types";
import { defaultClaim } from "../core/default-claim.ts";
import { defaultPodTemplate } from "../core/default-pod-spec.ts";
import { dropDisabledPodFields } from "../core/drop-disabled-fields.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { checkTemplateMetadata } from "../core/validate-pod-template.ts";
import { checkCollisionCount, checkReplicaCounts } from "../core/validate-replicas.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { labelName } from "../meta/object-names.ts";
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
  imagesColumn,
  nameCell,
  nameColumn,
} from "../table/columns.ts";
import { amountOf, checkAtMostAll, checkCountOrPercent } from "./validate-rolling-update.ts";
import {
  checkLastingPods,
  checkRequiredSelector,
  checkSelectorMatches,
  selectorPath,
  templatePath,
} from "./validate-template.ts";
import { workloadScale } from "./workload-scale.ts";

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

/** `allowsMaxUnavailable` tells whether a set may say how many of its pods may be unavailable during an update. */
export const statefulSetResource = (allowsMaxUnavailable: boolean) =>
  defineResource<StatefulSet>({
    type: statefulSets,
    singular: "statefulset",
    shortNames: ["sts"],
    categories: ["all"],
    storagePrefix: "statefulsets",
    strategy: {
      defaults: (set) => defaultStatefulSet(set, allowsMaxUnavailable),
      prepareForCreate(set) {
        set.status = { replicas: 0, availableReplicas: 0 };
        startGeneration(set);
        if (!allowsMaxUnavailable) dropMaxUnavailable(set, undefined);
        if (set.spec.template.spec) dropDisabledPodFields(set.spec.template.spec, undefined);
      },
      prepareForUpdate(set, old) {
        if (old.status !== undefined) set.status = old.status;
        if (!allowsMaxUnavailable) dropMaxUnavailable(set, old);
        if (set.spec.template.spec) dropDisabledPodFields(set.spec.template.spec, old.spec.template.spec);
        countChange(set, set.spec, old.spec);
      },
      validateCreate(set) {
        const errors = validateObjectMeta(set.metadata, "Namespaced", labelName);
        checkSpec(set.spec, errors);
        return errors;
      },
      validateUpdate: validateStatefulSetUpdate,
      warnings: (set, old) => podTemplateWarnings(set, old, set.spec.template, templatePath),
      defaultPropagation: "Background",
    },
    status: {
      prepareForUpdate(set, old) {
        set.spec = old.spec;
      },
      validateUpdate(set, old) {
        const errors: FieldError[] = [];
        const parts = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"] as const;
        checkReplicaCounts(set.status ?? { replicas: 0 }, parts, "status.readyReplicas", errors);
        errors.push(...validateObjectMetaUpdate(set.metadata, old.metadata));
        checkCollisionCount(set.status?.collisionCount, old.status?.collisionCount, errors);
        return errors;
      },
    },
    scale: workloadScale<StatefulSet>(),
    columns: {
      definitions: [
        nameColumn,
        column("Ready", "string", "How many pods are ready, of how many there should be."),
        ageColumn,
        containersColumn,
        imagesColumn,
      ],
      row: (set, nowMs) => ({
        cells: [
          nameCell(set),
          `${set.status?.readyReplicas ?? 0}/${set.spec.replicas ?? 0}`,
          ageCell(set, nowMs),
          containerNames(set.spec.template.spec?.containers),
          containerImages(set.spec.template.spec?.containers),
        ],
      }),
    },
  });

/** What a set had before stays. */
function dropMaxUnavailable({ spec }: StatefulSet, old: StatefulSet | undefined): void {
  const { rollingUpdate } = spec.updateStrategy ?? {};
  if (old?.spec.updateStrategy?.rollingUpdate?.maxUnavailable === undefined) delete rollingUpdate?.maxUnavailable;
}

function defaultStatefulSet(set: StatefulSet, allowsMaxUnavailable: boolean): void {
  const spec: Partial<StatefulSetSpec> = set.spec ?? {};
  dropZeroFields(spec, ["minReadySeconds", "serviceName", "podManagementPolicy"]);
  spec.template = defaultPodTemplate(spec.template);
  spec.podManagementPolicy ??= "OrderedReady";
  spec.updateStrategy = defaultStrategy(spec.updateStrategy ?? {}, allowsMaxUnavailable);
  const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  retention.whenDeleted ||= "Retain";
  retention.whenScaled ||= "Retain";
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion ??= "v1";
    claim.kind ??= "PersistentVolumeClaim";
    claim.metadata ??= {};
    defaultClaim(claim);
  }
  set.spec = { ...spec, serviceName: spec.serviceName ?? "", template: spec.template };
  const status = (set.status ??= { replicas: 0, availableReplicas: 0 });
  status.replicas ??= 0;
  status.availableReplicas ??= 0;
  dropZeroFields(status, [
    "observedGeneration",
    "readyReplicas",
    "currentReplicas",
    "updatedReplicas",
    "currentRevision",
    "updateRevision",
  ]);
}

function defaultStrategy(
  strategy: StatefulSetUpdateStrategy,
  allowsMaxUnavailable: boolean,
): StatefulSetUpdateStrategy {
  strategy.type ||= "RollingUpdate";
  if (strategy.type === "RollingUpdate") {
    strategy.rollingUpdate ??= {};
    strategy.rollingUpdate.partition ??= 0;
    if (allowsMaxUnavailable) strategy.rollingUpdate.maxUnavailable ??= 1;
  }
  return strategy;
}

function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
  const errors = validateObjectMetaUpdate(set.metadata, old.metadata);
  checkSpec(set.spec, errors);
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

function checkSpec(spec: StatefulSetSpec, errors: FieldError[]): void {
  const policy: string = spec.podManagementPolicy ?? "";
  const policyPath = specPath.child("podManagementPolicy");
  if (policy === "") errors.push(requiredField(policyPath, ""));
  else if (policy !== "OrderedReady" && policy !== "Parallel") {
    errors.push(invalidField(policyPath, policy, "must be 'OrderedReady' or 'Parallel'"));
  }
  checkStrategy(spec.updateStrategy ?? {}, specPath.child("updateStrategy"), errors);
  checkRetention(spec, errors);
  checkNonNegative(spec.replicas, specPath.child("replicas"), errors);
  checkNonNegative(spec.minReadySeconds, specPath.child("minReadySeconds"), errors);
  checkNonNegative(spec.ordinals?.start, specPath.child("ordinals.start"), errors);
  checkNonNegative(spec.revisionHistoryLimit, specPath.child("revisionHistoryLimit"), errors);
  const selector = checkRequiredSelector(spec.selector, "statefulset", errors);
  if (selector === undefined) {
    errors.push(invalidField(selectorPath, spec.selector, ""));
  } else {
    if (!selector.isNothing && !selector.isEverything) {
      checkSelectorMatches(selector, spec.template, templatePath, errors);
    }
    checkTemplateMetadata(spec.template, templatePath, errors);
  }
  checkLastingPods(spec.template, "StatefulSet", errors);
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
