import type { ClientRequest, IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createDeflate, createGunzip, createGzip, createInflate } from "node:zlib";
import { refuseSwitch } from "@kube-ts/client/streaming/refuse-switch";
import { refuseWith, relayUpgrade } from "@kube-ts/client/streaming/relay-upgrade";
import { UpgradeError } from "@kube-ts/client/streaming/streaming-error";
import { apiError, serviceUnavailable } from "@kube-ts/api/status-error";
import type { Exchange } from "../exchange.ts";
import { warningHeaders } from "../exchange.ts";
import type { UpgradeExchange } from "../upgrade.ts";
import { type Backend, dialProblem } from "./backend.ts";
import { HtmlLinks } from "./html-links.ts";
import { type LinkRules, rewriteLink } from "./link-rewriter.ts";
import { forwardedRequestHeaders, forwardedResponseHeaders, forwardedUpgradeHeaders } from "./proxy-headers.ts";

/** What is passed on, and how. */
export interface ProxyRoute {
  readonly backend: Backend;
  /** Path and query at the backend. */
  readonly path: string;
  /** The path, escaped, that the client asked for. */
  readonly clientPath: string;
  /** Set on the request besides what the client sent. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Of the client's headers, by lower-case name, those that stay here besides the usual ones. */
  readonly secretHeaders?: (name: string) => boolean;
  /** How links in answers are to be changed; absent where the backend has the paths of this server. */
  readonly links?: LinkRules;
  /** Whether redirects are an error. */
  readonly refusesRedirects?: boolean;
}

/** The backend tried to send the client elsewhere. */
export class RedirectError extends Error {
  constructor() {
    super("the backend attempted to redirect this request, which is not permitted");
  }
}

const ownHeaders = new Set(["audit-id"]);

/**
 * Passes a request on and its answer back, both as streams. Throws ServiceUnavailable while there is no answer; what
 * goes wrong later cuts the client's connection.
 */
export async function proxyRequest(exchange: Exchange, route: ProxyRoute): Promise<void> {
  const { request, response, auditId, warnings, signal, place } = exchange;
  const answer = await ask(exchange, route).catch((error: unknown) => {
    if (signal.aborted) throw error;
    // What is left of the body is not read as another request.
    response.shouldKeepAlive = false;
    const problem = dialProblem(error, route.backend.host);
    throw serviceUnavailable(`error trying to reach service: ${problem}`);
  });
  const code = answer.statusCode ?? 502;
  if (route.refusesRedirects && code >= 300 && code <= 399 && answer.headers.location !== undefined) {
    answer.destroy();
    throw new RedirectError();
  }
  const headers = forwardedResponseHeaders(answer.rawHeaders, ownHeaders);
  const transforms = route.links ? withLinks(answer, headers, route.links, request.method) : [];
  if (warnings.length > 0) headers["Warning"] = warningHeaders(warnings);
  if (answer.headers.date !== undefined) response.sendDate = false;
  response.writeHead(code, { "Audit-Id": auditId, ...place?.headers, ...headers });
  response.flushHeaders();
  // There is nobody left to tell when one of them goes away now.
  await pipeline([answer, ...transforms, response]).catch(() => response.destroy());
}

/** The backend's answer. A kept connection that the backend had closed in the meantime is replaced once. */
async function ask({ request, signal }: Exchange, route: ProxyRoute): Promise<IncomingMessage> {
  const headers = forwardedRequestHeaders(request.headersDistinct, forwardedFrom(request, route), route.secretHeaders);
  const chunked = request.headers["transfer-encoding"] !== undefined;
  // Without either, a body would be taken for the next request on the backend's connection.
  if (chunked) {
    headers["transfer-encoding"] = "chunked";
    delete headers["content-length"];
  }
  const body = chunked || Number(request.headers["content-length"] ?? 0) > 0 ? request : undefined;
  Object.assign(headers, route.headers);
  const open = () => route.backend.open({ method: request.method ?? "GET", path: route.path, headers, signal });
  const first = open();
  try {
    return await send(first, body);
  } catch (error) {
    if (body || !first.reusedSocket || signal.aborted) throw error;
    return send(open(), undefined);
  }
}

function send(outgoing: ClientRequest, body: IncomingMessage | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  refuseSwitch(outgoing);
  outgoing.on("response", resolve);
  outgoing.on("error", (error) => {
    body?.unpipe(outgoing);
    body?.resume();
    reject(error);
  });
  if (body) body.pipe(outgoing);
  else outgoing.end();
  return promise;
}

function forwardedFrom(request: IncomingMessage, { clientPath }: ProxyRoute) {
  return { clientAddress: request.socket.remoteAddress, uri: clientPath };
}

/** Changes the headers, and says what the body has to pass. */
function withLinks(
  answer: IncomingMessage,
  headers: Record<string, string | string[]>,
  rules: LinkRules,
  method: string | undefined,
): Transform[] {
  const nameOf = (wanted: string) => Object.keys(headers).find((name) => name.toLowerCase() === wanted);
  const location = nameOf("location");
  if (location !== undefined) {
    headers[location] = rewriteLink(answer.headers.location ?? "", rules);
    return [];
  }
  const type = answer.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  const coding = codings[answer.headers["content-encoding"]?.toLowerCase() ?? "identity"];
  if (type !== "text/html" || !coding) return [];
  const length = nameOf("content-length");
  if (length !== undefined) delete headers[length];
  return method === "HEAD" || answer.statusCode === 304 ? [] : coding(new HtmlLinks(rules));
}

const codings: Readonly<Record<string, ((links: Transform) => Transform[]) | undefined>> = {
  identity: (links) => [links],
  gzip: (links) => [createGunzip(), links, createGzip()],
  deflate: (links) => [createInflate(), links, createDeflate()],
};

/**
 * Passes a request to switch protocols on; bytes flow once the backend has switched. An error of the backend reaches
 * the client as it is; anything else that is not a switch is an error of ours. The client's connection is at its end
 * in all these cases.
 */
export async function proxyUpgrade(exchange: UpgradeExchange, route: ProxyRoute): Promise<void> {
  const { request, socket, head, signal } = exchange;
  const from = forwardedFrom(request, route);
  const headers = {
    ...forwardedUpgradeHeaders(request.headersDistinct, from, route.secretHeaders),
    ...route.headers,
  };
  const { backend, path } = route;
  const outgoing = backend.open({ method: request.method ?? "GET", path, headers, signal });
  try {
    await relayUpgrade({ request, socket, head }, outgoing, signal);
  } catch (error) {
    refuse(exchange, error, backend.host);
  }
}

function refuse({ socket }: UpgradeExchange, error: unknown, host: string): void {
  const code = error instanceof UpgradeError ? error.statusCode : undefined;
  if (code !== undefined && code >= 400) {
    refuseWith(socket, error);
    return;
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const message =
    code === undefined
      ? `error dialing backend: ${dialProblem(cause, host)}`
      : `invalid upgrade response: status code ${code}`;
  throw apiError({ code: 500, reason: "", message, cause: error });
}
