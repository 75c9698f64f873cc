import type { Service } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@kube-ts/api/rbac/v1";
import { type ResourceType, apiVersionOf } from "@kube-ts/api/resource-type";
import {
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles as namespacedRoles,
  services,
} from "@kube-ts/api/resource-types";
import { nameOf } from "@kube-ts/api/object";
import type { Client } from "@kube-ts/client/client";
import type { ClusterConfig } from "../cluster/cluster-config.ts";
import { clusterFamilies, dnsServiceIndex, serviceAddresses } from "../cluster/cluster-view.ts";
import {
  autoscalerNamespacedRole,
  autoscalerNamespacedRoleBinding,
  autoscalerRole,
  autoscalerRoleBinding,
} from "../node-groups/autoscaler-rights.ts";
import { clusterAdmins } from "../pki/certificate-plan.ts";
import { dnsPort } from "./places.ts";

const rbac = "rbac.authorization.k8s.io";
const fieldManager = "kube-ts";

/** Who administers the cluster by certificate; the others' rights follow. */
const adminBinding: ClusterRoleBinding = {
  metadata: { name: clusterAdmins },
  roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ apiGroup: rbac, kind: "Group", name: clusterAdmins }],
};

const dnsUser = "system:kube-dns";

/** Each machine's DNS server keeps its own place among the endpoints of the service. */
const dnsRegistration: Role = {
  metadata: { name: "kube-ts:dns-registration", namespace: "kube-system" },
  rules: [
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["create", "get", "update", "delete"] },
  ],
};

const dnsRegistrationBinding: RoleBinding = {
  metadata: { name: "kube-ts:dns-registration", namespace: "kube-system" },
  roleRef: { apiGroup: rbac, kind: "Role", name: "kube-ts:dns-registration" },
  subjects: [{ apiGroup: rbac, kind: "User", name: dnsUser }],
};

const roles: readonly ClusterRole[] = [
  {
    // The bootstrap role system:kube-dns lets its holder see services and endpoints only.
    metadata: { name: "system:coredns" },
    rules: [
      { apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
      { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
    ],
  },
  {
    metadata: { name: "system:pod-network-agent" },
    rules: [
      { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
      { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch", "update"] },
    ],
  },
  autoscalerRole,
];

const bindings: readonly ClusterRoleBinding[] = [
  boundTo("system:coredns", dnsUser),
  boundTo("system:pod-network-agent", "system:pod-network-agent"),
  autoscalerRoleBinding,
];

function boundTo(name: string, user: string): ClusterRoleBinding {
  return {
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
    subjects: [{ apiGroup: rbac, kind: "User", name: user }],
  };
}

/** The cluster's DNS service. Each machine's daemon answers the pods of its own machine. */
export function dnsService(config: ClusterConfig): Service {
  const name = "kube-dns";
  const clusterIPs = [...serviceAddresses(config, dnsServiceIndex)];
  return {
    metadata: {
      name,
      namespace: "kube-system",
      labels: { "k8s-app": name, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS" },
    },
    spec: {
      clusterIP: clusterIPs[0] ?? "",
      clusterIPs,
      ipFamilies: [...clusterFamilies(config)].slice(0, clusterIPs.length),
      ipFamilyPolicy: clusterIPs.length > 1 ? "RequireDualStack" : "SingleStack",
      internalTrafficPolicy: "Local",
      ports: [
        { name: "dns", protocol: "UDP", port: 53, targetPort: dnsPort },
        { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: dnsPort },
      ],
    },
  };
}

/** Lets administrators in: done by one whom RBAC does not bind. May be repeated. */
export async function applyAdminBinding(client: Client, signal: AbortSignal): Promise<void> {
  await apply(client, clusterRoleBindings, adminBinding, signal);
}

/** Gives the daemons of machines their rights, and makes the DNS service. May be repeated. */
export async function applyClusterObjects(client: Client, config: ClusterConfig, signal: AbortSignal): Promise<void> {
  for (const role of roles) await apply(client, clusterRoles, role, signal);
  for (const binding of bindings) await apply(client, clusterRoleBindings, binding, signal);
  for (const role of [dnsRegistration, autoscalerNamespacedRole]) await apply(client, namespacedRoles, role, signal);
  for (const binding of [dnsRegistrationBinding, autoscalerNamespacedRoleBinding]) {
    await apply(client, roleBindings, binding, signal);
  }
  await apply(client, services, dnsService(config), signal);
}

async function apply<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  signal: AbortSignal,
): Promise<void> {
  const { namespace } = object.metadata;
  const key = { name: nameOf(object), ...(namespace === undefined ? {} : { namespace }) };
  const body = { apiVersion: apiVersionOf(type), kind: type.kind, ...object };
  await client.resource(type).patch(key, "apply", body, { fieldManager, force: true, signal });
}
