import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { formatYaml } from "@kube-ts/std/yaml";
import type { Status } from "@kube-ts/api/meta/v1";
import type { ApiError } from "@kube-ts/api/status-error";
import { findApiError, internal } from "@kube-ts/api/status-error";
import { protobufJson } from "../audit/protobuf-json.ts";
import type { StepTimer, TimedStep } from "../audit/step-timer.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { Exchange } from "./exchange.ts";
import { warningHeaders } from "./exchange.ts";
import { documentOffer, plainJson, withLayout } from "./negotiation.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import { protobufObject } from "./protobuf-object.ts";

const compress = promisify(gzip);
/** Answers from this size on are compressed for clients that accept it, as upstream does. */
export const gzipThresholdBytes = 128 * 1024;
const gzipLevel = constants.Z_BEST_SPEED;

/** The status of an answer after which the connection speaks another protocol. */
export const switchingProtocols = 101;

/** Whether something was answered already, so that nothing else can be. */
export function hasAnswered({ headersSent, statusCode }: ServerResponse): boolean {
  return headersSent || statusCode === switchingProtocols;
}

/** Sends the status line and all headers at once: much cheaper than setting them one by one. */
export function writeHead(exchange: Exchange, code: number, headers: Readonly<Record<string, string | number>>): void {
  const { response, warnings, auditId, place } = exchange;
  const all: Record<string, string | number | string[]> = { "Audit-Id": auditId, ...place?.headers, ...headers };
  if (warnings.length > 0) all["Warning"] = warningHeaders(warnings);
  response.writeHead(code, all);
}

/** Which step it is to make an answer of objects in the form. */
export function encodingStep({ view }: Pick<AcceptedForm, "view">): TimedStep {
  return view === "object" ? "serialize-response-object" : "transform-response-object";
}

/** The object as the view shows it. */
export function singleBytes(
  { audit }: Pick<Exchange, "audit">,
  form: AcceptedForm,
  view: ObjectView,
  object: CachedObject,
): Buffer {
  return audit ? audit.within(encodingStep(form), () => view.single(object)) : view.single(object);
}

/** Answers with what a view made in the form: protobuf as it is, JSON turned into YAML or indented where asked. */
export async function sendEncoded(exchange: Exchange, code: number, form: AcceptedForm, bytes: Buffer): Promise<void> {
  if (exchange.audit?.keepsResponse) {
    const json = form.encoding === "protobuf" ? protobufJson(bytes) : bytes;
    if (json) exchange.audit.responseJson(json);
  }
  const body = form.encoding === "yaml" || form.pretty ? laidOut(bytes, form) : bytes;
  const headers: Record<string, string | number> = {
    "Content-Type": form.contentType,
    "Cache-Control": "no-cache, private",
  };
  if (body.length >= gzipThresholdBytes && acceptsGzip(exchange)) {
    const compressed = await compress(body, { level: gzipLevel });
    const size = { "Content-Encoding": "gzip", Vary: "Accept-Encoding", "Content-Length": compressed.length };
    writeHead(exchange, code, { ...headers, ...size });
    end(exchange.response, compressed, exchange.audit);
    return;
  }
  writeHead(exchange, code, { ...headers, "Content-Length": body.length });
  end(exchange.response, body, exchange.audit);
}

function end(response: ServerResponse, body: Buffer, timer: StepTimer | undefined): void {
  if (timer) timer.within("response-write", () => response.end(body));
  else response.end(body);
}

/** Answers with an object that has a kind, in the negotiated encoding. */
export function sendObject(exchange: Exchange, code: number, form: AcceptedForm, object: object): Promise<void> {
  if (exchange.audit && isStatus(object)) exchange.audit.status(object);
  const { audit } = exchange;
  const bytes = audit
    ? audit.within("serialize-response-object", () => encodedObject(object, form))
    : encodedObject(object, form);
  return sendEncoded(exchange, code, form, bytes);
}

function isStatus(object: object): object is Status {
  return (object as { readonly kind?: unknown }).kind === "Status";
}

function encodedObject(object: object, form: AcceptedForm): Buffer {
  return form.encoding === "protobuf" ? protobufObject(object) : Buffer.from(`${JSON.stringify(object)}\n`);
}

function laidOut(json: Buffer, form: AcceptedForm): Buffer {
  const value: unknown = JSON.parse(json.toString());
  return Buffer.from(form.encoding === "yaml" ? formatYaml(value) : JSON.stringify(value, null, 2));
}

/** Answers with plain text. */
export function sendText(exchange: Exchange, code: number, text: string): void {
  writeHead(exchange, code, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-cache, private",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": Buffer.byteLength(text),
  });
  exchange.response.end(text);
}

/** Answers for a path that nothing is known of, so that there can be no Status about it: in upstream's plain words. */
export function sendPageNotFound(exchange: Exchange): void {
  sendText(exchange, 404, "404 page not found\n");
}

export function acceptsGzip(exchange: Exchange): boolean {
  const accepted = exchange.request.headers["accept-encoding"];
  return typeof accepted === "string" && accepted.split(",").some((coding) => coding.trim() === "gzip");
}

/** The error to tell the client: API errors as they are, everything else as an internal error. */
export function asApiError(error: unknown): ApiError {
  return findApiError(error) ?? internal(error);
}

/** What an answer says besides the error. */
export interface ErrorSurroundings {
  readonly auditId?: string;
  readonly warnings?: readonly string[];
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Answers with an error's Status; cuts the connection when the answer has begun already. */
export function sendError(
  response: ServerResponse,
  error: ApiError,
  { auditId, warnings = [], headers = {} }: ErrorSurroundings = {},
): void {
  if (hasAnswered(response)) {
    response.destroy();
    return;
  }
  const form = errorForm(response);
  const status = encodedObject(error.status, form);
  const body = form.encoding === "yaml" || form.pretty ? laidOut(status, form) : status;
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  if (auditId !== undefined) response.setHeader("Audit-Id", auditId);
  for (const name in headers) response.setHeader(name, headers[name] ?? "");
  response.setHeader("Content-Type", form.contentType);
  response.setHeader("Cache-Control", "no-cache, private");
  response.setHeader("Content-Length", body.length);
  if (warnings.length > 0) response.setHeader("Warning", warningHeaders(warnings));
  if (error.code === 401) response.setHeader("WWW-Authenticate", 'Basic realm="kubernetes-master"');
  const retryAfter = error.retryAfterSeconds;
  if (retryAfter !== undefined) response.setHeader("Retry-After", String(retryAfter));
  response.statusCode = error.code;
  response.end(body);
}

/** What the client accepts where that can be told; an error is told in any case. */
function errorForm({ req }: ServerResponse): AcceptedForm {
  const { accept, "user-agent": userAgent } = req.headers;
  const url = req.url ?? "";
  const question = url.indexOf("?");
  const query = new URLSearchParams(question < 0 ? "" : url.slice(question + 1));
  return withLayout(documentOffer.accept(accept) ?? plainJson, { query, userAgent });
}
