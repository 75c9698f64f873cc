import { request as httpRequest } from "@kube-ts/std/node-http";
import type { ClientRequest } from "node:http";
import { type Agent, request as httpsRequest } from "node:https";
import { certificateProblem } from "../../service-routing/certificate-problem.ts";

/** What is asked of a backend. The caller sends the body and ends the request. */
export interface BackendRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly signal: AbortSignal;
}

/** A server that requests are passed on to. */
export interface Backend {
  /** `address:port`, as links and messages name it. */
  readonly host: string;
  /** Starts a request. Throws where there is no way to the backend. */
  open(request: BackendRequest): ClientRequest;
}

export interface BackendAddress {
  /** An IP address that was checked, or a name where names need no check. */
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
  /** The name that TLS asks for; the address where it is left out. */
  readonly serverName?: string;
  /**
   * Connections with their trust. Without one each request has a connection of its own, so that nothing a backend
   * says behind its answer is ever taken for another one, and the backend's certificate is not checked.
   */
  readonly agent?: Agent;
}

const dialTimeoutMs = 30_000;

/** The backend at one address: no name is looked up again. */
export function addressBackend({ address, port, secure, serverName, agent }: BackendAddress): Backend {
  const host = hostAndPort(address, port);
  return {
    host,
    open: ({ method, path, headers, signal }) => {
      const options = { host: address, port, method, path, headers: { ...headers }, signal };
      const request = secure
        ? httpsRequest({
            ...options,
            agent: agent ?? false,
            ...(!agent && { rejectUnauthorized: false }),
            ...(serverName !== undefined && { servername: serverName }),
          })
        : httpRequest({ ...options, agent: false });
      limitDial(request, secure, host);
      return request;
    },
  };
}

/** `address:port`, with the brackets of IPv6. */
export function hostAndPort(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A connection that does not come about in time fails the request. */
export function limitDial(request: ClientRequest, secure: boolean, host: string): void {
  request.once("socket", (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => request.destroy(new Error(`dial tcp ${host}: i/o timeout`)), dialTimeoutMs);
    const settle = () => clearTimeout(timer);
    socket.once(secure ? "secureConnect" : "connect", settle).once("close", settle);
  });
}

const problems: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connect: connection refused"],
  ["EHOSTUNREACH", "connect: no route to host"],
  ["ENETUNREACH", "connect: network is unreachable"],
  ["ETIMEDOUT", "connect: connection timed out"],
]);

/** What went wrong with a connection, in upstream's words. */
export function dialProblem(error: unknown, host: string): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  const problem = problems.get(code);
  if (problem !== undefined) return `dial tcp ${host}: ${problem}`;
  if (code === "ECONNRESET")
    return error.message === "socket hang up" ? "EOF" : `read tcp ${host}: connection reset by peer`;
  return certificateProblem(error) ?? error.message;
}
