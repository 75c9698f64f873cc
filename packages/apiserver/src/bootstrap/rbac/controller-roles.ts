import type { ClusterRole, ClusterRoleBinding, PolicyRule } from "@kube-ts/api/rbac/v1";
import { clusterRole, clusterRoleBinding, eventsRule, read, rule, serviceAccount } from "./policy-builder.ts";
import { storageControllerRules } from "./storage-controller-roles.ts";

const certificates = "certificates.k8s.io";
const ownedObjects = `${read} create delete patch update`;
const managedPods = "list watch create delete patch";

/** A controller of objects that create pods: reads the objects, writes their status and manages the pods. */
function workloadRules(groups: string, resource: string, verbs: string): PolicyRule[] {
  return [
    rule(verbs, groups, resource),
    rule("update", groups, `${resource}/status`),
    rule("update", groups, `${resource}/finalizers`),
    rule(managedPods, "core", "pods"),
    eventsRule(),
  ];
}

const workloadControllerRules: Readonly<Record<string, PolicyRule[]>> = {
  "cronjob-controller": [
    rule(`${read} update`, "batch", "cronjobs"),
    rule(ownedObjects, "batch", "jobs"),
    rule("update", "batch", "cronjobs/status"),
    rule("update", "batch", "cronjobs/finalizers"),
    rule("list watch delete", "core", "pods"),
    eventsRule(),
  ],
  "daemon-set-controller": [
    ...workloadRules("apps extensions", "daemonsets", read),
    rule("list watch", "core", "nodes"),
    rule("create", "core", "pods/binding"),
    rule(ownedObjects, "apps", "controllerrevisions"),
  ],
  "deployment-controller": [
    rule(`${read} update`, "apps extensions", "deployments"),
    rule("update", "apps extensions", "deployments/status"),
    rule("update", "apps extensions", "deployments/finalizers"),
    rule(ownedObjects, "apps extensions", "replicasets"),
    rule(`${read} update`, "core", "pods"),
    eventsRule(),
  ],
  "job-controller": workloadRules("batch", "jobs", `${read} update patch`),
  "replicaset-controller": workloadRules("apps extensions", "replicasets", `${read} update`),
  "replication-controller": workloadRules("core", "replicationcontrollers", `${read} update`),
  "statefulset-controller": [
    rule("list watch", "core", "pods"),
    rule(read, "apps", "statefulsets"),
    rule("update", "apps", "statefulsets/status"),
    rule("update", "apps", "statefulsets/finalizers"),
    rule("get create delete update patch", "core", "pods"),
    rule(ownedObjects, "apps", "controllerrevisions"),
    rule(`${read} create`, "core", "persistentvolumeclaims"),
    rule("update delete", "core", "persistentvolumeclaims"),
    rule("update", "core", "pods/finalizers"),
    eventsRule(),
  ],
  "disruption-controller": [
    rule(read, "apps extensions", "deployments"),
    rule(read, "apps extensions", "replicasets"),
    rule(read, "core", "replicationcontrollers"),
    rule(read, "policy", "poddisruptionbudgets"),
    rule(read, "apps", "statefulsets"),
    rule("update", "policy", "poddisruptionbudgets/status"),
    rule("patch update", "core", "pods/status"),
    rule("get", "*", "*/scale"),
    eventsRule(),
  ],
  "horizontal-pod-autoscaler": [
    rule(read, "autoscaling", "horizontalpodautoscalers"),
    rule("update", "autoscaling", "horizontalpodautoscalers/status"),
    rule("get update", "*", "*/scale"),
    rule("list watch", "core", "pods"),
    rule("list watch", "metrics.k8s.io", "pods"),
    rule(read, "custom.metrics.k8s.io", "*"),
    rule(read, "external.metrics.k8s.io", "*"),
    eventsRule(),
  ],
  "pod-garbage-collector": [
    rule("list watch delete", "core", "pods"),
    rule(read, "core", "nodes"),
    rule("patch", "core", "pods/status"),
  ],
  "ttl-after-finished-controller": [rule(`${read} delete`, "batch", "jobs"), eventsRule()],
};

