import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { formatYaml } from "@kube-ts/std/yaml";
import { encryptionConfiguration } from "../cluster/api-server-documents.ts";
import type { ClusterConfig } from "../cluster/cluster-config.ts";
import { privateFile } from "./files/planned-file.ts";
import { writeFiles } from "./files/write-files.ts";
import { encryptionFile } from "./places.ts";

const keyBytes = 32;

/**
 * Makes the key that secrets are encrypted with in etcd, unless there is one or the configuration names a file of its own;
 * answers the paths of what was written. Only for a cluster that has no data yet: the other API servers of one that has
 * could not read what this machine's writes.
 */
export async function ensureEncryption(config: ClusterConfig): Promise<readonly string[]> {
  const isOwn = config.flags["kube-apiserver"]?.["encryption-provider-config"] !== undefined;
  if (isOwn || existsSync(encryptionFile)) return [];
  return writeFiles([privateFile(encryptionFile, formatYaml(encryptionConfiguration(randomBytes(keyBytes))))]);
}
