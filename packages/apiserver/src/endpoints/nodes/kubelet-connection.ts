import { Agent, request as httpsRequest } from "node:https";
import type { RequestOptions } from "node:https";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Node } from "@kube-ts/api/core/v1";
import { apiError, internal, isNotFound } from "@kube-ts/api/status-error";
import { checkAlternativeNames } from "@kube-ts/std/server-identity";
import { type Backend, hostAndPort, limitDial } from "../proxy/backend.ts";

export interface KubeletClientConfig {
  /** PEM; the certificate and key that this server shows to kubelets. */
  readonly certificate?: Buffer;
  readonly key?: Buffer;
  /** PEM; what kubelets' serving certificates are checked against. Without it they are not checked. */
  readonly certificateAuthority?: Buffer;
  /** Node address types in the order in which they are tried. */
  readonly preferredAddressTypes: readonly string[];
  readonly timeoutMs: number;
}

export interface KubeletRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly signal: AbortSignal;
}

const defaultKubeletPort = 10250;

/** The port of the node's kubelet. */
export function kubeletPortOf({ status }: Node): number {
  return status?.daemonEndpoints?.kubeletEndpoint?.Port || defaultKubeletPort;
}

/** Opens connections to the kubelets of nodes, with this server's own credentials. */
export class KubeletConnections implements Disposable {
  readonly #config: KubeletClientConfig;
  readonly #agent: Agent;

  constructor(config: KubeletClientConfig) {
    this.#config = config;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 256,
      timeout: 0,
      ...(config.certificate && { cert: config.certificate }),
      ...(config.key && { key: config.key }),
      ...(config.certificateAuthority
        ? { ca: config.certificateAuthority, checkServerIdentity: checkAlternativeNames }
        : // Upstream's behaviour without --kubelet-certificate-authority.
          { rejectUnauthorized: false }),
    });
  }

  /** Starts a request; the caller awaits `response` or `upgrade` events. */
  open(node: Node, { method, path, headers, signal }: KubeletRequest): ClientRequest {
    const host = this.addressOf(node);
    const port = kubeletPortOf(node);
    const options: RequestOptions = {
      agent: this.#agent,
      host,
      port,
      method,
      path,
      headers: { ...headers },
      signal,
      timeout: this.#config.timeoutMs,
    };
    const request = httpsRequest(options);
    limitDial(request, true, hostAndPort(host, port));
    return request;
  }

  /** The kubelet of a node as what requests are passed on to. */
  backend(node: Node): Backend {
    return {
      host: hostAndPort(this.addressOf(node), kubeletPortOf(node)),
      open: (request) => this.open(node, request),
    };
  }

  /** The address, or the name, under which the node is reached. Throws an InternalError when it has none. */
  addressOf(node: Node): string {
    for (const type of this.#config.preferredAddressTypes) {
      const found = node.status?.addresses?.find((address) => address.type === type);
      if (found) return found.address;
    }
    const problem = `no preferred addresses found; known addresses: [${(node.status?.addresses ?? []).map((known) => known.address).join(" ")}]`;
    throw internal(new Error(problem));
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

const maxErrorBytes = 50_000;

/** The error that a kubelet's answer stands for. */
export async function kubeletError(response: IncomingMessage): Promise<Error> {
  let text = "";
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > maxErrorBytes) break;
  }
  response.destroy();
  return kubeletRefusal(response.statusCode ?? 500, text);
}

/** The error that an answer with this code and text stands for. */
export function kubeletRefusal(code: number, text: string): Error {
  const message = text.trim();
  if (code === 400) return apiError({ code, reason: "BadRequest", message });
  if (code === 404)
    return apiError({
      code,
      reason: "NotFound",
      message: message || "the server could not find the requested resource",
    });
  if (code === 500) return internal(new Error(message));
  return apiError({
    code: code < 400 ? 502 : code,
    reason: "InternalError",
    message: message || `unexpected answer ${code} from the kubelet`,
  });
}

/** An error of the connection to a kubelet, as clients are told of it. */
export function connectionError(node: string, cause: unknown): Error {
  if (isNotFound(cause)) return cause as Error;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return internal(new Error(`error dialing backend of node ${node}: ${detail}`, { cause }));
}
