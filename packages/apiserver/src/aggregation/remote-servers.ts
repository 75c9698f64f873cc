import { Agent } from "node:https";
import type { IncomingMessage } from "node:http";
import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { checkAlternativeNames } from "@kube-ts/std/server-identity";
import { withTimeout } from "@kube-ts/std/abort";
import { refuseSwitch } from "@kube-ts/client/streaming/refuse-switch";
import type { Random } from "@kube-ts/std/random";
import { readAnswer } from "@kube-ts/std/read-answer";
import { type Backend, addressBackend, dialProblem } from "../endpoints/proxy/backend.ts";
import type { ObjectSource } from "../registry/object-source.ts";
import { identityHeaders } from "./front-proxy-identity.ts";
import { ReadyEndpoints } from "../service-routing/ready-endpoints.ts";
import { serviceAddress } from "./service-address.ts";

export interface RemoteServersConfig {
  /** PEM: what this server shows to those behind it. */
  readonly certificate: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** `--enable-aggregator-routing`: to endpoints instead of the cluster address. */
  readonly routesToEndpoints: boolean;
  /** `--aggregator-reject-forwarding-redirect`: clients never see redirects. */
  readonly refusesRedirects: boolean;
}

/** Distinct trusts for which connections are kept. */
const maxAgents = 64;
const maxSockets = 512;
const maxFreeSockets = 25;

/** What the server itself asks of those behind it. */
export interface RemoteAnswer {
  readonly code: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** The server asks as itself, with all rights. */
const ownUser = { name: "system:kube-aggregator", uid: "", groups: ["system:masters"], extra: {} } as const;

/** Connections to the servers behind APIServices. */
export class RemoteServers implements Disposable {
  readonly #source: ObjectSource;
  readonly #random: Random;
  readonly #config: RemoteServersConfig;
  readonly #ready: ReadyEndpoints | undefined;
  /** By what servers are checked against; the one used last is the last. */
  readonly #agents = new Map<string, Agent>();

  constructor(source: ObjectSource, random: Random, config: RemoteServersConfig) {
    this.#source = source;
    this.#random = random;
    this.#config = config;
    this.#ready = config.routesToEndpoints ? new ReadyEndpoints(source) : undefined;
  }

  get refusesRedirects(): boolean {
    return this.#config.refusesRedirects;
  }

  /** The server to ask now. Throws where the service has none. */
  backend({ spec }: APIService): Backend {
    const { service = {}, caBundle = "", insecureSkipTLSVerify = false } = spec;
    const { address, port } = serviceAddress(service, this.#source, this.#random, this.#ready);
    const serverName = `${service.name ?? ""}.${service.namespace ?? ""}.svc`;
    const agent = this.#agent(insecureSkipTLSVerify ? undefined : caBundle);
    return addressBackend({ address, port, secure: true, serverName, agent });
  }

  /**
   * Asks with GET, as this server. Resolves with the whole answer whatever its code; rejects when there is none, when
   * it takes too long and when it has more than `maxBytes`.
   */
  async get(
    service: APIService,
    path: string,
    headers: Readonly<Record<string, string>>,
    limits: { readonly timeoutMs: number; readonly maxBytes: number },
    signal: AbortSignal,
  ): Promise<RemoteAnswer> {
    const backend = this.backend(service);
    const limited = withTimeout(signal, limits.timeoutMs);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const all = { ...headers, ...identityHeaders(ownUser), host: backend.host, "user-agent": "kube-aggregator" };
    const request = backend.open({ method: "GET", path, headers: all, signal: limited });
    refuseSwitch(request);
    request.on("response", resolve);
    request.on("error", (cause) => {
      reject(new Error(limited.aborted ? "context deadline exceeded" : dialProblem(cause, backend.host), { cause }));
    });
    request.end();
    const response = await promise;
    return {
      code: response.statusCode ?? 0,
      headers: response.headers,
      body: await readAnswer(response, limits.maxBytes),
    };
  }

  [Symbol.dispose](): void {
    this.#ready?.[Symbol.dispose]();
    for (const agent of this.#agents.values()) agent.destroy();
  }

  /** For servers that are checked against this bundle; undefined does not check them. */
  #agent(caBundle: string | undefined): Agent {
    const key = caBundle ?? "insecure";
    const known = this.#agents.get(key);
    if (known) {
      this.#agents.delete(key);
      this.#agents.set(key, known);
      return known;
    }
    const [oldest] = this.#agents.keys();
    if (this.#agents.size >= maxAgents && oldest !== undefined) {
      // Requests that are under way end; nothing new is sent over its connections.
      this.#agents.get(oldest)?.destroy();
      this.#agents.delete(oldest);
    }
    const { certificate, key: privateKey } = this.#config;
    const agent = new Agent({
      keepAlive: true,
      checkServerIdentity: checkAlternativeNames,
      maxSockets,
      maxFreeSockets,
      ...(certificate && { cert: certificate }),
      ...(privateKey && { key: privateKey }),
      ...(caBundle === undefined && { rejectUnauthorized: false }),
      ...(caBundle && { ca: Buffer.from(caBundle, "base64") }),
    });
    this.#agents.set(key, agent);
    return agent;
  }
}
