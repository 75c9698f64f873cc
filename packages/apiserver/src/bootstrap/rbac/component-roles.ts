import type { ClusterRole, PolicyRule } from "@kube-ts/api/rbac/v1";
import { nodeRules } from "./node-rules.ts";
import { clusterRole, eventsRule, read, readUpdate, readWrite, rule } from "./policy-builder.ts";

const reviewRules: PolicyRule[] = [
  rule("create", "authentication.k8s.io", "tokenreviews"),
  rule("create", "authorization.k8s.io", "subjectaccessreviews"),
];

const controllerManagerRules: PolicyRule[] = [
  eventsRule(),
  rule("create", "coordination.k8s.io", "leases"),
  rule("get update", "coordination.k8s.io", "leases", "kube-controller-manager"),
  rule("create", "core", "secrets serviceaccounts"),
  rule("delete", "core", "secrets"),
  rule("get", "core", "namespaces secrets serviceaccounts configmaps"),
  rule("update", "core", "secrets serviceaccounts"),
  ...reviewRules,
  rule("list watch", "*", "*"),
  rule("create", "core", "serviceaccounts/token"),
];

const schedulerRules: PolicyRule[] = [
  eventsRule(),
  rule("create", "coordination.k8s.io", "leases"),
  rule(`${read} update`, "coordination.k8s.io", "leases", "kube-scheduler"),
  rule(readWrite, "coordination.k8s.io", "leasecandidates"),
  rule(read, "core", "nodes"),
  rule(`${read} delete`, "core", "pods"),
  rule("create", "core", "pods/binding bindings"),
  rule("patch update", "core", "pods/status"),
  rule(read, "core", "services replicationcontrollers"),
  rule(read, "apps extensions", "replicasets"),
  rule(read, "apps", "statefulsets"),
  rule(read, "policy", "poddisruptionbudgets"),
  rule(read, "core", "persistentvolumeclaims persistentvolumes"),
  ...reviewRules,
  rule(read, "storage.k8s.io", "csinodes"),
  rule(read, "storage.k8s.io", "volumeattachments"),
  rule(read, "core", "namespaces"),
  rule(read, "storage.k8s.io", "csidrivers"),
  rule(read, "storage.k8s.io", "csistoragecapacities"),
  rule(read, "resource.k8s.io", "deviceclasses"),
  rule(readUpdate, "resource.k8s.io", "resourceclaims"),
  rule(readUpdate, "resource.k8s.io", "resourceclaims/status"),
  rule("update patch", "resource.k8s.io", "resourceclaims/binding"),
  // Claims that stand for extended resources are the scheduler's own.
  rule("create delete", "resource.k8s.io", "resourceclaims"),
  rule("update", "core", "pods/finalizers"),
  rule(read, "resource.k8s.io", "resourceslices"),
];

const certificates = "certificates.k8s.io";

function signerApprover(name: string, signer: string): ClusterRole {
  const roleName = `system:${certificates}:${name}-approver`;
  return clusterRole(roleName, [rule("approve", certificates, "signers", `kubernetes.io/${signer}`)]);
}

function requestRole(kind: string): ClusterRole {
  const resource = `certificatesigningrequests/${kind}`;
  return clusterRole(`system:${certificates}:certificatesigningrequests:${kind}`, [
    rule("create", certificates, resource),
  ]);
}

/** Roles for the daemons and add-ons of a cluster. */
export const componentRoles: ClusterRole[] = [
  clusterRole("system:heapster", [
    rule(read, "core", "events pods nodes namespaces"),
    rule(read, "extensions", "deployments"),
  ]),
  clusterRole("system:node", nodeRules),
  clusterRole("system:node-problem-detector", [
    rule("get", "core", "nodes"),
    rule("patch", "core", "nodes/status"),
    eventsRule(),
  ]),
  clusterRole("system:kubelet-api-admin", [
    rule(read, "core", "nodes"),
    rule("proxy", "core", "nodes"),
    rule("*", "core", "nodes/proxy nodes/metrics nodes/stats nodes/log"),
    rule("*", "core", "nodes/configz nodes/healthz nodes/pods"),
  ]),
  clusterRole("system:node-bootstrapper", [rule(`create ${read}`, certificates, "certificatesigningrequests")]),
  clusterRole("system:auth-delegator", reviewRules),
  clusterRole("system:kube-aggregator", [rule(read, "core", "services endpoints")]),
  clusterRole("system:kube-controller-manager", controllerManagerRules),
  clusterRole("system:kube-dns", [rule("list watch", "core", "endpoints services")]),
  clusterRole("system:kube-scheduler", schedulerRules),
  clusterRole("system:node-proxier", [
    rule("list watch", "core", "services endpoints"),
    rule(read, "core", "nodes"),
    eventsRule(),
    rule("list watch", "networking.k8s.io", "servicecidrs"),
    rule("list watch", "discovery.k8s.io", "endpointslices"),
  ]),
  clusterRole("system:persistent-volume-provisioner", [
    rule(`${read} create delete`, "core", "persistentvolumes"),
    rule(`${read} update`, "core", "persistentvolumeclaims"),
    rule(read, "storage.k8s.io", "storageclasses"),
    rule("watch", "core", "events"),
    eventsRule(),
  ]),
  clusterRole("system:volume-scheduler", [
    rule(readUpdate, "core", "persistentvolumes"),
    rule(read, "storage.k8s.io", "storageclasses"),
    rule(readUpdate, "core", "persistentvolumeclaims"),
  ]),
  requestRole("nodeclient"),
  requestRole("selfnodeclient"),
  signerApprover("kube-apiserver-client", "kube-apiserver-client"),
  signerApprover("kube-apiserver-client-kubelet", "kube-apiserver-client-kubelet"),
  signerApprover("kubelet-serving", "kubelet-serving"),
  signerApprover("legacy-unknown", "legacy-unknown"),
];
