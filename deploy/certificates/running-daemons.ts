import { newestChange } from "../machine/daemon-units.ts";
import { unitState } from "../machine/systemd.ts";
import { type DaemonName, daemonUnits } from "../units/unit-files.ts";
import type { RunningDaemon } from "./renewal-plan.ts";

/** The daemons of this machine that run with copies of files, which they were given when they started. */
export async function runningDaemons(signal: AbortSignal): Promise<readonly RunningDaemon[]> {
  const found: RunningDaemon[] = [];
  for (const daemon of Object.keys(daemonUnits) as DaemonName[]) {
    const { unit, credentials } = daemonUnits[daemon];
    const { startedMs } = await unitState(unit, signal);
    if (credentials.length === 0 || startedMs === undefined) continue;
    found.push({ daemon, startedMs, changedMs: await newestChange(credentials.map(({ source }) => source)) });
  }
  return found;
}
