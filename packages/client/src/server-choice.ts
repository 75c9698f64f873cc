import type { Random } from "@kube-ts/std/random";

/** With which of several servers a client begins. */
export type ServerStart = "first" | "random";

interface Known {
  readonly url: string;
  /** When it last failed, on the caller's monotonic clock; -Infinity if it never did. */
  failedAtMs: number;
  heardAtMs: number;
}

/**
 * Which of the API servers of one cluster is in use: all clients that are made from one configuration share it, stay
 * with a server while it serves, and turn to one that has not failed for the longest when it does not. Servers that are
 * equal in this are chosen among at random, so that the clients of a lost server spread over the others.
 */
export class ServerChoice {
  readonly #servers: readonly Known[];
  readonly #random: Random;
  #current: number;

  /** `urls` must not be empty. */
  constructor(urls: readonly string[], start: ServerStart, random: Random) {
    this.#servers = urls.map((url) => ({ url, failedAtMs: -Infinity, heardAtMs: -Infinity }));
    this.#random = random;
    this.#current = start === "first" ? 0 : this.#anyOf(urls.map((_url, index) => index));
  }

  get urls(): readonly string[] {
    return this.#servers.map(({ url }) => url);
  }

  /** Index of the server in use. */
  get current(): number {
    return this.#current;
  }

  url(index: number): string {
    return this.#servers[index]?.url ?? "";
  }

  /** Where to turn next, given the servers that were tried already; undefined when that is all of them. */
  next(tried: ReadonlySet<number>): number | undefined {
    return tried.has(this.#current) ? this.#best(tried) : this.#current;
  }

  /** The server does not serve: another one is in use from now on. */
  failed(index: number, nowMs: number): void {
    const server = this.#servers[index];
    if (!server) return;
    server.failedAtMs = nowMs;
    server.heardAtMs = -Infinity;
    if (index === this.#current) this.#current = this.#best(new Set([index])) ?? index;
  }

  use(index: number): void {
    this.#current = index;
  }

  /** The server has answered. */
  heard(index: number, nowMs: number): void {
    const server = this.#servers[index];
    if (server) server.heardAtMs = nowMs;
  }

  heardAtMs(index: number): number {
    return this.#servers[index]?.heardAtMs ?? -Infinity;
  }

  #best(without: ReadonlySet<number>): number | undefined {
    const left = this.#servers
      .map((server, index) => ({ ...server, index }))
      .filter(({ index }) => !without.has(index));
    const longest = Math.min(...left.map(({ failedAtMs }) => failedAtMs));
    const equal = left.filter(({ failedAtMs }) => failedAtMs === longest).map(({ index }) => index);
    return equal.length === 0 ? undefined : this.#anyOf(equal);
  }

  #anyOf(indexes: readonly number[]): number {
    return indexes[Math.floor(this.#random.next() * indexes.length)] ?? 0;
  }
}
