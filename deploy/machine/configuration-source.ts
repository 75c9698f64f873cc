import { existsSync } from "node:fs";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { type ClusterConfig, formatClusterConfig } from "../cluster/cluster-config.ts";
import {
  digestOf,
  exchangeClusterConfiguration,
  isSameConfiguration,
  readClusterConfiguration,
  takenBack,
} from "../join/publish/cluster-configuration.ts";
import { publishClusterInfo } from "../join/publish/publish-cluster.ts";
import { trustedFile } from "../pki/certificate-files.ts";
import { readText } from "./files/write-files.ts";
import { readMachineRecord } from "./machine-record.ts";
import { adminKubeconfig, clusterConfigFile, pkiDirectory } from "./places.ts";
import { publicClusterKubeconfig } from "./public-kubeconfig.ts";

/** Where the configuration comes from that a machine is set up with. */
export type ConfigurationSource =
  /** An operator's file: it becomes the cluster's unless that has changed since this machine saw it. */
  | { readonly kind: "file" }
  /** An operator's file, which is to become the cluster's whatever that is. */
  | { readonly kind: "overwriting" }
  /** The cluster: the text that it has, or what was made from that. */
  | { readonly kind: "cluster"; readonly text: string };

const askMs = 5_000;

/** Digest of the cluster's configuration as this machine saw it last; undefined for a machine that has seen none. */
export async function seenConfiguration(): Promise<string | undefined> {
  const { seenConfiguration: seen } = (await readMachineRecord()) ?? {};
  if (seen !== undefined) return seen;
  // What a machine without a record was set up with is what it published.
  const own = await readText(clusterConfigFile);
  return own === undefined ? undefined : digestOf(own);
}

/**
 * Rejects, before anything is changed, when a file would take back what others have changed. Where no API server answers
 * nobody can say; `publishConfiguration` asks again.
 */
export async function checkNothingIsTakenBack(config: ClusterConfig, signal: AbortSignal): Promise<void> {
  if (!existsSync(adminKubeconfig)) return;
  const seen = await seenConfiguration();
  const found = await readWith(adminKubeconfig, signal).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
  refuse(takenBack(config, found, seen));
}

/** What the cluster has, by a kubeconfig of this machine. */
export async function readWith(
  kubeconfig: string,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<typeof readClusterConfiguration>>> {
  const options = { userAgent: "kube-ts-install", requestTimeoutMs: askMs };
  await using client = createClient(await clientConfigFromFile(kubeconfig), options);
  return await readClusterConfiguration(client, signal);
}

/**
 * Makes the configuration the cluster's, with the public description that follows from it, unless it is the cluster's
 * already. Rejects rather than take back what others have changed. Answers the digest of what the cluster has then.
 */
export async function publishConfiguration(
  client: Client,
  config: ClusterConfig,
  source: ConfigurationSource,
  signal: AbortSignal,
): Promise<string> {
  // A machine that only follows has nothing to say.
  if (source.kind === "cluster" && isSameConfiguration(source.text, config)) return digestOf(source.text);
  const found = await readClusterConfiguration(client, signal);
  const seen = source.kind === "cluster" ? digestOf(source.text) : await seenConfiguration();
  if (source.kind !== "overwriting") refuse(takenBack(config, found, seen));
  const isThere = found !== undefined && isSameConfiguration(found.text, config);
  const text = isThere ? found.text : formatClusterConfig(config);
  await exchangeClusterConfiguration(client, text, found, signal);
  const authority = (await readText(trustedFile(pkiDirectory, "ca"))) ?? "";
  await publishClusterInfo(client, publicClusterKubeconfig(config, authority), signal);
  return digestOf(text);
}

/** Says what would be taken back, and the two ways on. */
function refuse(fields: readonly string[] | undefined): void {
  if (fields === undefined) return;
  throw new Error(
    `the cluster's configuration has changed since this machine saw it last, and this one would take that back: ${fields.join(", ")}\n` +
      "- to set this machine up as the cluster's configuration says: kube-ts install --use-cluster-config\n" +
      "- to make this one the cluster's: kube-ts install --overwrite-cluster-config",
  );
}
