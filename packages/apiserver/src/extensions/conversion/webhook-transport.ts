import { Agent, request as httpsRequest } from "node:https";
import type { SecureContextOptions } from "node:tls";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { WebhookClientConfig } from "@kube-ts/api/apiextensions/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { services } from "@kube-ts/api/resource-types";
import { refuseSwitch } from "@kube-ts/client/streaming/refuse-switch";
import { withTimeout } from "@kube-ts/std/abort";
import { readAnswer } from "@kube-ts/std/read-answer";
import { checkAlternativeNames } from "@kube-ts/std/server-identity";
import { jsonProblem } from "../../endpoints/json-problem.ts";
import type { ObjectSource } from "../../registry/object-source.ts";
import { certificateProblem } from "../../service-routing/certificate-problem.ts";

/** What a webhook is allowed. */
export interface WebhookLimits {
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** Sends JSON to webhooks. */
export interface WebhookTransport {
  /** The JSON that the webhook answers. Throws an Error in upstream's words. */
  post(config: WebhookClientConfig, body: object, signal: AbortSignal, limits?: WebhookLimits): Promise<unknown>;
}

/** By what a webhook knows the server. */
export interface WebhookIdentity {
  readonly headers: Readonly<Record<string, string>>;
  readonly cert?: NonNullable<SecureContextOptions["cert"]>;
  readonly key?: NonNullable<SecureContextOptions["key"]>;
  /** Differs when the certificate or its key differs. */
  readonly fingerprint: string;
}

export interface WebhookIdentities {
  /** Who the server is to the webhook at `host:port`; undefined for nobody in particular. */
  of(authority: string, signal: AbortSignal): Promise<WebhookIdentity | undefined>;
}

const conversionLimits: WebhookLimits = { timeoutMs: 30_000, maxAnswerBytes: 64 * 1024 * 1024 };
const maxAgents = 64;
const maxAttempts = 4;

interface Target {
  /** The address to connect to. */
  readonly host: string;
  readonly port: number;
  /** The name that the webhook's certificate has to carry. */
  readonly serverName: string;
  /** As messages name it. */
  readonly url: URL;
}

interface Exchange {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
}

/** Calls webhooks over HTTPS: by their URL, or by their service's address. */
export class HttpsWebhooks implements WebhookTransport, Disposable {
  readonly #source: ObjectSource;
  readonly #identities: WebhookIdentities | undefined;
  /** By the certificates that webhooks are checked against, and the server's own. */
  readonly #agents = new Map<string, Agent>();

  /** Without identities the server is nobody in particular to webhooks. */
  constructor(source: ObjectSource, identities?: WebhookIdentities) {
    this.#source = source;
    this.#identities = identities;
  }

  async post(
    config: WebhookClientConfig,
    body: object,
    signal: AbortSignal,
    { timeoutMs, maxAnswerBytes }: WebhookLimits = conversionLimits,
  ): Promise<unknown> {
    const target = this.#target(config, timeoutMs);
    const limited = withTimeout(signal, timeoutMs);
    try {
      const identity = await this.#identities?.of(`${target.serverName}:${target.port}`, limited);
      const exchange = { agent: this.#agent(config.caBundle ?? "", identity), headers: identity?.headers ?? {} };
      const response = await this.#send(target, exchange, JSON.stringify(body), limited);
      const text = (await readAnswer(response, maxAnswerBytes)).toString();
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299) throw new Error(refusal(text, status));
      return parseAnswer(text);
    } catch (error) {
      if (signal.aborted) throw error;
      if (limited.aborted)
        throw new Error(`Post ${goQuote(target.url.href)}: context deadline exceeded`, { cause: error });
      throw error;
    }
  }

  [Symbol.dispose](): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #target({ url, service }: WebhookClientConfig, timeoutMs: number): Target {
    if (url !== undefined) {
      const parsed = new URL(url);
      parsed.searchParams.set("timeout", `${timeoutMs / 1000}s`);
      const serverName = parsed.hostname.replace(/^\[|\]$/g, "");
      return { host: serverName, port: Number(parsed.port || "443"), serverName, url: parsed };
    }
    if (!service) throw new Error("webhook configuration must have either service or URL");
    const { namespace, name, path = "", port = 443 } = service;
    const serverName = `${name}.${namespace}.svc`;
    const named = new URL(`https://${serverName}:${port}${path.startsWith("/") || path === "" ? path : `/${path}`}`);
    named.searchParams.set("timeout", `${timeoutMs / 1000}s`);
    return { host: this.#addressOf(namespace, name, port), port, serverName, url: named };
  }

