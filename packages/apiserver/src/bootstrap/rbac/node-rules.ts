import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import { eventsRule, read, rule } from "./policy-builder.ts";

/**
 * What every node may do. Which objects of a kind it may read is decided by the Node authorizer, and what it may
 * write into them by the NodeRestriction admission plugin.
 */
export const nodeRules: PolicyRule[] = [
  rule("create", "authentication.k8s.io", "tokenreviews"),
  rule("create", "authorization.k8s.io", "subjectaccessreviews localsubjectaccessreviews"),
  rule(read, "core", "services"),
  rule(`create ${read}`, "core", "nodes"),
  rule("update patch", "core", "nodes/status"),
  rule("update patch", "core", "nodes"),
  eventsRule(),
  rule(read, "core", "pods"),
  rule("create delete", "core", "pods"),
  rule("update patch", "core", "pods/status"),
  rule("create", "core", "pods/eviction"),
  rule(read, "core", "secrets configmaps"),
  rule("get", "core", "persistentvolumeclaims persistentvolumes"),
  rule("get", "core", "endpoints"),
  rule(`create ${read}`, "certificates.k8s.io", "certificatesigningrequests"),
  rule("get create update patch delete", "coordination.k8s.io", "leases"),
  rule("get", "storage.k8s.io", "volumeattachments"),
  rule("create", "core", "serviceaccounts/token"),
  rule("get update patch", "core", "persistentvolumeclaims/status"),
  rule(read, "storage.k8s.io", "csidrivers"),
  rule("get create update patch delete", "storage.k8s.io", "csinodes"),
  rule(read, "node.k8s.io", "runtimeclasses"),
  rule("get", "resource.k8s.io", "resourceclaims"),
  rule("deletecollection", "resource.k8s.io", "resourceslices"),
  rule("get", "core", "serviceaccounts"),
];
