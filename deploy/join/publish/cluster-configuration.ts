import { createHash } from "node:crypto";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import { configMaps } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { type ClusterConfig, formatClusterConfig, parseClusterConfig } from "../../cluster/cluster-config.ts";
import { differingFields } from "../../cluster/config-difference.ts";
import { configurationMap } from "./bootstrap-objects.ts";

/** The cluster's configuration as the cluster has it, in its ConfigMap. */
export interface ClusterConfiguration {
  readonly text: string;
  readonly digest: string;
  readonly resourceVersion: string;
}

const { key, ...mapName } = configurationMap;
const place = `${mapName.namespace}/${mapName.name}`;
const fieldManager = "kube-ts";

/** Undefined where the cluster has none yet. */
export async function readClusterConfiguration(
  client: Client,
  signal: AbortSignal,
): Promise<ClusterConfiguration | undefined> {
  const found = await client
    .resource(configMaps)
    .get(mapName, { signal })
    .catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  const text = found?.data?.[key];
  if (text === undefined) return undefined;
  return { text, digest: digestOf(text), resourceVersion: found?.metadata.resourceVersion ?? "" };
}

/** Throws a ConfigFileError for a text that this version does not read. */
export function parsePublished(text: string): ClusterConfig {
  return parseClusterConfig(text, place);
}

/** `sha256:…` of the text. */
export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** Whether both texts mean the same configuration. */
export function isSameConfiguration(text: string, config: ClusterConfig): boolean {
  if (text === formatClusterConfig(config)) return true;
  try {
    return formatClusterConfig(parsePublished(text)) === formatClusterConfig(config);
  } catch {
    return false;
  }
}

/**
 * In which fields a machine's configuration would take back what others have changed in the cluster's since the machine
 * saw that; undefined where nothing is taken back. A text of a version that this one does not read differs as a whole.
 */
export function takenBack(
  config: ClusterConfig,
  found: ClusterConfiguration | undefined,
  seen: string | undefined,
): readonly string[] | undefined {
  if (!found || found.digest === seen || isSameConfiguration(found.text, config)) return undefined;
  try {
    return differingFields(parsePublished(found.text), config);
  } catch {
    return ["all of it, which this version of kube-ts does not read"];
  }
}

/**
 * Exchanges the configuration that `found` is for another one. Rejects when somebody else has exchanged it since.
 */
export async function exchangeClusterConfiguration(
  client: Client,
  text: string,
  found: ClusterConfiguration | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (found?.text === text) return;
  const resource = client.resource(configMaps);
  const type = { apiVersion: apiVersionOf(configMaps), kind: configMaps.kind };
  const precondition = found && { resourceVersion: found.resourceVersion };
  const map: ConfigMap = { metadata: { ...mapName, ...precondition }, data: { [key]: text } };
  try {
    await resource.patch(mapName, "apply", { ...type, ...map }, { fieldManager, force: true, signal });
  } catch (error) {
    if (!isConflict(error)) throw error;
    throw new Error(`somebody else has just changed the cluster's configuration (${place}): try again`, {
      cause: error,
    });
  }
}