  #addressOf(namespace: string, name: string, port: number): string {
    const spec = this.#source.get(services, namespace, name)?.spec;
    if (!spec) throw new Error(`service ${goQuote(name)} not found`);
    if (spec.type === "ExternalName") return spec.externalName ?? "";
    const offered = spec.ports?.some((each) => each.port === port) ?? false;
    if (!offered) throw new Error(`no service port ${port} found for service ${goQuote(name)}`);
    const address = spec.clusterIP ?? "";
    if (address === "" || address === "None") throw new Error(`service ${goQuote(name)} has no cluster IP`);
    return address;
  }

  #agent(caBundle: string, identity: WebhookIdentity | undefined): Agent {
    const id = identity ? `${identity.fingerprint} ${caBundle}` : caBundle;
    const known = this.#agents.get(id);
    if (known) return known;
    const [oldest] = this.#agents.keys();
    if (this.#agents.size >= maxAgents && oldest !== undefined) {
      this.#agents.get(oldest)?.destroy();
      this.#agents.delete(oldest);
    }
    const ca = caBundle === "" ? undefined : Buffer.from(caBundle, "base64").toString();
    const { cert, key } = identity ?? {};
    const own = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
    const checkServerIdentity = checkAlternativeNames;
    const agent = new Agent({
      keepAlive: true,
      maxSockets: 64,
      checkServerIdentity,
      ...(ca !== undefined && { ca }),
      ...own,
    });
    this.#agents.set(id, agent);
    return agent;
  }

  /** A connection that the webhook closed while it was idle says nothing about the webhook: another one is taken. */
  async #send(target: Target, exchange: Exchange, body: string, signal: AbortSignal): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(target, exchange, body, signal);
      } catch (error) {
        if (!(error instanceof IdleConnectionError) || signal.aborted || attempt === maxAttempts) throw error;
      }
    }
  }

  #attempt(
    { host, port, serverName, url }: Target,
    { agent, headers }: Exchange,
    body: string,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest({
        agent,
        host,
        port,
        ...(/^[\d.]+$|:/.test(serverName) ? undefined : { servername: serverName }),
        method: "POST",
        path: `${url.pathname}${url.search}`,
        headers: {
          ...headers,
          Host: url.host,
          "Content-Type": "application/json",
          Accept: "application/json",
          "Content-Length": Buffer.byteLength(body),
          "User-Agent": "kube-apiserver-admission",
        },
        signal,
      });
      refuseSwitch(request);
      request.on("response", resolve);
      request.on("error", (cause) => {
        const Failure = isIdleEnd(request, cause) ? IdleConnectionError : Error;
        reject(new Failure(`Post ${goQuote(url.href)}: ${connectionProblem(cause, host, port)}`, { cause }));
      });
      request.end(body);
    });
  }
}

/** The connection was kept from an earlier call, and ended before anything was answered. */
class IdleConnectionError extends Error {}

function isIdleEnd(request: ClientRequest, error: Error): boolean {
  const code = "code" in error ? String(error.code) : "";
  return request.reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
}

function connectionProblem(error: Error, host: string, port: number): string {
  const code = "code" in error ? String(error.code) : "";
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  if (code === "ECONNREFUSED") return `dial tcp ${address}: connect: connection refused`;
  if (code === "ENOTFOUND") return `dial tcp: lookup ${host}: no such host`;
  return certificateProblem(error) ?? error.message;
}

/** What is wrong with an answer that is no JSON is told without repeating it: it may hold a secret. */
function parseAnswer(text: string): unknown {
  let problem: string;
  try {
    return JSON.parse(text);
  } catch (error) {
    problem = jsonProblem(error as SyntaxError);
  }
  throw new Error(`couldn't get version/kind; json parse error: ${problem}`);
}

/** What is said of an answer that is not a success: its own message where it is a Status. */
function refusal(text: string, status: number): string {
  try {
    const { kind, message } = JSON.parse(text) as { kind?: unknown; message?: unknown };
    if (kind === "Status" && typeof message === "string") return message;
  } catch {
    // Not a Status: the code is all there is to tell.
  }
  const detail = text.trim().slice(0, 2048);
  if (status === 404) return "the server could not find the requested resource";
  return `an error on the server (${goQuote(detail)}) has prevented the request from succeeding`;
}
