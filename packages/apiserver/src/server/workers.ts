import cluster from "node:cluster";
import type { Worker } from "node:cluster";
import { once } from "node:events";
import { aborted } from "@kube-ts/std/abort";
import { backoffDelayMs } from "@kube-ts/std/backoff";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { TaskGroup } from "@kube-ts/std/task-group";

/** A worker that ends is replaced after this pause; the pause starts over once the replacement serves. */
const restartBackoff = { baseMs: 500, maxMs: 30_000, factor: 2, jitter: 0.2 };

const stopMessage = "stop";
/** Says that the worker hears what it is told: what came before is lost. */
const hearingMessage = "hearing";

/** Whether this process is one of several that serve behind one port. */
export function isWorker(): boolean {
  return cluster.isWorker;
}

/**
 * Runs `count` servers as processes that share one port, and replaces those that end. Each is a server of its own, with
 * its caches; they meet in etcd only, as servers on different machines do. Rejects when one cannot even start; resolves
 * when all have ended after the signal.
 */
export async function runWorkers(count: number, context: DaemonContext): Promise<void> {
  const { signal, log } = context;
  const workers = new TaskGroup(signal);
  const serving = Array.from({ length: count }, (_, index) => {
    const served = Promise.withResolvers<void>();
    workers.start((inner) => keepWorker(index, served.resolve, { ...context, signal: inner }));
    return served.promise;
  });
  try {
    await Promise.race([Promise.all(serving), workers.settled()]);
    if (!signal.aborted) {
      log.info("workers serve", { count });
      context.ready();
    }
    await Promise.race([aborted(signal), workers.settled()]);
  } finally {
    await workers.stop();
  }
  await workers.settled();
}

/** Lets a worker end as the primary does: it is told once, whoever else signals the group of processes. */
export function followPrimary(signal: AbortSignal): void {
  const stop = () => {
    if (!signal.aborted) process.kill(process.pid, "SIGTERM");
  };
  process.on("message", (message) => {
    if (message === stopMessage) stop();
  });
  process.once("disconnect", stop);
  process.send?.(hearingMessage);
}

/** Keeps one place filled with a running server until the signal aborts. */
async function keepWorker(
  index: number,
  onServing: () => void,
  { signal, log, clock, random }: Pick<DaemonContext, "signal" | "log" | "clock" | "random">,
): Promise<void> {
  let everServed = false;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    // The primary alone speaks to the service supervisor.
    const worker = cluster.fork({ NOTIFY_SOCKET: "" });
    worker.once("listening", () => {
      everServed = true;
      attempt = -1;
      onServing();
    });
    const code = await endOf(worker, signal);
    if (signal.aborted) return;
    if (!everServed) throw new Error(`a worker could not start: it ended with ${code}`);
    log.error("a worker ended", { worker: index, code });
    await clock.sleep(backoffDelayMs(restartBackoff, Math.max(0, attempt), random), signal).catch(() => undefined);
  }
}

/** The exit code or signal with which the worker ends; it is told to stop when the signal aborts. */
async function endOf(worker: Worker, signal: AbortSignal): Promise<number | string> {
  const stop = () => {
    if (worker.isConnected()) worker.send(stopMessage);
  };
  signal.addEventListener("abort", stop, { once: true });
  worker.on("message", (message) => {
    if (message === hearingMessage && signal.aborted) stop();
  });
  try {
    const [code, signalName] = (await once(worker, "exit")) as [number | null, string | null];
    return code ?? signalName ?? "unknown";
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
