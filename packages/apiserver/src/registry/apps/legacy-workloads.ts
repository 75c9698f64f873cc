import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from "@kube-ts/api/apps/v1";
import type { StatefulSet as StatefulSetV1beta1 } from "@kube-ts/api/apps/v1beta1";
import type { PodTemplateSpec } from "@kube-ts/api/core/v1";
import type { DaemonSet as LegacyDaemonSet, Deployment as LegacyDeployment } from "@kube-ts/api/extensions/v1beta1";
import type { LabelSelector } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { controllerRevisions, daemonSets, deployments, replicaSets, statefulSets } from "@kube-ts/api/resource-types";
import { rollbackAnnotation } from "@kube-ts/api/well-known-labels";
import { legacyVersion, withAnnotation } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";
import { legacyScale } from "./legacy-scale.ts";

/** Where conversion keeps what only legacy versions have a field for. */
const templateGenerationAnnotation = "deprecated.daemonset.template.generation";
/** What stands for no limit where a version defaults to none. */
const unlimited = 2 ** 31 - 1;

const appsV1beta1Scale = legacyScale("apps", "v1beta1");
const appsV1beta2Scale = legacyScale("apps", "v1beta2");
const extensionsScale = legacyScale("extensions", "v1beta1");

export const legacyDeployments: readonly AlternateVersion<Deployment>[] = [
  legacyVersion(deployments, "apps/v1beta2", { scale: appsV1beta2Scale }),
  legacyVersion<Deployment, LegacyDeployment>(deployments, "apps/v1beta1", {
    fromStored: withRollback,
    toStored: withoutRollback,
    scale: appsV1beta1Scale,
    defaults(deployment) {
      defaultSelection(deployment);
      deployment.spec.revisionHistoryLimit ??= 2;
    },
  }),
  legacyVersion<Deployment, LegacyDeployment>(deployments, "extensions/v1beta1", {
    fromStored: withRollback,
    toStored: withoutRollback,
    scale: extensionsScale,
    defaults(deployment) {
      defaultSelection(deployment);
      const { spec } = deployment;
      spec.revisionHistoryLimit ??= unlimited;
      spec.progressDeadlineSeconds ??= unlimited;
      const strategy = (spec.strategy ??= {});
      strategy.type ||= "RollingUpdate";
      if (strategy.type === "RollingUpdate")
        strategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 1, ...strategy.rollingUpdate };
    },
  }),
];

export const legacyReplicaSets: readonly AlternateVersion<ReplicaSet>[] = [
  legacyVersion(replicaSets, "apps/v1beta2", { scale: appsV1beta2Scale }),
  legacyVersion(replicaSets, "extensions/v1beta1", { scale: extensionsScale, defaults: defaultSelection }),
];

export const legacyDaemonSets: readonly AlternateVersion<DaemonSet>[] = [
  legacyVersion(daemonSets, "apps/v1beta2"),
  legacyVersion<DaemonSet, LegacyDaemonSet>(daemonSets, "extensions/v1beta1", {
    fromStored(stored) {
      const templateGeneration = numberIn(stored, templateGenerationAnnotation);
      if (templateGeneration === undefined) return stored;
      const set = withAnnotation(stored, templateGenerationAnnotation, undefined);
      return { ...set, spec: { ...set.spec, templateGeneration } };
    },
    toStored(set) {
      const { templateGeneration, ...spec } = set.spec;
      const text = templateGeneration === undefined ? undefined : String(templateGeneration);
      return withAnnotation({ ...set, spec }, templateGenerationAnnotation, text) as DaemonSet;
    },
    defaults(set) {
      defaultSelection(set);
      const strategy = (set.spec.updateStrategy ??= {});
      strategy.type ||= "OnDelete";
    },
  }),
];

export const legacyStatefulSets: readonly AlternateVersion<StatefulSet>[] = [
  legacyVersion(statefulSets, "apps/v1beta2", { scale: appsV1beta2Scale }),
  legacyVersion<StatefulSet, StatefulSetV1beta1>(statefulSets, "apps/v1beta1", {
    fromStored: (stored) => stored,
    toStored: (set) => set as StatefulSet,
    scale: appsV1beta1Scale,
    defaults(set) {
      defaultSelection(set);
      const strategy = (set.spec.updateStrategy ??= {});
      strategy.type ||= "OnDelete";
    },
  }),
];

export const legacyControllerRevisions: readonly AlternateVersion<ControllerRevision>[] = [
  legacyVersion(controllerRevisions, "apps/v1beta2"),
  legacyVersion(controllerRevisions, "apps/v1beta1"),
];

function withRollback(stored: Deployment): LegacyDeployment {
  const revision = numberIn(stored, rollbackAnnotation);
  if (revision === undefined) return stored;
  const deployment = withAnnotation(stored, rollbackAnnotation, undefined);
  return {
    ...deployment,
    spec: { ...deployment.spec, rollbackTo: revision === 0 ? {} : { revision } },
  };
}

function withoutRollback(deployment: LegacyDeployment): Deployment {
  const { rollbackTo, ...spec } = deployment.spec;
  const text = rollbackTo && String(rollbackTo.revision ?? 0);
  return withAnnotation({ ...deployment, spec }, rollbackAnnotation, text) as Deployment;
}

/** The whole number in an annotation; undefined where there is none. */
function numberIn({ metadata }: KubeObject, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation] ?? "";
  return /^-?[0-9]{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

interface Workload extends KubeObject {
  spec: { selector?: LabelSelector; template?: PodTemplateSpec };
}

/** Workloads that do not say so select, and are labelled, by the labels of their template. */
function defaultSelection(workload: Workload): void {
  workload.spec ??= {};
  const labels = workload.spec.template?.metadata?.labels;
  if (labels === undefined || Object.keys(labels).length === 0) return;
  workload.spec.selector ??= { matchLabels: { ...labels } };
  if (Object.keys(workload.metadata.labels ?? {}).length === 0) workload.metadata.labels = { ...labels };
}
