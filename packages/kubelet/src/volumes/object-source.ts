import type { ConfigMap, Secret } from "@kube-ts/api/core/v1";

/** An object that a pod refers to, of the pod's own namespace. */
export interface ObjectReference {
  readonly kind: "ConfigMap" | "Secret";
  readonly namespace: string;
  readonly name: string;
}

/** The config maps and secrets that pods of this node refer to. Objects are shared: copy before changing. */
export interface ObjectSource {
  /** Undefined when it does not exist; rejects when that cannot be known. */
  configMap(namespace: string, name: string, signal: AbortSignal): Promise<ConfigMap | undefined>;
  secret(namespace: string, name: string, signal: AbortSignal): Promise<Secret | undefined>;
}
