import { readText } from "../machine/files/write-files.ts";
import { unitState } from "../machine/systemd.ts";
import { type DaemonName, credentialPath, daemonUnits } from "../units/unit-files.ts";
import type { LoadedCredential } from "./renewal-plan.ts";

/** What the daemons that run on this machine were given when they started, beside what they would be given now. */
export async function loadedCredentials(signal: AbortSignal): Promise<readonly LoadedCredential[]> {
  const found: LoadedCredential[] = [];
  for (const daemon of Object.keys(daemonUnits) as DaemonName[]) {
    const { unit, credentials } = daemonUnits[daemon];
    if (credentials.length === 0 || !(await unitState(unit, signal)).isActive) continue;
    for (const { id, source } of credentials) {
      const [loaded, now] = [await readText(credentialPath(daemon, id)), await readText(source)];
      if (loaded !== undefined && now !== undefined) found.push({ daemon, loaded, source: now });
    }
  }
  return found;
}
