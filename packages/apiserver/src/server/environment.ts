import type { Clock } from "@kube-ts/std/clock";
import type { DaemonContext } from "@kube-ts/std/daemon";
import type { Logger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import type { TaskGroup } from "@kube-ts/std/task-group";
import type { ZPages } from "@kube-ts/std/zpages";
import { StartupSteps } from "./startup-steps.ts";

/** What every part of the server is given. */
export interface ServerEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Where metrics are registered. */
  readonly metrics: Registry;
  /** Pages about the process; undefined where it has none. */
  readonly zpages: ZPages | undefined;
  /** Owns the server's long tasks; they end after the last request. */
  readonly background: TaskGroup;
  /** Aborts when the server is told to stop, long before the background ends. */
  readonly stop: AbortSignal;
  /** Where parts say what health checks have to wait for. */
  readonly startup: StartupSteps;
}

export function serverEnvironment(
  context: Pick<DaemonContext, "clock" | "random" | "log" | "registry" | "zpages" | "signal">,
  background: TaskGroup,
): ServerEnvironment {
  const { clock, random, log, registry, zpages, signal } = context;
  return { clock, random, log, metrics: registry, zpages, background, stop: signal, startup: new StartupSteps() };
}
