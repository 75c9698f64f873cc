import { type ClientConfig, clientConfigFromFile, inClusterConfig } from "@kube-ts/client/client-config";
import type { HttpClient } from "@kube-ts/client/http-client";
import { readBody } from "@kube-ts/client/response-body";
import { withTimeout } from "@kube-ts/std/abort";
import { type BackoffPolicy, backoffDelayMs } from "@kube-ts/std/backoff";
import { isRecord } from "@kube-ts/std/config-schema";
import type { Clock } from "@kube-ts/std/clock";
import type { Random } from "@kube-ts/std/random";
import type { RoundTripResult } from "./webhook-metrics.ts";

const maxAnswerBytes = 1024 * 1024;
const retryPolicy: BackoffPolicy = { baseMs: 500, maxMs: 10_000, factor: 1.5, jitter: 0.2 };
const maxAttempts = 5;

export interface ReviewWebhookOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** For one attempt. */
  readonly timeoutMs: number;
  /** How long to wait before the second attempt; longer and longer before further ones. */
  readonly retryBackoffMs?: number;
  /** Told of each attempt. */
  readonly onAttempt?: (result: RoundTripResult, ms: number) => void;
}

/** Posts reviews to the server of a kubeconfig. */
export interface ReviewWebhook {
  /** The JSON object that the webhook answers. Rejects when it cannot be had, with a text that holds nothing secret. */
  post(review: object, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
}

/** Reads the kubeconfig of a webhook; undefined stands for the cluster that the process runs in. Throws for a bad one. */
export function webhookConfig(
  kubeconfigFile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ClientConfig> {
  return kubeconfigFile === undefined ? inClusterConfig(env) : clientConfigFromFile(kubeconfigFile);
}

/** Calls one webhook over kept connections; passing failures are tried again, five times in all. */
export class HttpsReviewWebhook implements ReviewWebhook, AsyncDisposable {
  readonly #config: ClientConfig;
  readonly #options: ReviewWebhookOptions;
  readonly #path: string;
  #client: Promise<HttpClient> | undefined;

  constructor(config: ClientConfig, options: ReviewWebhookOptions) {
    this.#config = config;
    this.#options = options;
    this.#path = new URL(config.server).pathname === "/" ? "/" : "";
  }

  async post(review: object, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const { clock, random, retryBackoffMs = retryPolicy.baseMs, onAttempt } = this.#options;
    const policy = { ...retryPolicy, baseMs: retryBackoffMs, maxMs: Math.max(retryPolicy.maxMs, retryBackoffMs) };
    const body = JSON.stringify(review);
    for (let attempt = 0; ; attempt += 1) {
      const startedMs = clock.monotonicMs();
      const tell = (result: RoundTripResult) => onAttempt?.(result, clock.monotonicMs() - startedMs);
      try {
        const answer = await this.#attempt(body, signal);
        tell("success");
        return answer;
      } catch (error) {
        tell(signal.aborted ? "canceled" : resultOfFailure(error));
        signal.throwIfAborted();
        if (attempt + 1 >= maxAttempts || !isPassing(error)) throw error;
      }
      await clock.sleep(backoffDelayMs(policy, attempt, random), signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = await this.#client;
    await client?.[Symbol.asyncDispose]();
  }

  /** The library for HTTP clients takes megabytes, which servers without such webhooks do without. */
  async #connect(): Promise<HttpClient> {
    const { HttpClient: Client } = await import("@kube-ts/client/http-client");
    return new Client(this.#config, { userAgent: "kube-apiserver", clock: this.#options.clock, qps: -1 });
  }

  async #attempt(body: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const { timeoutMs } = this.#options;
    const limited = withTimeout(signal, timeoutMs);
    this.#client ??= this.#connect();
    const client = await this.#client;
    const response = await client
      .send({
        method: "POST",
        path: this.#path,
        headers: { "content-type": "application/json" },
        body,
        signal: limited,
        stream: false,
        headersTimeoutMs: timeoutMs,
        idleTimeoutMs: timeoutMs,
      })
      .catch((error: unknown) => {
        throw limited.aborted && !signal.aborted ? new WebhookTimeoutError(error) : error;
      });
    const text = (await readBody(response, maxAnswerBytes)).toString();
    if (response.status < 200 || response.status > 299) throw new WebhookAnswerError(response.status, text);
    const answer = parsed(text);
    if (isRecord(answer)) return answer;
    throw new Error("the webhook's answer is not a JSON object");
  }
}

class WebhookTimeoutError extends Error {
  constructor(cause: unknown) {
    super("context deadline exceeded", { cause });
  }
}

/** An answer that is not a success. What a webhook says of failures may repeat what it was sent, so it is not shown. */
class WebhookAnswerError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    const answer = parsed(text);
    const reason = isRecord(answer) && answer["kind"] === "Status" ? answer["reason"] : undefined;
    super(`the webhook answered with status ${status}${typeof reason === "string" ? ` ${reason}` : ""}`);
    this.status = status;
  }
}

/** Undefined for what is no JSON; what is wrong with it may repeat what the webhook was sent, so it is not told. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What metrics call a failure of a webhook. */
export function resultOfFailure(error: unknown): "error" | "timeout" {
  const late = error instanceof WebhookAnswerError ? error.status === 504 : error instanceof WebhookTimeoutError;
  return late ? "timeout" : "error";
}

/** Failures that another attempt may not meet again. */
function isPassing(error: unknown): boolean {
  if (error instanceof WebhookAnswerError) return [429, 500, 504].includes(error.status);
  const code = codeOf(error);
  return code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET";
}

function codeOf(error: unknown): unknown {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { readonly code?: unknown };
    if (code !== undefined) return code;
  }
  return undefined;
}
