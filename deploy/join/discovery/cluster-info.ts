import type { ConfigMap } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { type ClientConfig, resolveClientConfig } from "@kube-ts/client/client-config";
import { parseKubeconfig } from "@kube-ts/client/kubeconfig";
import type { BootstrapToken } from "../token/bootstrap-token.ts";
import { isSignedBy } from "./detached-signature.ts";
import { checkPinned } from "./public-key-pins.ts";

export const clusterInfo = { namespace: "kube-public", name: "cluster-info" } as const;

const contentKey = "kubeconfig";

/** What a cluster says of itself in public. */
export interface ClusterInfo {
  /** A kubeconfig without credentials. */
  readonly kubeconfig: string;
  readonly server: string;
  /** PEM; undefined where those of the system vouch for the server. */
  readonly authorities: string | undefined;
}

/**
 * What the map says, if it is signed with the token. Answers undefined when it has no signature of this token, as before
 * the controllers have seen a new one. Throws when there is a wrong one.
 */
export function verifiedClusterInfo(map: ConfigMap, token: BootstrapToken): ClusterInfo | undefined {
  const content = map.data?.[contentKey];
  if (content === undefined || content === "") {
    throw new Error(
      `there is no ${contentKey} key in the ${clusterInfo.name} ConfigMap. This API Server isn't set up for token bootstrapping, can't connect`,
    );
  }
  const signature = map.data?.[`jws-kubeconfig-${token.id}`];
  if (signature === undefined || signature === "") return undefined;
  if (!isSignedBy(token, content, signature)) {
    throw new Error("failed to verify JWS signature of received cluster info object, can't trust this API Server");
  }
  return readClusterInfo(content);
}

export function missingSignature({ id }: BootstrapToken): Error {
  return new Error(
    `could not find a JWS signature in the ${clusterInfo.name} ConfigMap for token ID ${goQuote(id)}: the token is wrong, or has expired`,
  );
}

/** Throws unless the cluster's authority is one of the pinned ones. */
export function checkAuthority({ authorities }: ClusterInfo, pins: ReadonlySet<string>): void {
  try {
    checkPinned(pins, authorities ?? "");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cluster CA found in ${clusterInfo.name} ConfigMap is invalid: ${reason}`, { cause });
  }
}

/** Throws when the text is no kubeconfig with a cluster. */
export function readClusterInfo(kubeconfig: string): ClusterInfo {
  const config = clientConfigOf(kubeconfig);
  const { ca } = config.tls;
  if (ca && "file" in ca) throw new Error(`${clusterInfo.name}: certificate-authority: a file of another machine`);
  return { kubeconfig, server: config.server, authorities: ca?.text };
}

/** How to reach the cluster, as nobody. */
export function clientConfigOf(kubeconfig: string): ClientConfig {
  const parsed = parseKubeconfig(kubeconfig, clusterInfo.name);
  const [cluster] = parsed.clusters ?? [];
  const contexts = [{ name: "join", context: { cluster: cluster?.name ?? "" } }];
  return { ...resolveClientConfig({ ...parsed, contexts, users: [], "current-context": "join" }) };
}
