import { ProgramError, runProgram } from "@kube-ts/std/run-program";

const askMs = 30_000;
/** Units say when they are ready, and give up by their own limits before. */
const startMs = 300_000;

/** What systemd knows of a unit. */
export interface UnitState {
  readonly isLoaded: boolean;
  readonly isActive: boolean;
  readonly isEnabled: boolean;
  /** When its main process was started, of the system's clock; undefined when there is none. */
  readonly startedMs: number | undefined;
}

export async function unitState(unit: string, signal: AbortSignal): Promise<UnitState> {
  const properties = "LoadState,ActiveState,UnitFileState,ExecMainStartTimestamp,ExecMainPID";
  const text = await systemctl(["show", "--timestamp=us+utc", `--property=${properties}`, unit], signal, askMs);
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1] ?? "";
  const isActive = ["active", "reloading", "activating"].includes(value("ActiveState"));
  return {
    isLoaded: value("LoadState") === "loaded",
    isActive,
    isEnabled: value("UnitFileState") === "enabled",
    startedMs: isActive ? parseTimestamp(value("ExecMainStartTimestamp")) : undefined,
  };
}

/** The main process of a unit; undefined when there is none. */
export async function mainPid(unit: string, signal: AbortSignal): Promise<number | undefined> {
  const text = await systemctl(["show", "--property=MainPID", "--value", unit], signal, askMs);
  return Number(text.trim()) || undefined;
}

/** `Mon 2026-11-23 08:38:48.123456 UTC` in milliseconds; undefined for anything else. */
export function parseTimestamp(text: string): number | undefined {
  const [, date, time] = /^\w+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC$/.exec(text) ?? [];
  const [seconds, fraction = "0"] = (time ?? "").split(".");
  const whole = date === undefined ? Number.NaN : Date.parse(`${date}T${seconds}Z`);
  return Number.isNaN(whole) ? undefined : whole + Number(`0.${fraction}`) * 1_000;
}

export async function reloadUnits(signal: AbortSignal): Promise<void> {
  await systemctl(["daemon-reload"], signal, askMs);
}

export async function enableUnit(unit: string, signal: AbortSignal): Promise<void> {
  await systemctl(["enable", "--quiet", unit], signal, askMs);
}

/** Absence is success. */
export async function disableUnit(unit: string, signal: AbortSignal): Promise<void> {
  const { isLoaded } = await unitState(unit, signal);
  if (isLoaded) await systemctl(["disable", "--quiet", unit], signal, askMs);
}

/** Starts or restarts a unit; resolves when it says that it is ready. Rejects with what it logged last. */
export async function startUnit(verb: "start" | "restart", unit: string, signal: AbortSignal): Promise<void> {
  try {
    await systemctl(["reset-failed", unit], signal, askMs).catch(() => undefined);
    await systemctl([verb, unit], signal, startMs);
  } catch (error) {
    signal.throwIfAborted();
    const logged = await lastLines(unit, signal);
    throw new Error(`${unit} does not start; its last lines (journalctl -u ${unit}):\n${logged}`, { cause: error });
  }
}

/** Starts a unit without waiting for it: one that others must join before it is ready. */
export async function beginUnit(unit: string, signal: AbortSignal): Promise<void> {
  await systemctl(["reset-failed", unit], signal, askMs).catch(() => undefined);
  await systemctl(["start", "--no-block", unit], signal, askMs);
}

/** Absence is success. */
export async function stopUnit(unit: string, signal: AbortSignal): Promise<void> {
  const { isLoaded } = await unitState(unit, signal);
  if (!isLoaded) return;
  await systemctl(["stop", unit], signal, startMs);
  await systemctl(["reset-failed", unit], signal, askMs).catch(() => undefined);
}

async function lastLines(unit: string, signal: AbortSignal): Promise<string> {
  const command = ["journalctl", "--no-pager", "--output=cat", "--lines=15", `--unit=${unit}`];
  return (await runProgram({ command, timeoutMs: askMs }, signal)).stdout.trimEnd();
}

async function systemctl(args: readonly string[], signal: AbortSignal, timeoutMs: number): Promise<string> {
  try {
    return (await runProgram({ command: ["systemctl", ...args], timeoutMs }, signal)).stdout;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new Error(`systemctl ${args.join(" ")}: ${error.stderr.trim() || error.message}`, { cause: error });
  }
}
