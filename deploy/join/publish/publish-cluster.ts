import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { nameOf } from "@kube-ts/api/object";
import { type ResourceType, apiVersionOf } from "@kube-ts/api/resource-type";
import * as types from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { clusterInfo } from "../discovery/cluster-info.ts";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "./bootstrap-objects.ts";

const fieldManager = "kube-ts";

/** Gives machines that join, and those that have, what they may do. May be repeated. */
export async function publishRights(client: Client, signal: AbortSignal): Promise<void> {
  await applyAll(client, types.clusterRoles, clusterRoles, signal);
  await applyAll(client, types.clusterRoleBindings, clusterRoleBindings, signal);
  await applyAll(client, types.roles, roles, signal);
  await applyAll(client, types.roleBindings, roleBindings, signal);
}

/** Exchanges the public description. Its signatures follow by themselves: they are others' fields. */
export async function publishClusterInfo(client: Client, kubeconfig: string, signal: AbortSignal): Promise<void> {
  const map: ConfigMap = { metadata: { ...clusterInfo }, data: { kubeconfig } };
  await applyAll(client, types.configMaps, [map], signal);
}

async function applyAll<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  objects: readonly T[],
  signal: AbortSignal,
): Promise<void> {
  const resource = client.resource(type);
  for (const object of objects) {
    const { namespace } = object.metadata;
    const key = { name: nameOf(object), ...(namespace !== undefined && { namespace }) };
    const body = { apiVersion: apiVersionOf(type), kind: type.kind, ...object };
    await resource.patch(key, "apply", body, { fieldManager, force: true, signal });
  }
}
