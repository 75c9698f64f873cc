import { runProgram } from "@kube-ts/std/run-program";
import type { DaemonName } from "../../units/unit-files.ts";

const askMs = 20_000;

/** A container of a daemon of the control plane that runs now. */
export interface RunningContainer {
  readonly podUid: string;
  readonly createdMs: number;
  /** Of its first process, as the machine numbers it. */
  readonly pid: number;
}

/** The containers that a daemon runs in: one, or two while a new one takes over. Rejects when the engine does not answer. */
export async function runningContainers(daemon: DaemonName, signal: AbortSignal): Promise<readonly RunningContainer[]> {
  const filters = [`label=io.kubernetes.container.name=${daemon}`, "label=io.kubernetes.pod.namespace=kube-system"];
  const ids = await lines(["docker", "ps", "--quiet", ...filters.flatMap((filter) => ["--filter", filter])], signal);
  if (ids.length === 0) return [];
  const format = '--format={{index .Config.Labels "io.kubernetes.pod.uid"}} {{.Created}} {{.State.Pid}}';
  const found = await lines(["docker", "inspect", format, ...ids], signal);
  return found.map((line) => {
    const [podUid = "", created = "", pid] = line.split(" ");
    return { podUid, createdMs: Date.parse(created), pid: Number(pid) };
  });
}

/** The first process of the daemon's newest container; undefined when it has none, or when nobody can say. */
export async function containerPid(daemon: DaemonName, signal: AbortSignal): Promise<number | undefined> {
  const found = await runningContainers(daemon, signal).catch(() => []);
  signal.throwIfAborted();
  return found.toSorted((a, b) => b.createdMs - a.createdMs)[0]?.pid;
}

async function lines(command: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  return (await runProgram({ command, timeoutMs: askMs }, signal)).stdout.split("\n").filter(Boolean);
}
