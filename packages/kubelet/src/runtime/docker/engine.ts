import { Agent } from "@kube-ts/std/node-http";
import { inspect } from "node:util";
import Docker from "dockerode";
import { abortable } from "@kube-ts/std/abort";
import { RuntimeError } from "../runtime-error.ts";
import type { RuntimeErrorCode } from "../runtime-error.ts";

/** The Docker API that 20.10 and everything after it up to 28 speak. */
const preferredApiVersion = "1.41";

/** A call of the engine: it must pass the signal on as `abortSignal`. */
export type EngineCall<T> = (docker: Docker, abortSignal: AbortSignal) => Promise<T>;

/**
 * The connection to a Docker Engine. Every call has a deadline, ends with the caller's signal, and fails with a
 * RuntimeError in the daemon's words.
 */
export class DockerEngine {
  readonly #docker: Docker;
  readonly #endpoint: string;
  readonly #requestTimeoutMs: number;
  #negotiated: Promise<void> | undefined;

  /** `endpoint` is `unix:///path` or `tcp://host:port`. */
  constructor(endpoint: string, requestTimeoutMs: number) {
    this.#endpoint = endpoint;
    this.#requestTimeoutMs = requestTimeoutMs;
    // A daemon that restarts leaves kept connections half dead; connecting to a local socket costs nothing.
    const agent = unprinted(new Agent({ keepAlive: false }));
    const url = new URL(endpoint);
    // An explicit undefined keeps the library from reading the environment.
    const options =
      url.protocol === "unix:"
        ? { socketPath: url.pathname, host: undefined, agent }
        : { host: url.hostname, port: Number(url.port || 2375), protocol: "http" as const, agent };
    this.#docker = new Docker({ ...options, timeout: 0 });
  }

  call<T>(work: EngineCall<T>, signal: AbortSignal, timeoutMs: number = this.#requestTimeoutMs): Promise<T> {
    return this.#run(work, signal, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  }

  /** A call without a deadline: what it answers is a stream that lives as long as the signal lets it. */
  stream<T>(work: EngineCall<T>, signal: AbortSignal): Promise<T> {
    return this.#run(work, signal, AbortSignal.any([signal]));
  }

  async #run<T>(work: EngineCall<T>, signal: AbortSignal, deadline: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    try {
      await abortable((this.#negotiated ??= this.#negotiate()), deadline);
      return await abortable(work(this.#docker, unprinted(deadline)), deadline);
    } catch (error) {
      signal.throwIfAborted();
      throw this.#translate(error, deadline.aborted);
    }
  }

  /** Engines that no longer speak the preferred version get the oldest that they do. */
  async #negotiate(): Promise<void> {
    try {
      const late = AbortSignal.timeout(this.#requestTimeoutMs);
      const version = await abortable(this.#docker.version(), late);
      const oldest = (version as { MinAPIVersion?: string }).MinAPIVersion ?? preferredApiVersion;
      const chosen = compareVersions(oldest, preferredApiVersion) > 0 ? oldest : preferredApiVersion;
      (this.#docker.modem as { version?: string }).version = `v${chosen}`;
    } catch (error) {
      this.#negotiated = undefined;
      throw error;
    }
  }

  #translate(error: unknown, late: boolean): RuntimeError {
    if (error instanceof RuntimeError) return error;
    if (late) return new RuntimeError("DeadlineExceeded", "context deadline exceeded", { cause: error });
    const { statusCode, code, json } = error as { statusCode?: number; code?: string; json?: { message?: string } };
    if (statusCode !== undefined) {
      // Answers to streaming calls come as text behind a prefix of the library.
      const said = json?.message ?? (error as Error).message.replace(/^\(HTTP code \d+\) .*? - /, "");
      return new RuntimeError(codeOfStatus(statusCode), `Error response from daemon: ${said.trim()}`, { cause: error });
    }
    const message = error instanceof Error ? error.message : String(error);
    if (code !== undefined) {
      const text = `cannot connect to the Docker daemon at ${this.#endpoint}: ${message}`;
      return new RuntimeError("Unavailable", text, { cause: error });
    }
    return new RuntimeError("Internal", message, { cause: error });
  }
}

/**
 * The library prints every request for its debug log, whether or not anybody reads that, with all that the options
 * lead to: through a signal's listeners that is half the process, at every request. So these print as their name.
 */
function unprinted<T extends object>(value: T): T {
  return Object.defineProperty(value, inspect.custom, { value: () => value.constructor.name });
}

function codeOfStatus(statusCode: number): RuntimeErrorCode {
  if (statusCode === 404) return "NotFound";
  if (statusCode === 409) return "Conflict";
  if (statusCode === 400) return "InvalidArgument";
  return "Internal";
}

/** Orders versions such as 1.41 by their numbers. */
export function compareVersions(left: string, right: string): number {
  const parts = (version: string) => version.split(".").map(Number);
  const [leftParts, rightParts] = [parts(left), parts(right)];
  for (let index = 0; index < Math.max(leftParts.length, rightParts.length); index++) {
    const difference = (leftParts[index] ?? 0) - (rightParts[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
