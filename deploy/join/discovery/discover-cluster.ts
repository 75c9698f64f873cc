import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { ClientConfig } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import { clusterInfoPath } from "../../cluster/api-server-documents.ts";
import type { BootstrapToken } from "../token/bootstrap-token.ts";
import {
  type ClusterInfo,
  checkAuthority,
  clientConfigOf,
  clusterInfo,
  missingSignature,
  verifiedClusterInfo,
} from "./cluster-info.ts";

export interface DiscoveryOptions {
  /** URL of an API server. */
  readonly server: string;
  readonly token: BootstrapToken;
  /** Keys of the authority that is expected; undefined to take the one that the token's signature vouches for. */
  readonly pins: ReadonlySet<string> | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const pollMs = 1_000;
const requestTimeoutMs = 10_000;
const maxBytes = 1024 * 1024;

/**
 * Finds out what to trust: reads the public description of the cluster from a server that is not trusted yet, checks the
 * token's signature over it and the pinned keys, and reads it once more from the server that it names, whose certificate
 * has to be the authority's. Rejects with what does not hold, or when there is no answer or no signature in time.
 */
export async function discoverCluster(options: DiscoveryOptions, signal: AbortSignal): Promise<ClusterInfo> {
  const { server, token, pins } = options;
  const stranger: ClientConfig = {
    server,
    namespace: "default",
    tls: { insecureSkipVerify: true },
    auth: { kind: "none" },
  };
  const first = await signedInfo(stranger, options, signal);
  if (pins === undefined) return first;
  checkAuthority(first, pins);
  const second = await signedInfo(clientConfigOf(first.kubeconfig), options, signal);
  if (second.kubeconfig !== first.kubeconfig) {
    throw new Error(
      `the second kubeconfig from the ${clusterInfo.name} ConfigMap (using TLS) was different from the first, for token ID ${JSON.stringify(token.id)}`,
    );
  }
  return second;
}

/** Asks until there is an answer that the token has signed. A wrong signature is an answer, too: it rejects. */
async function signedInfo(
  config: ClientConfig,
  { token, timeoutMs, clock }: DiscoveryOptions,
  signal: AbortSignal,
): Promise<ClusterInfo> {
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  for (;;) {
    let last: Error;
    const map = await fetchInfo(config, signal).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    if (map instanceof Error) last = map;
    else {
      const info = verifiedClusterInfo(map, token);
      if (info) return info;
      last = missingSignature(token);
    }
    if (clock.monotonicMs() > deadlineMs) {
      throw new Error(`couldn't validate the identity of the API Server: ${last.message}`, { cause: last });
    }
    await clock.sleep(pollMs, signal);
  }
}

async function fetchInfo(config: ClientConfig, signal: AbortSignal): Promise<ConfigMap> {
  await using client = createClient(config, { userAgent: "kube-ts-join", maxBodyBytes: maxBytes });
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);
  const response = await client.raw({ method: "GET", path: clusterInfoPath, signal: deadline });
  const body = await response.text();
  if (response.status !== 200) {
    throw new Error(`${config.server}${clusterInfoPath} answered ${response.status}: ${body.slice(0, 500).trim()}`);
  }
  return JSON.parse(body) as ConfigMap;
}
