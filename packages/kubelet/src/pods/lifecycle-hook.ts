import type { Container, EphemeralContainer, HTTPHeader, LifecycleHandler, Pod } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import type { Clock } from "@kube-ts/std/clock";
import { httpAnswer, spokeHttp } from "../probes/http-probe.ts";
import { joinHostPort } from "../probes/probe-answer.ts";
import { resolvePort } from "../probes/prober.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { HookMetrics } from "./hook-metrics.ts";

/** The longest time a postStart hook is waited for. */
export const hookTimeoutMs = 600_000;

export interface HookTarget {
  readonly container: Container | EphemeralContainer;
  readonly containerId: string;
  readonly podIp: string;
  /** The server was to be asked by HTTPS and took HTTP. */
  onFallback(): void;
}

/** Reason and message of the event that tells of that. */
export const fallbackEvent = [
  "LifecycleHTTPFallback",
  "request to HTTPS lifecycle hook got HTTP response, retry with HTTP succeeded",
] as const;

/** A command of a hook that ended with another code than 0. */
export class HookExitError extends Error {
  override readonly name = "HookExitError";
  readonly output: string;

  constructor(command: readonly string[], exitCode: number, output: string) {
    super(`command '${command.join(" ")}' exited with ${exitCode}: ${output}`);
    this.output = output;
  }
}

/** What users read of a hook that failed. */
export function failedHook(handler: LifecycleHandler, { metadata }: Pod, container: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const pod = `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
  const failed = `for Container ${goQuote(container)} in Pod ${goQuote(pod)} failed - error: ${reason}`;
  if (handler.exec) {
    const output = error instanceof HookExitError ? error.output : "";
    return `Exec lifecycle hook ([${(handler.exec.command ?? []).join(" ")}]) ${failed}, message: ${goQuote(output)}`;
  }
  return handler.httpGet ? `HTTP lifecycle hook (${handler.httpGet.path ?? ""}) ${failed}` : reason;
}

/** Runs postStart and preStop handlers. */
export class LifecycleHooks {
  readonly #runtime: Pick<Runtime, "execSync">;
  readonly #clock: Clock;
  readonly #userAgent: string;
  readonly #metrics: HookMetrics;

  /** `userAgent` names the kubelet to HTTP servers. */
  constructor(runtime: Pick<Runtime, "execSync">, clock: Clock, userAgent: string, metrics: HookMetrics) {
    this.#metrics = metrics;
    this.#runtime = runtime;
    this.#clock = clock;
    this.#userAgent = userAgent;
  }

  /** Runs the handler to its end; throws when it fails or does not end in time. */
  async run(handler: LifecycleHandler, target: HookTarget, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (handler.exec) {
      const command = handler.exec.command ?? [];
      const { exitCode, stdout, stderr } = await this.#runtime.execSync(target.containerId, command, timeoutMs, signal);
      if (exitCode === 0) return;
      const output = Buffer.concat([stdout, stderr]).toString("utf8");
      throw new HookExitError(command, exitCode, output);
    }
    if (handler.httpGet) return this.#get(handler.httpGet, target, timeoutMs, signal);
    if (handler.sleep) return this.#sleep(handler.sleep.seconds * 1000, timeoutMs, signal);
    throw new Error("invalid handler: tcpSocket is not supported for lifecycle hooks");
  }

  async #sleep(wantedMs: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
    let slept = false;
    try {
      await this.#clock.sleep(Math.min(wantedMs, timeoutMs), signal);
      slept = wantedMs <= timeoutMs;
    } finally {
      if (!slept) this.#metrics.sleepCut();
    }
  }

  async #get(
    { host, port, path = "/", scheme = "HTTP", httpHeaders = [] }: NonNullable<LifecycleHandler["httpGet"]>,
    { container, podIp, onFallback }: HookTarget,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const address = joinHostPort(host || podIp, resolvePort(port, container));
    const ask = (protocol: string, headers: readonly HTTPHeader[]) => {
      const url = new URL(`${protocol}://${address}${path.startsWith("/") ? "" : "/"}${path}`);
      return httpAnswer({ url, headers, userAgent: this.#userAgent, timeoutMs }, signal);
    };
    const answer = await ask(scheme.toLowerCase(), httpHeaders);
    // Whatever the server says, it has been told.
    if (typeof answer !== "string") return;
    if (!answer.endsWith(spokeHttp)) throw new Error(answer);
    // What was meant for an encrypted connection goes over no other.
    const open = httpHeaders.filter(({ name }) => name.toLowerCase() !== "authorization");
    const again = await ask("http", open);
    if (typeof again === "string") throw new Error(again);
    this.#metrics.fellBack();
    onFallback();
  }
}
