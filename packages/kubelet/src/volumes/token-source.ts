import type { TokenRequest } from "@kube-ts/api/authentication/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { timeMs } from "@kube-ts/api/rfc3339";
import { serviceAccounts } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";

export interface ServiceAccountToken {
  readonly token: string;
  /** When it is time for a new one. */
  readonly refreshAtMs: number;
}

/** Gives pods tokens of their service accounts. */
export interface TokenSource {
  /** A token that is valid for a while yet. Rejects when there is none and none can be had. */
  token(pod: Pod, audience: string, expirationSeconds: number, signal: AbortSignal): Promise<ServiceAccountToken>;
  /** Forgets the pod's tokens. */
  release(podUid: string): void;
}

interface Issued extends ServiceAccountToken {
  readonly expiresAtMs: number;
}

/** A token is replaced after this share of its life, and after a day at the latest. */
const refreshShare = 0.8;
const maxAgeMs = 24 * 3_600_000;
/** Refreshes are spread so that the pods of a node do not ask together. */
const jitterMs = 10_000;
/** After a failed refresh the old token serves, and the next try waits. */
const retryMs = 10_000;

/** Tokens through the TokenRequest API, bound to the pod, kept until it is time to refresh them. */
export class TokenRequester implements TokenSource {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Logger;
  readonly #issued = new Map<string, Map<string, Issued>>();

  constructor(client: Client, clock: Clock, random: Random, log: Logger) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
  }

  async token(
    pod: Pod,
    audience: string,
    expirationSeconds: number,
    signal: AbortSignal,
  ): Promise<ServiceAccountToken> {
    const uid = pod.metadata.uid ?? "";
    const key = `${pod.spec.serviceAccountName}/${audience}/${expirationSeconds}`;
    const known = this.#issued.get(uid)?.get(key);
    const nowMs = this.#clock.now();
    if (known && nowMs < known.refreshAtMs) return known;
    try {
      const issued = await this.#request(pod, audience, expirationSeconds, signal);
      const ofPod = this.#issued.get(uid) ?? new Map<string, Issued>();
      this.#issued.set(uid, ofPod.set(key, issued));
      return issued;
    } catch (error) {
      if (signal.aborted || !known || nowMs >= known.expiresAtMs) throw error;
      this.#log.warn("service account token could not be refreshed", { podUid: uid, error: errorFields(error) });
      return { token: known.token, refreshAtMs: nowMs + retryMs };
    }
  }

  release(podUid: string): void {
    this.#issued.delete(podUid);
  }

  async #request(pod: Pod, audience: string, expirationSeconds: number, signal: AbortSignal): Promise<Issued> {
    const { namespace = "", name = "", uid = "" } = pod.metadata;
    const account = pod.spec.serviceAccountName || "default";
    const body: TokenRequest = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: {},
      spec: {
        ...(audience === "" ? {} : { audiences: [audience] }),
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    };
    const answer = await this.#client
      .resource(serviceAccounts)
      .createSubresource<TokenRequest>({ namespace, name: account }, "token", body, { signal });
    const nowMs = this.#clock.now();
    const expiresAtMs = timeMs(answer.status?.expirationTimestamp) || nowMs + expirationSeconds * 1000;
    const usableMs = Math.min((expiresAtMs - nowMs) * refreshShare, maxAgeMs);
    const refreshAtMs = nowMs + Math.max(0, usableMs - this.#random.next() * jitterMs);
    return { token: answer.status?.token ?? "", expiresAtMs, refreshAtMs };
  }
}
