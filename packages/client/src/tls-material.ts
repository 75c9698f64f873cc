import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ConnectionOptions } from "node:tls";
import type { ClientTls, PemSource } from "./client-config.ts";
import type { Credentials } from "./credentials.ts";

export interface TlsMaterial {
  readonly options: ConnectionOptions;
  /** Differs when any certificate or key differs. */
  readonly fingerprint: string;
}

/** Reads what a TLS connection needs as it is now. Rejects when a file cannot be read. */
export async function loadTlsMaterial(
  tls: ClientTls,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<TlsMaterial> {
  const [ca, cert, key, issued] = await Promise.all([
    readPem(tls.ca),
    readPem(tls.cert),
    readPem(tls.key),
    credentials.certificate(signal),
  ]);
  const options: ConnectionOptions = {
    ...(ca !== undefined && { ca }),
    ...(issued ?? { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }),
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
    ...(tls.insecureSkipVerify && { rejectUnauthorized: false }),
    minVersion: "TLSv1.2",
  };
  const identity = JSON.stringify([ca, options.cert, options.key]);
  return { options, fingerprint: createHash("sha256").update(identity).digest("base64") };
}

/** The text as it is now. */
export function readPem(source: PemSource | undefined): Promise<string | undefined> {
  if (!source) return Promise.resolve(undefined);
  return "text" in source ? Promise.resolve(source.text) : readFile(source.file, "utf8");
}
