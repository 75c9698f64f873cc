import type { ServerResponse } from "node:http";
import type { Clock } from "@kube-ts/std/clock";
import type { Overload } from "../flow-control/overload.ts";

/** No longer than the client is told to stay away. */
const holdMs = 1_000;
const maxHeld = 5_000;

/**
 * Tells clients that there are too many requests, in plain words as upstream does, and when to come back. Those who flood the
 * server are told so late: a client that does not care what it is told would otherwise keep the server busy with refusals.
 */
export class OverloadAnswers {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #held = 0;

  /** Nobody is held any longer once the signal aborts. */
  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Resolves when the answer is sent; never rejects. */
  async send(response: ServerResponse, overload: Overload, auditId: string): Promise<void> {
    if (overload.isFlood && this.#held < maxHeld) await this.#hold();
    if (response.destroyed) return;
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

  async #hold(): Promise<void> {
    this.#held += 1;
    await this.#clock.sleep(holdMs, this.#signal).catch(() => undefined);
    this.#held -= 1;
  }
}
