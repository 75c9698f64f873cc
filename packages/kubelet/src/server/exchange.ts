import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestTarget } from "@kube-ts/std/request-target";

/** One request whose access was checked. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  /** Aborts when the client goes away or the server stops. */
  readonly signal: AbortSignal;
}

/** Answers one path; what it throws becomes the response. */
export type Handler = (exchange: Exchange) => Promise<void>;

export function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, {
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}
