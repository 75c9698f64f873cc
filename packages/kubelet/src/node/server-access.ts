import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { UserInfo } from "@kube-ts/api/authentication/v1";
import { LruMap } from "@kube-ts/client/lru-map";
import type { Clock } from "@kube-ts/std/clock";
import type { ServerConfig } from "../config/kubelet-config.ts";
import { type Access, withoutAuthorization } from "../server/access.ts";

/** Answers that are remembered at most, of each kind. */
const maxAnswers = 1_024;

/** Keeps answers about the same question for their time. */
class Remembered<V extends object> {
  readonly #clock: Clock;
  readonly #answers = new LruMap<string, { readonly value: V; readonly untilMs: number }>(maxAnswers);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(key: string, ask: () => Promise<V | undefined>, ttlMs: (value: V) => number): Promise<V | undefined> {
    const known = this.#answers.get(key);
    if (known && this.#clock.monotonicMs() < known.untilMs) return known.value;
    const value = await ask();
    if (value) this.#answers.set(key, { value, untilMs: this.#clock.monotonicMs() + ttlMs(value) });
    return value;
  }
}

const bearer = /^bearer +(\S+)\s*$/i;

/** Who may use the kubelet's server: what the configuration leaves of `delegate`, which asks the API server. */
export function serverAccess(delegate: Access, config: ServerConfig, clock: Clock): Access {
  const users = new Remembered<UserInfo>(clock);
  const decisions = new Remembered<Awaited<ReturnType<Access["authorize"]>>>(clock);
  const authenticate = (request: IncomingMessage) => {
    const token = bearer.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return delegate.authenticate(request);
    if (!config.tokenWebhook) return Promise.resolve(undefined);
    const key = createHash("sha256").update(token).digest("base64");
    return users.get(
      key,
      () => delegate.authenticate(request),
      () => config.tokenCacheTtlMs,
    );
  };
  if (config.authorization === "AlwaysAllow") return withoutAuthorization({ authenticate });
  return {
    authenticate,
    authorize: async (user, attributes) => {
      const ask = () => delegate.authorize(user, attributes);
      const ttlMs = ({ allowed }: { readonly allowed: boolean }) =>
        allowed ? config.authorizedTtlMs : config.unauthorizedTtlMs;
      return (await decisions.get(JSON.stringify([user, attributes]), ask, ttlMs)) ?? { allowed: false, reason: "" };
    },
  };
}

/** A kubelet without an API server can ask nobody: only configurations that need no answer let anyone in. */
export function standaloneAccess(anonymous: boolean): Access {
  const user: UserInfo = { username: "system:anonymous", groups: ["system:unauthenticated"] };
  return {
    authenticate: () => Promise.resolve(anonymous ? user : undefined),
    authorize: () => Promise.resolve({ allowed: false, reason: "this kubelet has no API server to ask" }),
  };
}
