import { methodNotSupported } from "@kube-ts/api/status-error";
import type { Exchange } from "../endpoints/exchange.ts";
import type { PathRequest } from "../endpoints/request-info.ts";
import { sendPageNotFound } from "../endpoints/respond.ts";

export type PathHandler = (exchange: Exchange, info: PathRequest) => Promise<void> | void;

/** Answers requests that name no resource: discovery, OpenAPI, health, version, metrics. */
export class PathRoutes {
  readonly #exact = new Map<string, PathHandler>();
  readonly #anyMethod = new Set<PathHandler>();
  readonly #lists: (() => readonly string[])[] = [];
  readonly #prefixes: { readonly prefix: string; readonly handler: PathHandler }[] = [];

  /** Serves one path, with and without a trailing slash. */
  exact(path: string, handler: PathHandler): this {
    this.#exact.set(path, handler);
    return this;
  }

  /** Serves one path whatever the method. */
  anyMethod(path: string, handler: PathHandler): this {
    this.#anyMethod.add(handler);
    return this.exact(path, handler);
  }

  /** Serves every path that starts with the prefix and has no exact handler. */
  prefix(prefix: string, handler: PathHandler): this {
    this.#prefixes.push({ prefix, handler });
    return this;
  }

  /** Takes paths into the index that a prefix serves, as they are when the index is asked for. */
  listed(paths: () => readonly string[]): this {
    this.#lists.push(paths);
    return this;
  }

  /** The exact and the listed paths, for the index at `/`. */
  paths(): string[] {
    return [...new Set([...this.#exact.keys(), ...this.#lists.flatMap((list) => list())])].sort();
  }

  async route(exchange: Exchange, info: PathRequest): Promise<void> {
    const path = info.path.length > 1 && info.path.endsWith("/") ? info.path.slice(0, -1) : info.path;
    const handler = this.#exact.get(path) ?? this.#prefixes.find(({ prefix }) => path.startsWith(prefix))?.handler;
    if (!handler) {
      sendPageNotFound(exchange);
      return;
    }
    const reads = info.verb === "get" || info.verb === "head";
    if (!reads && !this.#anyMethod.has(handler)) throw methodNotSupported({ group: "", resource: "" }, info.verb);
    await handler(exchange, info);
  }
}
