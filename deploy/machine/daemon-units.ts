import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { enableUnit, startUnit, unitState } from "./systemd.ts";

export type UnitOutcome = "started" | "restarted" | "enabled" | "unchanged";

/**
 * Has a unit enabled and running, and running with the files it reads at its start as they are now. Resolves when the unit
 * says that it is ready. Rejects with what it logged last.
 */
export async function ensureUnit(unit: string, inputs: readonly string[], signal: AbortSignal): Promise<UnitOutcome> {
  const state = await unitState(unit, signal);
  if (!state.isLoaded) throw new Error(`the unit ${unit} does not exist: its package is not installed`);
  if (!state.isEnabled) await enableUnit(unit, signal);
  if (!state.isActive) {
    await startUnit("start", unit, signal);
    return "started";
  }
  if (state.startedMs !== undefined && (await newestChange(inputs)) > state.startedMs) {
    await startUnit("restart", unit, signal);
    return "restarted";
  }
  return state.isEnabled ? "unchanged" : "enabled";
}

/**
 * When the last of the files came to be as it is, whatever time it says of itself; of a directory, with what lies in it.
 * Those that do not exist do not count.
 */
export async function newestChange(paths: readonly string[]): Promise<number> {
  const times = await Promise.all(paths.map(changeTime));
  return Math.max(0, ...times);
}

async function changeTime(path: string): Promise<number> {
  try {
    const found = await stat(path);
    const below = found.isDirectory() ? await newestChange((await readdir(path)).map((name) => join(path, name))) : 0;
    return Math.max(found.ctimeMs, below);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}
