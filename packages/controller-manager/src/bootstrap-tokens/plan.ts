import type { ConfigMap } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";

const contentKey = "kubeconfig";
const signaturePrefix = "jws-kubeconfig-";

/** What is signed: the kubeconfig with which new nodes find the cluster. Undefined when there is none. */
export function signedContent(clusterInfo: ConfigMap): string | undefined {
  return clusterInfo.data?.[contentKey];
}

/** The config map with exactly these signatures, by the tokens' ids; undefined when it has them already. */
export function planSignatures(clusterInfo: ConfigMap, signatures: ReadonlyMap<string, string>): ConfigMap | undefined {
  const kept = Object.entries(clusterInfo.data ?? {}).filter(([key]) => !key.startsWith(signaturePrefix));
  const signed = [...signatures].map(([id, signature]) => [`${signaturePrefix}${id}`, signature] as const);
  const data = Object.fromEntries([...kept, ...signed]);
  return semanticEqual(data, clusterInfo.data ?? {}) ? undefined : { ...clusterInfo, data };
}
