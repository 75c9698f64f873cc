import { apiVersionOf } from "@kube-ts/api/resource-type";

/** What clients of a deprecated version are told, and what its metric says. */
export interface Deprecation {
  readonly warning: string;
  /** The release without it, as `1.25`; empty where none is known. */
  readonly removedRelease: string;
}

/** The kinds of a version, the release that deprecated them, the one without them, and the version to use instead. */
type Row = readonly [apiVersion: string, kinds: string, deprecated: string, removed?: string, replacement?: string];

const reviews =
  "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview SelfSubjectRulesReview";
const workloads = "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet";
const roles = "ClusterRole ClusterRoleBinding Role RoleBinding";
const flows = "FlowSchema PriorityLevelConfiguration";
const rows: readonly Row[] = [
  ["v1", "ComponentStatus", "1.19"],
  ["v1", "Endpoints", "1.33", "", "discovery.k8s.io/v1 EndpointSlice"],
  [
    "admissionregistration.k8s.io/v1beta1",
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    "1.16",
    "1.22",
    "admissionregistration.k8s.io/v1",
  ],
  ["apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.16", "1.22", "apiextensions.k8s.io/v1"],
  ["apiregistration.k8s.io/v1beta1", "APIService", "1.19", "1.22", "apiregistration.k8s.io/v1"],
  ["apps/v1beta1", workloads, "1.8", "1.16", "apps/v1"],
  ["apps/v1beta2", workloads, "1.9", "1.16", "apps/v1"],
  ["authentication.k8s.io/v1beta1", "TokenReview", "1.19", "1.22", "authentication.k8s.io/v1"],
  ["authentication.k8s.io/v1beta1", "SelfSubjectReview", "1.30", "1.33"],
  ["authorization.k8s.io/v1beta1", reviews, "1.19", "1.22", "authorization.k8s.io/v1"],
  ["autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.22", "1.25", "autoscaling/v2"],
  ["autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.23", "1.26", "autoscaling/v2"],
  ["batch/v1beta1", "CronJob", "1.21", "1.25", "batch/v1"],
  ["certificates.k8s.io/v1beta1", "CertificateSigningRequest", "1.19", "1.22", "certificates.k8s.io/v1"],
  ["coordination.k8s.io/v1beta1", "Lease", "1.19", "1.22", "coordination.k8s.io/v1"],
  ["discovery.k8s.io/v1beta1", "EndpointSlice", "1.21", "1.25", "discovery.k8s.io/v1"],
  ["events.k8s.io/v1beta1", "Event", "1.22", "1.25"],
  ["extensions/v1beta1", "DaemonSet Deployment ReplicaSet", "1.8", "1.16", "apps/v1"],
  ["extensions/v1beta1", "Ingress", "1.14", "1.22", "networking.k8s.io/v1"],
  ["extensions/v1beta1", "NetworkPolicy", "1.9", "1.16", "networking.k8s.io/v1"],
  ["flowcontrol.apiserver.k8s.io/v1beta1", flows, "1.23", "1.26", "flowcontrol.apiserver.k8s.io/v1beta3"],
  ["flowcontrol.apiserver.k8s.io/v1beta2", flows, "1.26", "1.29", "flowcontrol.apiserver.k8s.io/v1beta3"],
  ["flowcontrol.apiserver.k8s.io/v1beta3", flows, "1.29", "1.32", "flowcontrol.apiserver.k8s.io/v1"],
  ["networking.k8s.io/v1beta1", "Ingress IngressClass", "1.19", "1.22", "networking.k8s.io/v1"],
  ["networking.k8s.io/v1beta1", "IPAddress ServiceCIDR", "1.34", "1.37"],
  ["node.k8s.io/v1beta1", "RuntimeClass", "1.22", "1.25"],
  ["policy/v1beta1", "PodDisruptionBudget", "1.21", "1.25", "policy/v1"],
  ["rbac.authorization.k8s.io/v1alpha1", roles, "1.17", "1.22", "rbac.authorization.k8s.io/v1"],
  ["rbac.authorization.k8s.io/v1beta1", roles, "1.17", "1.22", "rbac.authorization.k8s.io/v1"],
  ["scheduling.k8s.io/v1beta1", "PriorityClass", "1.14", "1.22", "scheduling.k8s.io/v1"],
  ["storage.k8s.io/v1alpha1", "VolumeAttachment", "1.21", "1.24", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1alpha1", "CSIStorageCapacity", "1.21", "1.24", "storage.k8s.io/v1beta1"],
  ["storage.k8s.io/v1alpha1", "VolumeAttributesClass", "1.32", "1.35"],
  ["storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", "1.19", "1.22", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.24", "1.27", "storage.k8s.io/v1"],
  ["storage.k8s.io/v1beta1", "VolumeAttributesClass", "1.34", "1.37"],
];

const deprecations = new Map(
  rows.flatMap(([apiVersion, kinds, ...releases]) =>
    kinds.split(" ").map((kind) => [`${apiVersion} ${kind}`, deprecation(apiVersion, kind, ...releases)] as const),
  ),
);

/** The deprecation of a built-in kind; undefined for what is here to stay. */
export function deprecationOf(type: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): Deprecation | undefined {
  return deprecations.get(`${apiVersionOf(type)} ${type.kind}`);
}

function deprecation(apiVersion: string, kind: string, deprecated: string, removed = "", instead = ""): Deprecation {
  const unavailable = removed === "" ? "" : `, unavailable in v${removed}+`;
  const use = instead === "" ? "" : `; use ${instead.includes(" ") ? instead : `${instead} ${kind}`}`;
  return {
    warning: `${apiVersion} ${kind} is deprecated in v${deprecated}+${unavailable}${use}`,
    removedRelease: removed,
  };
}
