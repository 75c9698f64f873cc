import type { FieldSpec } from "./field-path.ts";
import type { KindSelector } from "./kustomize-resource.ts";

/** A kind and the fields of others that name objects of it. */
export interface NameReference extends KindSelector {
  readonly fields: readonly FieldSpec[];
}

/** Where each kind that makes pods has its pod's spec. */
const podSpecs: Readonly<Record<string, string>> = {
  Pod: "spec",
  PodTemplate: "template/spec",
  Deployment: "spec/template/spec",
  ReplicaSet: "spec/template/spec",
  ReplicationController: "spec/template/spec",
  DaemonSet: "spec/template/spec",
  StatefulSet: "spec/template/spec",
  Job: "spec/template/spec",
  CronJob: "spec/jobTemplate/spec/template/spec",
};

/** Fields of the pods that kinds make. */
function inPods(kinds: readonly string[], paths: readonly string[]): FieldSpec[] {
  return kinds.flatMap((kind) => paths.map((path) => ({ kind, path: `${podSpecs[kind] ?? ""}/${path}` })));
}

const withSources = ["Pod", "PodTemplate", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "CronJob"];
const withAccounts = ["Pod", "StatefulSet", "Deployment", "ReplicationController", "CronJob", "Job", "DaemonSet"];

const rbac = "rbac.authorization.k8s.io";
const ruleNames = (...kinds: string[]) => kinds.map((kind) => ({ kind, path: "rules/resourceNames" }));
const ingressAnnotation = (name: string) => ({
  kind: "Ingress",
  path: `metadata/annotations/${name.replace("/", "\\/")}`,
});

export const nameReferences: readonly NameReference[] = [
  ...["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map((kind) => ({
    kind,
    fields: [{ kind: "HorizontalPodAutoscaler", path: "spec/scaleTargetRef/name" }],
  })),
  {
    kind: "ConfigMap",
    version: "v1",
    fields: [
      ...inPods(withSources, [
        "volumes/configMap/name",
        "containers/env/valueFrom/configMapKeyRef/name",
        "initContainers/env/valueFrom/configMapKeyRef/name",
        "containers/envFrom/configMapRef/name",
        "initContainers/envFrom/configMapRef/name",
        "volumes/projected/sources/configMap/name",
      ]),
      { kind: "Node", path: "spec/configSource/configMap" },
      ...ruleNames("Role", "ClusterRole"),
      ingressAnnotation("nginx.ingress.kubernetes.io/fastcgi-params-configmap"),
    ],
  },
  {
    kind: "Secret",
    version: "v1",
    fields: [
      ...inPods(withSources, [
        "volumes/secret/secretName",
        "containers/env/valueFrom/secretKeyRef/name",
        "initContainers/env/valueFrom/secretKeyRef/name",
        "containers/envFrom/secretRef/name",
        "initContainers/envFrom/secretRef/name",
        "imagePullSecrets/name",
        "volumes/projected/sources/secret/name",
      ]),
      { kind: "Ingress", path: "spec/tls/secretName" },
      ingressAnnotation("ingress.kubernetes.io/auth-secret"),
      ingressAnnotation("nginx.ingress.kubernetes.io/auth-secret"),
      ingressAnnotation("nginx.ingress.kubernetes.io/auth-tls-secret"),
      { kind: "ServiceAccount", path: "imagePullSecrets/name" },
      ...["secretName", "adminSecretName", "userSecretName", "secretRef"].map((name) => ({
        kind: "StorageClass",
        path: `parameters/${name}`,
      })),
      ...ruleNames("Role", "ClusterRole"),
      {
        kind: "Service",
        group: "serving.knative.dev",
        version: "v1",
        path: "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
      },
      { kind: "PersistentVolume", path: "spec/azureFile/secretName" },
    ],
  },
  {
    kind: "Service",
    version: "v1",
    fields: [
      { kind: "StatefulSet", group: "apps", path: "spec/serviceName" },
      { kind: "Ingress", path: "spec/rules/http/paths/backend/serviceName" },
      { kind: "Ingress", path: "spec/backend/serviceName" },
      { kind: "Ingress", path: "spec/rules/http/paths/backend/service/name" },
      { kind: "Ingress", path: "spec/defaultBackend/service/name" },
      { kind: "APIService", group: "apiregistration.k8s.io", path: "spec/service/name" },
      ...["Validating", "Mutating"].map((word) => ({
        kind: `${word}WebhookConfiguration`,
        group: "admissionregistration.k8s.io",
        path: "webhooks/clientConfig/service",
      })),
      { kind: "HTTPRoute", path: "spec/rules/backendRefs/name" },
    ],
  },
  { kind: "Role", group: rbac, fields: [{ kind: "RoleBinding", group: rbac, path: "roleRef/name" }] },
  {
    kind: "ClusterRole",
    group: rbac,
    fields: ["RoleBinding", "ClusterRoleBinding"].map((kind) => ({ kind, group: rbac, path: "roleRef/name" })),
  },
  {
    kind: "ServiceAccount",
    version: "v1",
    fields: [
      ...["RoleBinding", "ClusterRoleBinding"].map((kind) => ({ kind, group: rbac, path: "subjects" })),
      ...inPods(withAccounts, ["serviceAccountName"]),
    ],
  },
  {
    kind: "PersistentVolumeClaim",
    version: "v1",
    fields: inPods(withAccounts, ["volumes/persistentVolumeClaim/claimName"]),
  },
  {
    kind: "PersistentVolume",
    version: "v1",
    fields: [{ kind: "PersistentVolumeClaim", path: "spec/volumeName" }, ...ruleNames("ClusterRole")],
  },
  {
    kind: "StorageClass",
    group: "storage.k8s.io",
    version: "v1",
    fields: [
      { kind: "PersistentVolume", path: "spec/storageClassName" },
      { kind: "PersistentVolumeClaim", path: "spec/storageClassName" },
      { kind: "StatefulSet", path: "spec/volumeClaimTemplates/spec/storageClassName" },
    ],
  },
  {
    kind: "PriorityClass",
    group: "scheduling.k8s.io",
    version: "v1",
    fields: inPods(withAccounts, ["priorityClassName"]),
  },
];
