import { readFile } from "node:fs/promises";
import type { Clock } from "@kube-ts/std/clock";
import type { ClientAuth, ClientConfig, Impersonation } from "./client-config.ts";
import { type ExecCredential, execCredentialSource } from "./exec-credential.ts";
import { KubeconfigError } from "./kubeconfig.ts";

/** Request headers; several values for one name are sent as several lines. */
export type HeaderMap = Readonly<Record<string, string | readonly string[]>>;

/** The credentials of one client over time. */
export interface Credentials {
  /** The headers that prove who asks. Rejects with a KubeconfigError when they cannot be had. */
  headers(signal: AbortSignal): Promise<HeaderMap>;
  /** A client certificate that comes with the credentials, from an exec plugin. */
  certificate(signal: AbortSignal): Promise<{ readonly cert: string; readonly key: string } | undefined>;
  /** The server did not accept them: forget what is cached. False when asking again cannot help. */
  invalidate(): boolean;
}

/** A token file is read again after this time, so that a rotated token is taken up long before the old one ends. */
const tokenFileMaxAgeMs = 10_000;

export function createCredentials(config: ClientConfig, clock: Clock): Credentials {
  const impersonation = config.impersonate ? impersonationHeaders(config.impersonate) : {};
  const proof = proofOf(config.auth, config, clock);
  return {
    headers: async (signal) => ({ ...(await proof.headers(signal)), ...impersonation }),
    certificate: (signal) => proof.certificate?.(signal) ?? Promise.resolve(undefined),
    invalidate: () => proof.invalidate?.() ?? false,
  };
}

interface Proof {
  headers(signal: AbortSignal): Promise<HeaderMap>;
  certificate?: Credentials["certificate"];
  invalidate?(): boolean;
}

function proofOf(auth: ClientAuth, config: ClientConfig, clock: Clock): Proof {
  switch (auth.kind) {
    case "none":
      return fixed({});
    case "token":
      return fixed(bearer(auth.token));
    case "basic":
      return fixed({
        authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`,
      });
    case "tokenFile":
      return tokenFile(auth.path, clock);
    case "exec": {
      const source = execCredentialSource(auth.plugin, config, clock);
      return {
        headers: async (signal) => tokenHeaders(await source.get(signal)),
        certificate: async (signal) => (await source.get(signal)).certificate,
        invalidate: () => source.invalidate(),
      };
    }
  }
}

function fixed(headers: HeaderMap): Proof {
  const answer = Promise.resolve(headers);
  return { headers: () => answer };
}

function tokenHeaders(credential: ExecCredential): HeaderMap {
  return credential.token === undefined ? {} : bearer(credential.token);
}

function bearer(token: string): HeaderMap {
  return { authorization: `Bearer ${token}` };
}

/** Reads the token again when it is old or was refused; a file that cannot be read keeps the last token in use. */
function tokenFile(path: string, clock: Clock): Proof {
  let cached: { readonly token: string; readonly readAtMs: number } | undefined;
  const read = async () => {
    try {
      const token = (await readFile(path, "utf8")).trim();
      if (token === "") throw new Error("the file is empty");
      cached = { token, readAtMs: clock.monotonicMs() };
    } catch (cause) {
      if (!cached) throw new KubeconfigError(`failed to read token file "${path}": ${String(cause)}`, { cause });
      cached = { ...cached, readAtMs: clock.monotonicMs() };
    }
    return cached.token;
  };
  return {
    headers: async () => {
      const fresh = cached && clock.monotonicMs() - cached.readAtMs < tokenFileMaxAgeMs;
      return bearer(cached && fresh ? cached.token : await read());
    },
    invalidate: () => {
      if (cached) cached = { ...cached, readAtMs: -Infinity };
      return true;
    },
  };
}

function impersonationHeaders(impersonate: Impersonation): HeaderMap {
  const headers: Record<string, string | readonly string[]> = { "impersonate-user": impersonate.user };
  if (impersonate.uid) headers["impersonate-uid"] = impersonate.uid;
  if (impersonate.groups?.length) headers["impersonate-group"] = impersonate.groups;
  for (const [key, values] of Object.entries(impersonate.extra ?? {})) {
    headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = values;
  }
  return headers;
}
