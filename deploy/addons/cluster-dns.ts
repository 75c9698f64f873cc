import type { Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { ClusterRole, ClusterRoleBinding } from "@kube-ts/api/rbac/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { clusterRoleBindings, clusterRoles, endpointSlices, services } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import type { LocalCluster } from "../local/layout.ts";

const namespace = "kube-system";
const name = "kube-dns";
const labels = { "k8s-app": name, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS" };

/** The bootstrap role system:kube-dns lets its holder see services and endpoints only. */
const role: ClusterRole = {
  metadata: { name: "system:coredns" },
  rules: [
    { apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ],
};

const roleBinding: ClusterRoleBinding = {
  metadata: { name: "system:coredns" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:kube-dns" }],
};

function dnsService({ dnsServiceIp, dnsPort }: LocalCluster): Service {
  return {
    metadata: { name, namespace, labels },
    spec: {
      clusterIP: dnsServiceIp,
      ports: [
        { name: "dns", protocol: "UDP", port: 53, targetPort: dnsPort },
        { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: dnsPort },
      ],
    },
  };
}

function dnsEndpoints({ nodeIp, nodeName, dnsPort }: LocalCluster): EndpointSlice {
  return {
    metadata: {
      name: `${name}-local`,
      namespace,
      labels: { "kubernetes.io/service-name": name, "endpointslice.kubernetes.io/managed-by": "kube-ts" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [nodeIp], conditions: { ready: true }, nodeName }],
    ports: [
      { name: "dns", protocol: "UDP", port: dnsPort },
      { name: "dns-tcp", protocol: "TCP", port: dnsPort },
    ],
  };
}

/**
 * Puts the DNS server that runs as a daemon on this machine behind the standard service: a service without a
 * selector, whose endpoint is the daemon.
 */
export async function installClusterDns(client: Client, cluster: LocalCluster, signal: AbortSignal): Promise<void> {
  await ignoreExisting(client.resource(clusterRoles).create(role, { signal }));
  await ignoreExisting(client.resource(clusterRoleBindings).create(roleBinding, { signal }));
  // Asked for first: a second service with the same address would be refused for its address, not for its name.
  if (!(await find(client, services, namespace, name, signal))) {
    await ignoreExisting(client.resource(services).create(dnsService(cluster), { signal }));
  }
  const slices = client.resource(endpointSlices);
  const slice = dnsEndpoints(cluster);
  const existing = await find(client, endpointSlices, namespace, slice.metadata.name ?? "", signal);
  if (!existing) await ignoreExisting(slices.create(slice, { signal }));
  else if (existing.endpoints?.[0]?.addresses[0] !== cluster.nodeIp) {
    const { resourceVersion } = existing.metadata;
    await slices.update({ ...slice, metadata: { ...slice.metadata, resourceVersion } }, { signal });
  }
}

async function find<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<T | undefined> {
  return client
    .resource(type)
    .get({ namespace, name }, { signal })
    .catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
}

async function ignoreExisting(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}
