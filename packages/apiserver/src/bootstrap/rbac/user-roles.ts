import type { ClusterRole, PolicyRule } from "@kube-ts/api/rbac/v1";
import { aggregateTo, aggregatedRole, clusterRole, read, readWrite, rule, urlRule, write } from "./policy-builder.ts";

const editRules: PolicyRule[] = [
  rule(read, "core", "pods/attach pods/proxy pods/exec pods/portforward secrets services/proxy"),
  rule("impersonate", "core", "serviceaccounts"),
  rule(write, "core", "pods pods/attach pods/proxy pods/exec pods/portforward"),
  rule("create", "core", "pods/eviction"),
  rule(
    write,
    "core",
    "replicationcontrollers replicationcontrollers/scale serviceaccounts services services/proxy persistentvolumeclaims configmaps secrets",
  ),
  rule("create", "core", "serviceaccounts/token"),
  rule(write, "core events.k8s.io", "events"),
  rule(
    write,
    "apps",
    "statefulsets statefulsets/scale daemonsets deployments deployments/scale deployments/rollback replicasets replicasets/scale",
  ),
  rule(write, "autoscaling", "horizontalpodautoscalers"),
  rule(write, "batch", "jobs cronjobs"),
  rule(
    write,
    "extensions",
    "daemonsets deployments deployments/scale deployments/rollback ingresses replicasets replicasets/scale replicationcontrollers/scale networkpolicies",
  ),
  rule(write, "policy", "poddisruptionbudgets"),
  rule(write, "networking.k8s.io", "networkpolicies ingresses"),
  rule(readWrite, "coordination.k8s.io", "leases"),
  rule(write, "resource.k8s.io", "resourceclaims resourceclaimtemplates"),
];

const viewRules: PolicyRule[] = [
  rule(
    read,
    "core",
    "pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status endpoints persistentvolumeclaims persistentvolumeclaims/status configmaps",
  ),
  rule(
    read,
    "core",
    "limitranges resourcequotas bindings pods/status resourcequotas/status namespaces/status replicationcontrollers/status pods/log",
  ),
  // A namespaced permission on namespaces is the permission to see this one namespace.
  rule(read, "core", "namespaces"),
  rule(read, "core events.k8s.io", "events"),
  rule(read, "discovery.k8s.io", "endpointslices"),
  rule(
    read,
    "apps",
    "controllerrevisions statefulsets statefulsets/status statefulsets/scale daemonsets daemonsets/status deployments deployments/status deployments/scale replicasets replicasets/status replicasets/scale",
  ),
  rule(read, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
  rule(read, "batch", "jobs cronjobs cronjobs/status jobs/status"),
  rule(
    read,
    "extensions",
    "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status replicasets replicasets/scale replicasets/status replicationcontrollers/scale networkpolicies",
  ),
  rule(read, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
  rule(read, "networking.k8s.io", "networkpolicies ingresses ingresses/status"),
  rule(read, "resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates"),
];

/** Roles for people: what they may do in a namespace or in the whole cluster. */
export const userRoles: ClusterRole[] = [
  clusterRole("cluster-admin", [rule("*", "*", "*"), urlRule("*", "*")]),
  aggregatedRole("admin"),
  aggregatedRole("edit", aggregateTo("admin")),
  aggregatedRole("view", aggregateTo("edit")),
  clusterRole(
    "system:aggregate-to-admin",
    [
      rule("create", "authorization.k8s.io", "localsubjectaccessreviews"),
      rule(readWrite, "rbac.authorization.k8s.io", "roles rolebindings"),
    ],
    aggregateTo("admin"),
  ),
  clusterRole("system:aggregate-to-edit", editRules, aggregateTo("edit")),
  clusterRole("system:aggregate-to-view", viewRules, aggregateTo("view")),
  clusterRole("system:discovery", [
    urlRule("get", "/livez /readyz /healthz /version /version/ /openapi /openapi/* /api /api/* /apis /apis/*"),
  ]),
  clusterRole("system:monitoring", [
    urlRule("get", "/metrics /metrics/slis /livez /readyz /healthz /livez/* /readyz/* /healthz/*"),
    // The metrics of kubelets.
    rule("get", "core", "nodes/metrics"),
    urlRule("get", "/flagz"),
    urlRule("get", "/statusz"),
  ]),
  clusterRole("system:basic-user", [
    rule("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
    rule("create", "authentication.k8s.io", "selfsubjectreviews"),
  ]),
  clusterRole("system:public-info-viewer", [urlRule("get", "/livez /readyz /healthz /version /version/")]),
  clusterRole("system:service-account-issuer-discovery", [
    urlRule(
      "get",
      "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/",
    ),
  ]),
];
