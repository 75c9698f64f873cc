import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from "@kube-ts/api/rbac/v1";
import { clusterInfo } from "../discovery/cluster-info.ts";
import { defaultBootstrapGroup } from "../token/bootstrap-token.ts";
import { certificatesSecret } from "../uploaded-certificates/certificates-secret.ts";
import { nodeDaemons } from "../node-daemons.ts";

/** Where every machine of the cluster finds the cluster's configuration. */
export const configurationMap = { namespace: "kube-system", name: "kube-ts-config", key: "cluster.yaml" } as const;

const rbacGroup = "rbac.authorization.k8s.io";
const certificatesGroup = "certificates.k8s.io";
const requests = "certificatesigningrequests";

const group = (name: string): Subject => ({ apiGroup: rbacGroup, kind: "Group", name });
const user = (name: string): Subject => ({ apiGroup: rbacGroup, kind: "User", name });
const bootstrappers = group(defaultBootstrapGroup);
const nodes = group("system:nodes");

/** Rights that belong to no namespace, with kubeadm's names where it has them. */
export const clusterRoles: readonly ClusterRole[] = [
  clusterRole("kubeadm:get-nodes", [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }]),
  clusterRole("kube-ts:node-daemon-certificates", [
    {
      apiGroups: [certificatesGroup],
      resources: [`${requests}/nodedaemonclient`],
      resourceNames: nodeDaemons.map(({ user: name }) => name),
      verbs: ["create"],
    },
  ]),
  clusterRole("kube-ts:node-certificate-approver", [
    { apiGroups: [certificatesGroup], resources: [requests], verbs: ["get", "list", "watch"] },
    { apiGroups: [certificatesGroup], resources: [`${requests}/approval`], verbs: ["update"] },
    {
      apiGroups: [certificatesGroup],
      resources: ["signers"],
      resourceNames: ["kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client"],
      verbs: ["approve"],
    },
    { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
  ]),
];

export const clusterRoleBindings: readonly ClusterRoleBinding[] = [
  clusterBinding("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", bootstrappers),
  clusterBinding(
    "kubeadm:node-autoapprove-bootstrap",
    `system:${certificatesGroup}:${requests}:nodeclient`,
    bootstrappers,
  ),
  clusterBinding(
    "kubeadm:node-autoapprove-certificate-rotation",
    `system:${certificatesGroup}:${requests}:selfnodeclient`,
    nodes,
  ),
  clusterBinding("kubeadm:get-nodes", "kubeadm:get-nodes", bootstrappers),
  clusterBinding("kube-ts:node-daemon-certificates", "kube-ts:node-daemon-certificates", nodes),
  clusterBinding("kube-ts:node-certificate-approver", "kube-ts:node-certificate-approver", {
    kind: "ServiceAccount",
    namespace: "kube-system",
    name: "node-certificate-approver",
  }),
];

export const roles: readonly Role[] = [
  reader(clusterInfo.namespace, "kubeadm:bootstrap-signer-clusterinfo", "configmaps", clusterInfo.name),
  reader(configurationMap.namespace, "kube-ts:cluster-configuration", "configmaps", configurationMap.name),
  reader(certificatesSecret.namespace, "kubeadm:kubeadm-certs", "secrets", certificatesSecret.name),
];

/**
 * Everybody may read how to find the cluster, those who join how it is configured. What control-plane machines share is
 * encrypted with a key that the cluster does not have.
 */
export const roleBindings: readonly RoleBinding[] = [
  binding(clusterInfo.namespace, "kubeadm:bootstrap-signer-clusterinfo", [user("system:anonymous")]),
  binding(configurationMap.namespace, "kube-ts:cluster-configuration", [bootstrappers, nodes]),
  binding(certificatesSecret.namespace, "kubeadm:kubeadm-certs", [bootstrappers]),
];

function clusterRole(name: string, rules: PolicyRule[]): ClusterRole {
  return { metadata: { name }, rules };
}

function clusterBinding(name: string, role: string, ...subjects: Subject[]): ClusterRoleBinding {
  return { metadata: { name }, roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: role }, subjects };
}

function reader(namespace: string, name: string, resource: string, object: string): Role {
  const rule = { apiGroups: [""], resources: [resource], resourceNames: [object], verbs: ["get"] };
  return { metadata: { namespace, name }, rules: [rule] };
}

function binding(namespace: string, name: string, subjects: Subject[]): RoleBinding {
  return { metadata: { namespace, name }, roleRef: { apiGroup: rbacGroup, kind: "Role", name }, subjects };
}
