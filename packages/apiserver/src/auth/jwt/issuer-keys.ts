import { abortable } from "@kube-ts/std/abort";
import { isRecord } from "@kube-ts/std/config-schema";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { type JSONWebKeySet, type LocalJWKSet, compactVerify, createLocalJWKSet, errors } from "jose";
import type { FetchDocument } from "./fetch-document.ts";

/** How often an issuer that did not answer is asked again. */
const retryMs = 10_000;
/** Keys are asked for anew when they are this old; the old ones serve until the answer comes. */
const maxKeyAgeMs = 10 * 60_000;
/** Least time between two requests for keys, however many tokens with unknown keys come. */
const cooldownMs = 5_000;

export interface IssuerKeysOptions {
  readonly issuerUrl: string;
  /** Where the discovery document is, when not at its usual place; may be empty. */
  readonly discoveryUrl: string;
  readonly fetch: FetchDocument;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of each attempt to fetch keys. */
  readonly onFetch?: (ok: boolean) => void;
}

interface KnownKeys {
  readonly find: LocalJWKSet;
  readonly fetchedMs: number;
}

/**
 * The keys an issuer signs with, found through OpenID Connect discovery. They are kept, renewed in the background, and
 * asked for again when a token names one that is not known; all within limits.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #jwksUri: string | undefined;
  #known: KnownKeys | undefined;
  #attemptedMs = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** Whether discovery has succeeded. */
  get isReady(): boolean {
    return this.#jwksUri !== undefined;
  }

  /** Asks the issuer where its keys are until it answers or the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, issuerUrl } = this.#options;
    while (!signal.aborted) {
      try {
        this.#jwksUri = await this.#discover(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        log.warn("issuer of tokens not ready, will be asked again", { issuer: issuerUrl, error });
      }
      await clock.sleep(retryMs, signal).catch(() => undefined);
    }
  }

  /** The payload of a token that one of the keys has signed. Throws an Error in upstream's words otherwise. */
  async verify(token: string, algorithms: readonly string[], signal: AbortSignal): Promise<string> {
    const known = this.#known;
    if (known) {
      if (this.#isOlderThan(known, maxKeyAgeMs)) void this.#refresh().catch(() => undefined);
      const payload = await verifyWith(known.find, token, algorithms);
      if (payload !== undefined) return payload;
    }
    if (this.#options.clock.monotonicMs() - this.#attemptedMs >= cooldownMs || this.#fetching) {
      await abortable(this.#refresh(), signal);
      const fresh = this.#known;
      const payload = fresh && (await verifyWith(fresh.find, token, algorithms));
      if (payload !== undefined) return payload;
    }
    throw new Error("failed to verify signature: failed to verify id token signature");
  }

  #isOlderThan({ fetchedMs }: KnownKeys, ageMs: number): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    return nowMs - fetchedMs >= ageMs && nowMs - this.#attemptedMs >= cooldownMs;
  }

  /** All who need keys at the same time share one request, which none of them can cancel. */
  #refresh(): Promise<void> {
    this.#fetching ??= this.#fetchKeys().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchKeys(): Promise<void> {
    const { clock, fetch, onFetch } = this.#options;
    this.#attemptedMs = clock.monotonicMs();
    try {
      const document = await fetch(this.#jwksUri ?? "", neverAborted);
      this.#known = { find: createLocalJWKSet(asKeySet(document)), fetchedMs: clock.monotonicMs() };
      onFetch?.(true);
    } catch (cause) {
      onFetch?.(false);
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`failed to verify signature: fetching keys oidc: get keys failed: ${problem}`, { cause });
    }
  }

  async #discover(signal: AbortSignal): Promise<string> {
    const { issuerUrl, discoveryUrl, fetch } = this.#options;
    const usual = `${issuerUrl.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const document = await fetch(discoveryUrl === "" ? usual : discoveryUrl, signal);
    const { issuer, jwks_uri: jwksUri } = isRecord(document) ? document : {};
    if (issuer !== issuerUrl) {
      const got = JSON.stringify(issuer ?? "");
      throw new Error(`oidc: issuer did not match the issuer returned by provider, expected "${issuerUrl}" got ${got}`);
    }
    if (typeof jwksUri !== "string" || URL.parse(jwksUri)?.protocol !== "https:") {
      throw new Error("oidc: the discovery document names no https jwks_uri");
    }
    return jwksUri;
  }
}

const neverAborted = new AbortController().signal;

function asKeySet(document: unknown): JSONWebKeySet {
  if (isRecord(document) && Array.isArray(document["keys"]) && document["keys"].every(isRecord)) {
    return { keys: document["keys"].filter(({ use }) => use !== "enc") };
  }
  throw new Error("the document holds no set of keys");
}

/** Undefined when none of the keys has signed the token. */
async function verifyWith(
  find: LocalJWKSet,
  token: string,
  algorithms: readonly string[],
): Promise<string | undefined> {
  const options = { algorithms: [...algorithms] };
  try {
    return decode((await compactVerify(token, find, options)).payload);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return rejected(error);
    for await (const key of error) {
      const verified = await compactVerify(token, key, options).catch(rejected);
      if (verified) return decode(verified.payload);
    }
    return undefined;
  }
}

function decode(payload: Uint8Array): string {
  return Buffer.from(payload).toString("utf8");
}

function rejected(error: unknown): undefined {
  if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException)
    return undefined;
  throw error;
}
