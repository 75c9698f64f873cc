import type { FieldSpec } from "./field-path.ts";
import type { KindSelector } from "./kustomize-resource.ts";

/** The kinds that make pods, and where their template is. */
const templates: readonly (KindSelector & { readonly template: string })[] = [
  { version: "v1", kind: "ReplicationController", template: "spec/template" },
  { kind: "Deployment", template: "spec/template" },
  { kind: "ReplicaSet", template: "spec/template" },
  { kind: "DaemonSet", template: "spec/template" },
  { group: "apps", kind: "StatefulSet", template: "spec/template" },
  { group: "batch", kind: "Job", template: "spec/template" },
  { group: "batch", kind: "CronJob", template: "spec/jobTemplate" },
  { group: "batch", kind: "CronJob", template: "spec/jobTemplate/spec/template" },
];

const claimTemplates = { path: "spec/volumeClaimTemplates[]/metadata/labels", group: "apps", kind: "StatefulSet" };

export const metadataLabels: readonly FieldSpec[] = [{ path: "metadata/labels", create: true }];

export const templateLabels: readonly FieldSpec[] = [
  ...templates.map(({ template, ...kind }) => ({ ...kind, path: `${template}/metadata/labels`, create: true })),
  { ...claimTemplates, create: true },
];

const affinity = "spec/template/spec/affinity";
const selected = "labelSelector/matchLabels";
const podRelations = ["podAffinity", "podAntiAffinity"].flatMap((relation) => [
  `${affinity}/${relation}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/${selected}`,
  `${affinity}/${relation}/requiredDuringSchedulingIgnoredDuringExecution/${selected}`,
]);

/** Labels and all that selects by them. */
export const selectorLabels: readonly FieldSpec[] = [
  ...metadataLabels,
  ...templateLabels,
  { path: "spec/selector", create: true, version: "v1", kind: "Service" },
  { path: "spec/selector", create: true, version: "v1", kind: "ReplicationController" },
  { path: "spec/selector/matchLabels", create: true, kind: "Deployment" },
  { path: "spec/selector/matchLabels", create: true, kind: "ReplicaSet" },
  { path: "spec/selector/matchLabels", create: true, kind: "DaemonSet" },
  { path: "spec/selector/matchLabels", create: true, group: "apps", kind: "StatefulSet" },
  ...["Deployment", "StatefulSet"].flatMap((kind) =>
    [...podRelations, `spec/template/spec/topologySpreadConstraints/${selected}`].map((path) => ({
      path,
      group: "apps",
      kind,
    })),
  ),
  { path: "spec/selector/matchLabels", group: "batch", kind: "Job" },
  { path: "spec/jobTemplate/spec/selector/matchLabels", group: "batch", kind: "CronJob" },
  { path: "spec/selector/matchLabels", group: "policy", kind: "PodDisruptionBudget" },
  ...["podSelector", "ingress/from/podSelector", "egress/to/podSelector"].map((path) => ({
    path: `spec/${path}/matchLabels`,
    group: "networking.k8s.io",
    kind: "NetworkPolicy",
  })),
];

export const annotations: readonly FieldSpec[] = [
  { path: "metadata/annotations", create: true },
  ...templates.map(({ template, ...kind }) => ({ ...kind, path: `${template}/metadata/annotations`, create: true })),
];

/** Besides `metadata.namespace`, which every namespaced kind has. */
export const namespaces: readonly FieldSpec[] = [
  { path: "metadata/name", kind: "Namespace", create: true },
  { path: "spec/service/namespace", group: "apiregistration.k8s.io", kind: "APIService", create: true },
  {
    path: "spec/conversion/webhook/clientConfig/service/namespace",
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
  },
];

/** Kinds whose names mean something and are left alone. */
export const unprefixed: readonly KindSelector[] = [
  { kind: "CustomResourceDefinition" },
  { group: "apiregistration.k8s.io", kind: "APIService" },
  { kind: "Namespace" },
];

export const replicas: readonly FieldSpec[] = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"].map(
  (kind) => ({ path: "spec/replicas", create: true, kind }),
);
