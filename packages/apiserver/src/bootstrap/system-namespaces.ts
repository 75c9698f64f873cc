import type { Namespace } from "@kube-ts/api/core/v1";
import { namespaces } from "@kube-ts/api/resource-types";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

/** The namespaces without which a cluster cannot work. */
const systemNamespaces = ["kube-system", "kube-public", "kube-node-lease", "default"] as const;

export async function ensureSystemNamespaces(objects: BootstrapObjects, signal: AbortSignal): Promise<void> {
  for (const name of systemNamespaces) {
    const namespace: Namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: {} };
    await ensureObject(objects, namespaces, namespace, () => undefined, signal);
  }
}
