import type { StatefulSet, StatefulSetSpec, StatefulSetUpdateStrategy } from "@kube-ts/api/apps/v1";
import type { FieldError } from "@kube-ts/api/field-error";
import { statefulSets } from "@kube-ts/api/resource-types";
import { defaultClaim } from "../core/default-claim.ts";
import { defaultPodTemplate } from "../core/default-pod-spec.ts";
import { dropDisabledPodFields } from "../core/drop-disabled-fields.ts";
import { podTemplateWarnings } from "../core/pod-warnings.ts";
import { checkCollisionCount, checkReplicaCounts } from "../core/validate-replicas.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
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
import { validateStatefulSet, validateStatefulSetUpdate } from "./validate-stateful-set.ts";
import { templatePath } from "./validate-template.ts";
import { workloadScale } from "./workload-scale.ts";

const endlessHistory =
  "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended";

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
      validateCreate: validateStatefulSet,
      validateUpdate: validateStatefulSetUpdate,
      warnings: (set, old) => [
        ...podTemplateWarnings(set, old, set.spec.template, templatePath),
        ...((set.spec.revisionHistoryLimit ?? 0) < 0 ? [endlessHistory] : []),
      ],
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
