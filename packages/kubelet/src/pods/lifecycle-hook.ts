import type { Container, EphemeralContainer, LifecycleHandler, Pod } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import type { Clock } from "@kube-ts/std/clock";
import { httpAnswer } from "../probes/http-probe.ts";
import { joinHostPort } from "../probes/probe-answer.ts";
import { resolvePort } from "../probes/prober.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** The longest time a postStart hook is waited for. */
export const hookTimeoutMs = 600_000;

export interface HookTarget {
  readonly container: Container | EphemeralContainer;
  readonly containerId: string;
  readonly podIp: string;
}

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

  /** `userAgent` names the kubelet to HTTP servers. */
  constructor(runtime: Pick<Runtime, "execSync">, clock: Clock, userAgent: string) {
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
    if (handler.sleep) return this.#clock.sleep(Math.min(handler.sleep.seconds * 1000, timeoutMs), signal);
    throw new Error("invalid handler: tcpSocket is not supported for lifecycle hooks");
  }

  async #get(
    { host, port, path = "/", scheme = "HTTP", httpHeaders = [] }: NonNullable<LifecycleHandler["httpGet"]>,
    { container, podIp }: HookTarget,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const address = joinHostPort(host || podIp, resolvePort(port, container));
    const url = new URL(`${scheme.toLowerCase()}://${address}${path.startsWith("/") ? "" : "/"}${path}`);
    const answer = await httpAnswer({ url, headers: httpHeaders, userAgent: this.#userAgent, timeoutMs }, signal);
    // Whatever the server says, it has been told.
    if (typeof answer === "string") throw new Error(answer);
  }
}
