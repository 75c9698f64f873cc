import type { ServerResponse } from "node:http";
import type { Overload } from "../flow-control/overload.ts";

/** Answers that there are too many requests, in plain words as upstream does, and when to come back. */
export function sendOverload(response: ServerResponse, overload: Overload, auditId: string): void {
  const text = `${overload.message}\n`;
  response.writeHead(429, {
    ...overload.headers,
    "Audit-Id": auditId,
    "Cache-Control": "no-cache, private",
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Retry-After": overload.retryAfterSeconds,
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}
