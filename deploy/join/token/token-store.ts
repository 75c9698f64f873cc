import { configMaps, secrets } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { goQuote } from "@kube-ts/api/go-quote";
import { clusterInfo, readClusterInfo } from "../discovery/cluster-info.ts";
import { certificatesOf, publicKeyHash } from "../discovery/public-key-pins.ts";
import {
  type TokenRecord,
  bootstrapTokenNamespace,
  bootstrapTokenType,
  secretOfToken,
  tokenOfSecret,
  tokenSecretName,
} from "./bootstrap-token.ts";
import type { JoinTarget } from "./join-command-line.ts";

/** Rejects when there is a token with this id already. */
export async function createToken(client: Client, record: TokenRecord, signal: AbortSignal): Promise<{ uid: string }> {
  const { id } = record.token;
  try {
    const { metadata } = await client.resource(secrets).create(secretOfToken(record), { signal });
    return { uid: metadata.uid ?? "" };
  } catch (cause) {
    if (!isAlreadyExists(cause)) throw cause;
    throw new Error(`a token with id ${goQuote(id)} already exists`, { cause });
  }
}

/** The tokens, and what is wrong with secrets that hold none. */
export async function listTokens(
  client: Client,
  signal: AbortSignal,
): Promise<{ readonly tokens: readonly TokenRecord[]; readonly problems: readonly string[] }> {
  const selection = { namespace: bootstrapTokenNamespace, fieldSelector: `type=${bootstrapTokenType}` };
  const { items } = await client.resource(secrets).list({ ...selection, signal });
  const tokens: TokenRecord[] = [];
  const problems: string[] = [];
  for (const secret of items) {
    try {
      tokens.push(tokenOfSecret(secret));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { tokens, problems };
}

export async function deleteToken(client: Client, id: string, signal: AbortSignal): Promise<void> {
  const key = { namespace: bootstrapTokenNamespace, name: tokenSecretName(id) };
  try {
    await client.resource(secrets).delete(key, { signal });
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
    throw new Error(`failed to delete bootstrap token ${goQuote(id)}: secrets ${goQuote(key.name)} not found`, {
      cause,
    });
  }
}

/** Where machines join, and the keys of the authorities that they may expect there, as the cluster publishes it. */
export async function joinTarget(client: Client, signal: AbortSignal): Promise<JoinTarget> {
  const map = await client.resource(configMaps).get(clusterInfo, { signal });
  const { server, authorities } = readClusterInfo(map.data?.["kubeconfig"] ?? "");
  const { host } = new URL(server);
  return {
    endpoint: /:\d+$/.test(host) ? host : `${host}:443`,
    hashes: certificatesOf(authorities ?? "").map(publicKeyHash),
  };
}
