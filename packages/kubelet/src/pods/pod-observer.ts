import { open } from "node:fs/promises";
import type { Clock } from "@kube-ts/std/clock";
import { annotations, labels } from "../runtime/labels.ts";
import type { ContainerStatus, Runtime } from "../runtime/runtime.ts";
import { isNotFound } from "../runtime/runtime-error.ts";
import { type ObservedContainer, type ObservedPod, observedPod } from "./observed-pod.ts";

const maxMessageBytes = 4096;
const maxLogMessageBytes = 2048;
const maxLogMessageLines = 80;

/** For so long after its end the runtime may still learn why a container ended. */
const settlingMs = 5_000;

/** Reads what the runtime has of one pod. */
export class PodObserver {
  readonly #runtime: Runtime;
  readonly #clock: Clock;
  /** Containers that ended a while ago do not change any more. */
  readonly #ended = new Map<string, ObservedContainer>();

  constructor(runtime: Runtime, clock: Clock) {
    this.#runtime = runtime;
    this.#clock = clock;
  }

  async observe(podUid: string, signal: AbortSignal): Promise<ObservedPod> {
    const filter = { labels: { [labels.podUid]: podUid } };
    const [sandboxes, containers] = await Promise.all([
      this.#runtime.listPodSandboxes(filter, signal),
      this.#runtime.listContainers(filter, signal),
    ]);
    const states = await Promise.all(sandboxes.map(({ id }) => this.#runtime.podSandboxStatus(id, signal)));
    const instances = await Promise.all(containers.map(({ id }) => this.#container(id, signal)));
    const present = new Set(containers.map(({ id }) => id));
    for (const id of this.#ended.keys()) if (!present.has(id)) this.#ended.delete(id);
    return observedPod(states.filter(isPresent), instances.filter(isPresent));
  }

  async #container(id: string, signal: AbortSignal): Promise<ObservedContainer | undefined> {
    const known = this.#ended.get(id);
    if (known) return known;
    const status = await this.#runtime.containerStatus(id, signal);
    if (!status) return undefined;
    if (status.state !== "exited") return { ...status, terminationMessage: "" };
    const ended = { ...status, terminationMessage: await this.#lastWords(status, signal) };
    if (this.#clock.now() - (status.finishedAtMs ?? 0) > settlingMs) this.#ended.set(id, ended);
    return ended;
  }

  /** What the container wrote as its termination message, or the end of its output if it failed and the spec says so. */
  async #lastWords(status: ContainerStatus, signal: AbortSignal): Promise<string> {
    const path = status.annotations[annotations.terminationMessagePath];
    const file = path && status.mounts.find((mount) => mount.containerPath === path)?.hostPath;
    const written = file ? await readHead(file, maxMessageBytes) : "";
    const useLogs = status.annotations[annotations.terminationMessagePolicy] === "FallbackToLogsOnError";
    if (written !== "" || !useLogs || status.exitCode === 0) return written;
    return this.#endOfOutput(status.id, signal);
  }

  async #endOfOutput(id: string, signal: AbortSignal): Promise<string> {
    const lines: Buffer[] = [];
    try {
      const options = { follow: false, tailLines: maxLogMessageLines };
      for await (const line of this.#runtime.logs(id, options, signal)) lines.push(line.content);
    } catch (error) {
      if (signal.aborted) throw error;
      return isNotFound(error) ? "" : `Error reading termination message from logs: ${String(error)}`;
    }
    return Buffer.concat(lines).subarray(-maxLogMessageBytes).toString("utf8");
  }
}

async function readHead(path: string, sizeBytes: number): Promise<string> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return "";
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(sizeBytes), 0, sizeBytes, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