const networkControllerRules: Readonly<Record<string, PolicyRule[]>> = {
  "endpoint-controller": [
    rule(read, "core", "services pods"),
    rule(`${read} create delete update`, "core", "endpoints"),
    rule("create", "core", "endpoints/restricted"),
    eventsRule(),
  ],
  "endpointslice-controller": [
    rule(read, "core", "services pods nodes"),
    rule("update", "core", "services/finalizers"),
    rule(`${read} create delete update`, "discovery.k8s.io", "endpointslices"),
    eventsRule(),
  ],
  "endpointslicemirroring-controller": [
    rule(read, "core", "services endpoints"),
    rule("update", "core", "services/finalizers"),
    rule("update", "core", "endpoints/finalizers"),
    rule(`${read} create delete update`, "discovery.k8s.io", "endpointslices"),
    eventsRule(),
  ],
  "route-controller": [rule("list watch", "core", "nodes"), rule("patch", "core", "nodes/status"), eventsRule()],
  "service-cidrs-controller": [
    rule(`${read} patch update`, "networking.k8s.io", "servicecidrs"),
    rule("patch update", "networking.k8s.io", "servicecidrs/finalizers"),
    rule("patch update", "networking.k8s.io", "servicecidrs/status"),
    rule(read, "networking.k8s.io", "ipaddresses"),
    eventsRule(),
  ],
  "service-controller": [
    rule(read, "core", "services"),
    rule("patch update", "core", "services/status"),
    rule("list watch", "core", "nodes"),
    eventsRule(),
  ],
};

const clusterControllerRules: Readonly<Record<string, PolicyRule[]>> = {
  "certificate-controller": [
    rule(`${read} delete`, certificates, "certificatesigningrequests"),
    rule("update", certificates, "certificatesigningrequests/status certificatesigningrequests/approval"),
    rule("approve", certificates, "signers", "kubernetes.io/kube-apiserver-client-kubelet"),
    rule(
      "sign",
      certificates,
      "signers",
      "kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving kubernetes.io/legacy-unknown",
    ),
    rule("create", "authorization.k8s.io", "subjectaccessreviews"),
    eventsRule(),
  ],
  "clusterrole-aggregation-controller": [
    rule(`escalate ${read} update patch`, "rbac.authorization.k8s.io", "clusterroles"),
  ],
  "device-taint-eviction-controller": [
    rule(`${read} delete`, "core", "pods"),
    rule("update patch", "core", "pods/status"),
    rule(read, "resource.k8s.io", "resourceclaims"),
    rule(read, "resource.k8s.io", "resourceslices"),
    rule(read, "resource.k8s.io", "deviceclasses"),
    eventsRule(),
  ],
  "generic-garbage-collector": [rule(`${read} patch update delete`, "*", "*"), eventsRule()],
  "legacy-service-account-token-cleaner": [
    rule("get", "core", "configmaps", "kube-apiserver-legacy-service-account-token-tracking"),
    rule("patch delete", "core", "secrets"),
  ],
  "namespace-controller": [
    rule(`${read} delete`, "core", "namespaces"),
    rule("update", "core", "namespaces/finalize namespaces/status"),
    rule(`${read} delete deletecollection`, "*", "*"),
  ],
  "node-controller": [
    rule(`${read} update delete patch`, "core", "nodes"),
    rule("patch update", "core", "nodes/status"),
    rule("patch update", "core", "pods/status"),
    rule(`${read} delete`, "core", "pods"),
    eventsRule(),
  ],
  "resource-claim-controller": [
    rule(read, "core", "pods"),
    rule("update", "core", "pods/finalizers"),
    rule(`${read} create delete`, "resource.k8s.io", "resourceclaims"),
    rule("update patch", "resource.k8s.io", "resourceclaims resourceclaims/status"),
    rule("update patch", "core", "pods/status"),
    eventsRule(),
    rule("update patch", "resource.k8s.io", "resourceclaims/binding"),
  ],
  "resourcequota-controller": [
    rule("list watch", "*", "*"),
    rule("update", "core", "resourcequotas/status"),
    eventsRule(),
  ],
  "root-ca-cert-publisher": [rule("create update", "core", "configmaps"), eventsRule()],
  "service-account-controller": [rule("create", "core", "serviceaccounts"), eventsRule()],
  "ttl-controller": [rule("update patch list watch", "core", "nodes"), eventsRule()],
  "validatingadmissionpolicy-status-controller": [
    rule(read, "admissionregistration.k8s.io", "validatingadmissionpolicies"),
    rule("get patch update", "admissionregistration.k8s.io", "validatingadmissionpolicies/status"),
    eventsRule(),
  ],
};

const controllerRules = Object.entries({
  ...workloadControllerRules,
  ...networkControllerRules,
  ...clusterControllerRules,
  ...storageControllerRules,
});

/** The name of a controller's role, which is also the name of its binding. */
function controllerRoleName(controller: string): string {
  return `system:controller:${controller}`;
}

/** One role per controller, so that each can do its own job only. */
export const controllerRoles: ClusterRole[] = controllerRules.map(([name, rules]) =>
  clusterRole(controllerRoleName(name), rules),
);

/** Each controller acts as the service account of its name in kube-system. */
export const controllerRoleBindings: ClusterRoleBinding[] = controllerRules.map(([name]) =>
  clusterRoleBinding(controllerRoleName(name), [serviceAccount("kube-system", name)]),
);
