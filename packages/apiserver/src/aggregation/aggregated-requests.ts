import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { findApiError, serviceUnavailable } from "@kube-ts/api/status-error";
import type { UserInfo } from "../auth/user.ts";
import type { Exchange } from "../endpoints/exchange.ts";
import type { Backend } from "../endpoints/proxy/backend.ts";
import { type ProxyRoute, RedirectError, proxyRequest, proxyUpgrade } from "../endpoints/proxy/proxy-request.ts";
import { sendText } from "../endpoints/respond.ts";
import type { UpgradeExchange } from "../endpoints/upgrade.ts";
import { isAvailable } from "./availability.ts";
import { identityHeaders } from "./front-proxy-identity.ts";
import type { RemoteServers } from "./remote-servers.ts";

/** Passes requests on to the servers behind APIServices, with the user's identity. */
export class AggregatedRequests {
  readonly #servers: RemoteServers;
  readonly #secretHeaders: (name: string) => boolean;

  /** `secretHeaders` tells which headers, by their lower-case names, would name a user to the server behind. */
  constructor(servers: RemoteServers, secretHeaders: (name: string) => boolean) {
    this.#servers = servers;
    this.#secretHeaders = secretHeaders;
  }

  /** Answers the request; what goes wrong on the way is told in plain text, as upstream does. */
  async serve(exchange: Exchange, service: APIService): Promise<void> {
    const { request, info, user, signal } = exchange;
    const backend = this.#backend(service);
    if (!backend) {
      sendText(exchange, 503, "service unavailable\n");
      return;
    }
    try {
      await proxyRequest(exchange, this.#route(backend, request.url ?? info.path, info.path, user));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RedirectError) sendText(exchange, 502, error.message);
      else if (findApiError(error)?.code === 503) sendText(exchange, 503, `${(error as Error).message}\n`);
      else throw error;
    }
  }

  async upgrade(exchange: UpgradeExchange, service: APIService): Promise<void> {
    const { request, info, user } = exchange;
    const backend = this.#backend(service);
    if (!backend) throw serviceUnavailable("service unavailable");
    await proxyUpgrade(exchange, this.#route(backend, request.url ?? info.path, info.path, user));
  }

  /** Undefined while there is none. */
  #backend(service: APIService): Backend | undefined {
    if (!isAvailable(service)) return undefined;
    try {
      return this.#servers.backend(service);
    } catch {
      return undefined;
    }
  }

  #route(backend: Backend, path: string, clientPath: string, user: UserInfo): ProxyRoute {
    return {
      backend,
      path,
      clientPath,
      headers: { ...identityHeaders(user), host: backend.host },
      secretHeaders: this.#secretHeaders,
      refusesRedirects: this.#servers.refusesRedirects,
    };
  }
}
