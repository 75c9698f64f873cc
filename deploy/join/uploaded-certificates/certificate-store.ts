import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { secrets } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { newToken, tokenSecretName } from "../token/bootstrap-token.ts";
import { createToken } from "../token/token-store.ts";
import { parseCertificateKey } from "./certificate-key.ts";
import {
  type SharedFileContents,
  certificatesSecret,
  filesOfSecret,
  isOptional,
  secretOfFiles,
  sharedFileNames,
  sharedFiles,
} from "./certificates-secret.ts";

/** How long other machines may fetch what is uploaded. */
const uploadLifeMs = 2 * 3_600_000;

/** What the control-plane machines share, as it is on this one. Throws when a file is missing that every cluster has. */
export function readSharedFiles(configurationDirectory: string): SharedFileContents {
  const missing = sharedFileNames
    .filter((name) => !isOptional(name))
    .map((name) => join(configurationDirectory, sharedFiles[name]))
    .filter((path) => !existsSync(path));
  if (missing.length > 0) {
    throw new Error(`this machine has not what control-plane machines share: there is no ${missing.join(", no ")}`);
  }
  const entries = sharedFileNames.flatMap((name) => {
    const path = join(configurationDirectory, sharedFiles[name]);
    return isOptional(name) && !existsSync(path) ? [] : [[name, readFileSync(path, "utf8")] as const];
  });
  return Object.fromEntries(entries) as SharedFileContents;
}

/**
 * Puts the files, encrypted with `key`, where machines that join the control plane find them, for two hours. A former
 * upload is replaced.
 */
export async function uploadCertificates(
  client: Client,
  files: SharedFileContents,
  key: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  // The secret belongs to a token that is good for nothing: its end takes the secret along.
  const owner = {
    token: newToken(),
    description: "Proxy for managing TTL for the kubeadm-certs secret",
    expiresMs: nowMs + uploadLifeMs,
    usages: [],
    groups: [],
  };
  const { uid } = await createToken(client, owner, signal);
  const secret = secretOfFiles(files, parseCertificateKey(key), { name: tokenSecretName(owner.token.id), uid });
  const resource = client.resource(secrets);
  for (;;) {
    const existing = await find(client, signal);
    try {
      if (!existing) await resource.create(secret, { signal });
      else {
        const { resourceVersion } = existing.metadata;
        await resource.update({ ...secret, metadata: { ...secret.metadata, resourceVersion } }, { signal });
      }
      return;
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
    }
  }
}

/** Fetches and opens what was uploaded. Rejects as kubeadm does when there is nothing, or when the key is another one. */
export async function downloadCertificates(
  client: Client,
  key: string,
  signal: AbortSignal,
): Promise<SharedFileContents> {
  const parsed = parseCertificateKey(key);
  const secret = await find(client, signal);
  if (secret) return filesOfSecret(secret, parsed);
  const { namespace, name } = certificatesSecret;
  throw new Error(
    `Secret "${name}" was not found in the "${namespace}" Namespace. This Secret might have expired. Please, run \`kube-ts certificates upload\` on a control plane to generate a new one`,
  );
}

async function find(client: Client, signal: AbortSignal) {
  return client
    .resource(secrets)
    .get(certificatesSecret, { signal })
    .catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
}
