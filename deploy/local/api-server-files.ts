import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { formatYaml } from "@kube-ts/std/yaml";
import { auditPolicy, authenticationConfiguration, encryptionConfiguration } from "../cluster/api-server-documents.ts";
import type { LocalCluster } from "./layout.ts";
import { writePrivateFile } from "./private-file.ts";

/** The configuration files of the API server, and where it keeps its audit log. */
export interface ApiServerFiles {
  readonly authentication: string;
  readonly auditPolicy: string;
  readonly encryption: string;
  readonly auditLog: string;
}

export function apiServerFiles(cluster: LocalCluster): ApiServerFiles {
  const directory = join(cluster.directory, "apiserver");
  return {
    authentication: join(directory, "authentication.yaml"),
    auditPolicy: join(directory, "audit-policy.yaml"),
    encryption: join(directory, "encryption.yaml"),
    auditLog: join(directory, "audit", "audit.log"),
  };
}

const keyBytes = 32;

/** Writes what the API server reads besides its flags. */
export function writeApiServerFiles(cluster: LocalCluster): void {
  const files = apiServerFiles(cluster);
  mkdirSync(join(cluster.directory, "apiserver"), { recursive: true, mode: 0o700 });
  writePrivateFile(files.authentication, formatYaml(authenticationConfiguration()));
  writePrivateFile(files.auditPolicy, formatYaml(auditPolicy));
  // Without its key what etcd holds cannot be read: it is made once.
  if (!existsSync(files.encryption)) {
    writePrivateFile(files.encryption, formatYaml(encryptionConfiguration(randomBytes(keyBytes))));
  }
}
