import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { SubjectAccessReviewSpec } from "@kube-ts/api/authorization/v1";
import type { UserInfo } from "@kube-ts/api/authentication/v1";
import { subjectAccessReviews, tokenReviews } from "@kube-ts/api/resource-types";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { AccessDenied } from "@kube-ts/std/serving";
import { requestTarget } from "@kube-ts/std/request-target";
import type { Client } from "./client.ts";
import { LruMap } from "./lru-map.ts";

/** What a request asks for. */
export type AccessAttributes = Pick<SubjectAccessReviewSpec, "resourceAttributes" | "nonResourceAttributes">;

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface DelegatedAccessOptions {
  readonly client: Client;
  /** Asks whom tokens belong to, if another client than `client` is to do that. */
  readonly authenticationClient?: Client;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether a request without credentials is `system:anonymous`; true unless told. */
  readonly anonymous?: boolean;
  /** How long answers are kept, in milliseconds; ten seconds unless told, 0 for a caller that keeps them itself. */
  readonly cacheMs?: number;
}

interface Cached<V> {
  readonly value: V;
  readonly untilMs: number;
}

const cacheSize = 1_024;
const defaultCacheMs = 10_000;
const reviewTimeoutMs = 10_000;

const anonymousUser: UserInfo = { username: "system:anonymous", groups: ["system:unauthenticated"] };

/**
 * Lets the API server decide who may use a daemon's own endpoints: a client certificate that the listener has
 * verified or a bearer token says who asks (TokenReview), a SubjectAccessReview whether they may. Answers are kept
 * for ten seconds.
 */
export class DelegatedAccess {
  readonly #options: DelegatedAccessOptions;
  readonly #users = new LruMap<string, Cached<UserInfo | undefined>>(cacheSize);
  readonly #decisions = new LruMap<string, Cached<AccessDecision>>(cacheSize);

  constructor(options: DelegatedAccessOptions) {
    this.#options = options;
  }

  /** Who asks; undefined when the credentials are not valid. Rejects when the API server cannot be asked. */
  async authenticate(request: IncomingMessage): Promise<UserInfo | undefined> {
    const certified = userOfCertificate(request.socket);
    if (certified) return certified;
    const [, token] = /^bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? "") ?? [];
    if (token !== undefined) return this.#review(token);
    return (this.#options.anonymous ?? true) ? anonymousUser : undefined;
  }

  /** Whether the user may do this. Rejects when the API server cannot be asked. */
  async authorize(user: UserInfo, attributes: AccessAttributes): Promise<AccessDecision> {
    const spec: SubjectAccessReviewSpec = {
      ...attributes,
      ...(user.username && { user: user.username }),
      ...(user.uid && { uid: user.uid }),
      ...(user.groups && { groups: user.groups }),
      ...(user.extra && { extra: user.extra }),
    };
    return this.#cached(this.#decisions, JSON.stringify(spec), async () => {
      const { status } = await this.#options.client
        .resource(subjectAccessReviews)
        .create({ metadata: {}, spec }, { timeoutMs: reviewTimeoutMs });
      return { allowed: status?.allowed === true && !status.denied, reason: status?.reason ?? "" };
    });
  }

  /** Authenticates and authorizes a request to a path, as `ServingOptions.authorize` wants it. */
  readonly check = async (request: IncomingMessage): Promise<AccessDenied | undefined> => {
    try {
      const user = await this.authenticate(request);
      if (!user) return { status: 401, message: "Unauthorized" };
      const { path } = requestTarget(request);
      const verb = (request.method ?? "GET").toLowerCase();
      const { allowed, reason } = await this.authorize(user, { nonResourceAttributes: { path, verb } });
      if (allowed) return undefined;
      const because = reason === "" ? "" : `: ${reason}`;
      return {
        status: 403,
        message: `forbidden: User "${user.username ?? ""}" cannot ${verb} path "${path}"${because}`,
      };
    } catch (error) {
      this.#options.log.warn("access could not be decided", { error });
      return { status: 401, message: "Unauthorized" };
    }
  };

  #review(token: string): Promise<UserInfo | undefined> {
    const key = createHash("sha256").update(token).digest("base64");
    return this.#cached(this.#users, key, async () => {
      const { client, authenticationClient = client } = this.#options;
      const { status } = await authenticationClient
        .resource(tokenReviews)
        .create({ metadata: {}, spec: { token } }, { timeoutMs: reviewTimeoutMs });
      return status?.authenticated === true ? (status.user ?? {}) : undefined;
    });
  }

  async #cached<V>(cache: LruMap<string, Cached<V>>, key: string, ask: () => Promise<V>): Promise<V> {
    const known = cache.get(key);
    if (known && known.untilMs > this.#options.clock.monotonicMs()) return known.value;
    const value = await ask();
    const { clock, cacheMs = defaultCacheMs } = this.#options;
    cache.set(key, { value, untilMs: clock.monotonicMs() + cacheMs });
    return value;
  }
}

/** The user that a verified client certificate names: common name and organizations. */
function userOfCertificate(socket: IncomingMessage["socket"]): UserInfo | undefined {
  const { authorized, getPeerCertificate } = socket as Partial<TLSSocket>;
  if (!authorized || !getPeerCertificate) return undefined;
  const { subject } = (socket as TLSSocket).getPeerCertificate() as Partial<PeerCertificate>;
  const [username] = namesOf(subject?.CN);
  return username === undefined ? undefined : { username, groups: [...namesOf(subject?.O), "system:authenticated"] };
}

/** A part of a name that occurs several times comes as a list, which the types do not say. */
function namesOf(part: unknown): string[] {
  return (Array.isArray(part) ? part : [part]).filter(
    (name): name is string => typeof name === "string" && name !== "",
  );
}
