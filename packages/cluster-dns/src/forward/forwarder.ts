import { isAbort, withTimeout } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import { lowerCase } from "../message/query.ts";
import type { Query } from "../message/query.ts";
import { maxUdpBytes } from "../message/response.ts";
import { exchangeTcp, exchangeUdp } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import type { Upstream } from "./resolv-conf.ts";
import { ResponseCache } from "./response-cache.ts";
import type { KeptResponse } from "./response-cache.ts";

export type Transport = "udp" | "tcp";

/** Why a question was not answered by another server. */
export type ForwardFailure = "no-upstream" | "overloaded" | "unreachable";

export type ForwardResult =
  | { readonly kind: "answer"; readonly kept: KeptResponse; readonly fromCache: boolean }
  | { readonly kind: "failed"; readonly reason: ForwardFailure };

export interface ForwarderOptions {
  /** Questions under way at once; further ones fail. */
  readonly maxInFlight: number;
  /** For one server, then for all together. */
  readonly attemptTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly cache: { readonly maxEntries: number; readonly maxBytes: number; readonly maxTtlSeconds: number };
  readonly clock: Clock;
  readonly log: Logger;
  /** A number from 0 to 65535 that nobody can guess. */
  randomId(): number;
  /** For tests that have no network. */
  readonly exchange?: Readonly<Record<Transport, Exchange>>;
}

/**
 * Hands questions to other servers and keeps their answers. A question that is already under way is not sent
 * again: whoever asks waits for the same answer. So a question that comes back, because a server hands it on to
 * this one, ends with the deadline instead of going around for ever.
 */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #cache: ResponseCache;
  readonly #exchange: Readonly<Record<Transport, Exchange>>;
  readonly #underWay = new Map<string, Promise<ForwardResult>>();
  #upstreams: readonly Upstream[] = [];
  /** The server that answered last is asked first. */
  #preferred = 0;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#cache = new ResponseCache(options.cache, options.clock);
    this.#exchange = options.exchange ?? { udp: exchangeUdp, tcp: exchangeTcp };
  }

  get cachedAnswers(): number {
    return this.#cache.size;
  }

  /** Replaces the servers. */
  setUpstreams(upstreams: readonly Upstream[]): void {
    this.#upstreams = upstreams;
    this.#preferred = 0;
  }

  /** Never rejects but with the signal's reason. */
  async forward(query: Query, transport: Transport, signal: AbortSignal): Promise<ForwardResult> {
    const key = cacheKey(query);
    const kept = this.#cache.get(key);
    if (kept) return { kind: "answer", kept, fromCache: true };
    // Over TCP the answer may be longer, and a client's own options may change it.
    const shared = `${query.edns?.hasOptions ? query.id : ""} ${transport} ${key}`;
    const known = this.#underWay.get(shared);
    if (known) return known;
    if (this.#upstreams.length === 0) return { kind: "failed", reason: "no-upstream" };
    if (this.#underWay.size >= this.#options.maxInFlight) return { kind: "failed", reason: "overloaded" };
    const asked = this.#ask(query, key, transport, signal).finally(() => this.#underWay.delete(shared));
    this.#underWay.set(shared, asked);
    return asked;
  }

  async #ask(query: Query, key: string, transport: Transport, signal: AbortSignal): Promise<ForwardResult> {
    const deadline = withTimeout(signal, this.#options.totalTimeoutMs);
    const upstreams = this.#upstreams;
    const first = this.#preferred;
    for (let turn = 0; turn < upstreams.length && !deadline.aborted; turn += 1) {
      const index = (first + turn) % upstreams.length;
      const upstream = upstreams[index];
      const answer = upstream && (await this.#askOne(upstream, query, transport, deadline));
      signal.throwIfAborted();
      if (!answer) continue;
      const kept = query.edns?.hasOptions
        ? this.#cache.read(answer, query.question)
        : this.#cache.put(key, answer, query.question);
      if (!kept) continue;
      if (upstreams === this.#upstreams) this.#preferred = index;
      return { kind: "answer", kept, fromCache: false };
    }
    return { kind: "failed", reason: "unreachable" };
  }

  async #askOne(
    upstream: Upstream,
    query: Query,
    transport: Transport,
    deadline: AbortSignal,
  ): Promise<Buffer | undefined> {
    const message = Buffer.from(query.message);
    message.writeUInt16BE(this.#options.randomId(), 0);
    if (query.edns) message.writeUInt16BE(maxUdpBytes, query.edns.sizeOffset);
    const attempt = withTimeout(deadline, this.#options.attemptTimeoutMs);
    try {
      return await this.#exchange[transport](upstream, message, query.question, attempt);
    } catch (error) {
      if (!isAbort(error, deadline)) {
        this.#options.log.debug("a name server did not answer", { upstream, error: errorFields(error) });
      }
      return undefined;
    }
  }
}

/** Equal for queries that get the same answer. */
function cacheKey(query: Query): string {
  const edns = query.edns ? (query.edns.dnssecOk ? 2 : 1) : 0;
  const flags = (query.checkingDisabled ? 2 : 0) | (query.recursionDesired ? 1 : 0);
  // The bytes of the name, and not its labels joined by dots, which a label may contain.
  const name = lowerCase(query.question.toString("latin1", 0, query.question.length - 4));
  return `${query.type} ${query.class} ${edns} ${flags} ${name}`;
}
