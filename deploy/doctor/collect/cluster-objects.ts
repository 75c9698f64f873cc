import type { KubeObject } from "@kube-ts/api/object";
import type { Client } from "@kube-ts/client/client";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { isConditionTrue } from "@kube-ts/api/conditions";
import {
  clusterRoleBindings,
  clusterRoles,
  namespaces,
  networkPolicies,
  nodes,
  pods,
  roles,
  serviceAccounts,
} from "@kube-ts/api/resource-types";
import type { ClusterObjects } from "../cluster-view.ts";
import type { ApiServerFacts } from "../machine-view.ts";

const pageSize = 500;

/** Lists what the policy checks look at. Rejects when the API server does not answer. */
export async function clusterObjects(client: Client, signal: AbortSignal): Promise<ClusterObjects> {
  const all = <T extends KubeObject>(type: ResourceType<T>) => listAll(client, type, signal);
  return {
    clusterRoles: await all(clusterRoles),
    clusterRoleBindings: await all(clusterRoleBindings),
    roles: await all(roles),
    serviceAccounts: await all(serviceAccounts),
    namespaces: await all(namespaces),
    pods: await all(pods),
    networkPolicies: await all(networkPolicies),
  };
}

async function listAll<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const items: T[] = [];
  let continueToken: string | undefined;
  do {
    const options = { limit: pageSize, signal, ...(continueToken === undefined ? {} : { continueToken }) };
    const page = await client.resource(type).list(options);
    items.push(...page.items);
    continueToken = page.metadata.continue || undefined;
  } while (continueToken !== undefined);
  return items;
}

/** How the API server is, and the node. Rejects when the API server does not answer. */
export async function apiServerFacts(client: Client, nodeName: string, signal: AbortSignal): Promise<ApiServerFacts> {
  const response = await client.raw({ method: "GET", path: "/readyz?verbose", signal });
  const text = await response.text();
  const failing = response.status === 200 ? [] : text.split("\n").filter((line) => line.startsWith("[-]"));
  const node = await client
    .resource(nodes)
    .get({ name: nodeName }, { signal })
    .catch(() => undefined);
  const ready = node?.status?.conditions?.find(({ type }) => type === "Ready");
  return {
    failing: response.status === 200 || failing.length > 0 ? failing : [`status ${response.status}`],
    node: node && {
      isReady: isConditionTrue(node.status?.conditions, "Ready"),
      message: ready?.message ?? "it has not said so yet",
    },
  };
}
