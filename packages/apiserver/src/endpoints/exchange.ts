import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestAudit } from "../audit/request-audit.ts";
import type { UserInfo } from "../auth/user.ts";
import type { RequestInfo } from "./request-info.ts";

/** The place that a request has among those that are answered at a time. */
export interface RequestPlace {
  /** Headers of the answer that say how the request was classified. */
  readonly headers: Readonly<Record<string, string>>;
  /** A watch has sent the state that it begins with: others may have its place. */
  begun(): void;
}

/** The connection of a request that asks to switch protocols. */
export interface OfferedSocket {
  readonly socket: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
}

/** One request on its way through the server. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly info: RequestInfo;
  /** Names the request in logs; sent back as `Audit-Id`. */
  readonly auditId: string;
  readonly user: UserInfo;
  /** Aborts when the client goes away, the request's time is up, or the server stops. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch at which the request arrived. */
  readonly nowMs: number;
  /** Texts that go to the client as `Warning` headers; set before the answer starts. */
  readonly warnings: string[];
  /** Undefined for requests of which no record is kept. */
  readonly audit?: RequestAudit | undefined;
  /** Undefined for requests whose number is not limited. */
  readonly place?: RequestPlace | undefined;
  /** Undefined for requests that are answered in HTTP. */
  readonly offered?: OfferedSocket | undefined;
}

const maxWarnings = 64;
const maxWarningBytes = 4096;

/** Queues a warning; repeated texts and what passes upstream's bound are left out. */
export function warn(exchange: Pick<Exchange, "warnings">, message: string): void {
  if (exchange.warnings.length < maxWarnings && !exchange.warnings.includes(message)) exchange.warnings.push(message);
}

/** The `Warning` header values, as RFC 7234 quotes them. */
export function warningHeaders(warnings: readonly string[]): string[] {
  let room = maxWarningBytes;
  const headers: string[] = [];
  for (const warning of warnings) {
    // eslint-disable-next-line no-control-regex -- a header value may hold no control characters
    const text = warning.replaceAll(/[\u0000-\u001f\u007f]/g, " ").replaceAll(/["\\]/g, "\\$&");
    room -= Buffer.byteLength(text);
    if (room < 0) break;
    headers.push(`299 - "${encodeHeaderText(text)}"`);
  }
  return headers;
}

/** Node writes headers as latin1; bytes of UTF-8 text pass through it unchanged. */
function encodeHeaderText(text: string): string {
  return Buffer.from(text).toString("latin1");
}
