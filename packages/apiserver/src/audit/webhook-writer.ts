import type { ClientConfig } from "@kube-ts/client/client-config";
import { HttpClient } from "@kube-ts/client/http-client";
import { readBody } from "@kube-ts/client/response-body";
import { type BackoffPolicy, backoffDelayMs } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import type { Random } from "@kube-ts/std/random";
import type { EventWriter } from "./audit-backend.ts";
import { type AuditEvent, eventJson } from "./audit-event.ts";

export interface WebhookWriterOptions {
  /** How long to wait before the second attempt; longer and longer before further ones. */
  readonly initialBackoffMs: number;
  /** A batch that is larger goes in parts; undefined for any size. */
  readonly maxBatchBytes: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

const maxAnswerBytes = 1024 * 1024;
const maxAttempts = 5;
const timeoutMs = 30_000;

/** Posts lists of events to the server of a kubeconfig; whatever goes wrong is tried again. */
export class WebhookWriter implements EventWriter {
  readonly name = "webhook";
  readonly takesAnyBatch = false;
  readonly #client: HttpClient;
  readonly #path: string;
  readonly #options: WebhookWriterOptions;
  readonly #backoff: BackoffPolicy;

  constructor(config: ClientConfig, options: WebhookWriterOptions) {
    const { clock, initialBackoffMs } = options;
    this.#options = options;
    this.#backoff = { baseMs: initialBackoffMs, maxMs: initialBackoffMs * 8, factor: 1.5, jitter: 0.2 };
    this.#client = new HttpClient(config, { userAgent: "kube-apiserver", clock, qps: -1 });
    this.#path = new URL(config.server).pathname === "/" ? "/" : "";
  }

  async write(events: readonly AuditEvent[], signal: AbortSignal): Promise<void> {
    for (const batch of this.#batches(events)) await this.#post(batch, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }

  *#batches(events: readonly AuditEvent[]): Iterable<readonly string[]> {
    const { maxBatchBytes = Infinity } = this.#options;
    let batch: string[] = [];
    let size = 0;
    for (const event of events) {
      const json = eventJson(event);
      const bytes = Buffer.byteLength(json);
      if (batch.length > 0 && size + bytes > maxBatchBytes) {
        yield batch;
        batch = [];
        size = 0;
      }
      batch.push(json);
      size += bytes;
    }
    yield batch;
  }

  async #post(items: readonly string[], signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const body = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(",")}]}`;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#attempt(body, signal);
      } catch (error) {
        if (signal.aborted || attempt + 1 >= maxAttempts) throw error;
      }
      await clock.sleep(backoffDelayMs(this.#backoff, attempt, random), signal);
    }
  }

  async #attempt(body: string, signal: AbortSignal): Promise<void> {
    const response = await this.#client.send({
      method: "POST",
      path: this.#path,
      headers: { "content-type": "application/json" },
      body,
      signal,
      stream: false,
      headersTimeoutMs: timeoutMs,
      idleTimeoutMs: timeoutMs,
    });
    const { status } = response;
    await readBody(response, maxAnswerBytes);
    if (status < 200 || status > 299) throw new Error(`the webhook answered with status ${status}`);
  }
}
