import { X509Certificate, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";
import type { Clock } from "@kube-ts/std/clock";
import { selfSignedHosts } from "./self-signed-hosts.ts";
import type { CertificateFiles, DefaultCertificate, NamedCertificateFiles } from "../config/tls.ts";
import type { ApiServerConfig } from "../config/server-config.ts";

/** PEM texts of a certificate with its intermediates, and of its key. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface NamedKeyPair {
  readonly pair: KeyPair;
  readonly names: readonly string[];
}

/** Reads a pair. Rejects when a file cannot be read or the key is not that of the certificate. */
export async function readKeyPair({ certFile, keyFile }: CertificateFiles): Promise<KeyPair> {
  const pair = { cert: await readFile(certFile, "utf8"), key: await readFile(keyFile, "utf8") };
  createSecureContext(pair);
  return pair;
}

/** Reads a pair and, where nobody says for which names it is, takes those of the certificate. */
export async function readNamedKeyPair(files: NamedCertificateFiles): Promise<NamedKeyPair> {
  try {
    const pair = await readKeyPair(files);
    return { pair, names: files.names.length > 0 ? files.names : namesOf(pair.cert) };
  } catch (cause) {
    throw new Error(`failed to load SNI cert and key: ${String(cause)}`, { cause });
  }
}

/** The common name and the DNS names of the first certificate, in lower case. */
function namesOf(pem: string): string[] {
  const { subject, subjectAltName = "" } = new X509Certificate(pem);
  const commonName = /^CN=(.*)$/m.exec(subject)?.[1];
  const alternative = subjectAltName.split(", ").flatMap((name) => /^DNS:([^"]+)$/.exec(name)?.[1] ?? []);
  return [...new Set([...(commonName === undefined ? [] : [commonName]), ...alternative])].map((name) =>
    name.toLowerCase(),
  );
}

/** The certificate for clients that name no other; it is made where that is asked for and there is none. */
export async function defaultKeyPair(
  certificate: DefaultCertificate,
  config: Pick<ApiServerConfig, "serving" | "services">,
  clock: Clock,
): Promise<KeyPair> {
  if (certificate.source === "files") return readKeyPair(certificate);
  const make = async () => {
    // The certificate library doubles the time that a start takes.
    const { selfSignedTls } = await import("@kube-ts/std/self-signed");
    return selfSignedTls(selfSignedHosts(config), clock.now());
  };
  if (certificate.source === "memory") return make();
  return (await existingPair(certificate)) ?? (await storedPair(certificate, await make(), clock));
}

async function existingPair(files: CertificateFiles): Promise<KeyPair | undefined> {
  try {
    return await readKeyPair(files);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

const otherWriterMs = 5_000;
const pollMs = 50;

/**
 * Writes the pair. Of several processes that come to this at once one wins, and all use its pair: the key appears first,
 * as a whole, and can appear only once.
 */
async function storedPair(files: CertificateFiles, { cert, key }: KeyPair, clock: Clock): Promise<KeyPair> {
  await mkdir(dirname(files.certFile), { recursive: true, mode: 0o755 });
  const suffix = randomUUID();
  const own = { certFile: `${files.certFile}.${suffix}`, keyFile: `${files.keyFile}.${suffix}` };
  try {
    await writeFile(own.keyFile, key, { mode: 0o600 });
    await writeFile(own.certFile, cert, { mode: 0o644 });
    await link(own.keyFile, files.keyFile);
    await rename(own.certFile, files.certFile);
    return { cert, key };
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
    return await pairOfOther(files, clock);
  } finally {
    await rm(own.keyFile, { force: true });
    await rm(own.certFile, { force: true });
  }
}

/** What another process is about to write; its certificate may still be one of former times. */
async function pairOfOther(files: CertificateFiles, clock: Clock): Promise<KeyPair> {
  const endMs = clock.monotonicMs() + otherWriterMs;
  for (;;) {
    const isLast = clock.monotonicMs() > endMs;
    const pair = await existingPair(files).catch((error: unknown) => {
      if (isLast) throw error;
      return undefined;
    });
    if (pair) return pair;
    if (isLast) throw new Error(`there is a key ${files.keyFile}, but no ${files.certFile}`);
    await clock.sleep(pollMs, new AbortController().signal);
  }
}
