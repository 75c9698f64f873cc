import type { Check, Control } from "./control.ts";
import { allowPrivilegeEscalation } from "./controls/allow-privilege-escalation.ts";
import { appArmorProfile } from "./controls/app-armor-profile.ts";
import { capabilitiesBaseline } from "./controls/capabilities-baseline.ts";
import { capabilitiesRestricted } from "./controls/capabilities-restricted.ts";
import { hostNamespaces } from "./controls/host-namespaces.ts";
import { hostPathVolumes } from "./controls/host-path-volumes.ts";
import { hostPorts } from "./controls/host-ports.ts";
import { hostProbes } from "./controls/host-probes.ts";
import { privileged } from "./controls/privileged.ts";
import { procMountRestricted } from "./controls/proc-mount-restricted.ts";
import { procMount } from "./controls/proc-mount.ts";
import { restrictedVolumes } from "./controls/restricted-volumes.ts";
import { runAsNonRoot } from "./controls/run-as-non-root.ts";
import { runAsUser } from "./controls/run-as-user.ts";
import { seLinuxOptions } from "./controls/se-linux-options.ts";
import { seccompProfileBaseline } from "./controls/seccomp-profile-baseline.ts";
import { seccompProfileRestricted } from "./controls/seccomp-profile-restricted.ts";
import { sysctls } from "./controls/sysctls.ts";
import { windowsHostProcess } from "./controls/windows-host-process.ts";
import type { LevelVersion } from "./level-version.ts";

export const baselineControls: readonly Control[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
];

export const restrictedControls: readonly Control[] = [
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  procMountRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];

/** The newest version in which a control changed; later ones, and `latest`, are the same. */
export const newestMinor: number = Math.max(
  ...[...baselineControls, ...restrictedControls].flatMap(({ versions }) => versions.map(({ since }) => since)),
);

const none: readonly Check[] = [];
const minors = Array.from({ length: newestMinor + 1 }, (_, minor) => minor);
const baseline = minors.map((minor) => checksOf(inOrder(baselineControls), minor));
const restricted = minors.map((minor) => {
  const held = inOrder(restrictedControls).filter((control) => checkAt(control, minor));
  const replaced = new Set(held.flatMap(({ replaces = [] }) => replaces));
  return checksOf([...inOrder(baselineControls).filter(({ id }) => !replaced.has(id)), ...held], minor);
});

/** What is checked at a level of the standards in a version, in the order in which violations are named. */
export function checksFor({ level, version }: LevelVersion): readonly Check[] {
  if (level === "privileged") return none;
  const minor = version === "latest" ? newestMinor : Math.min(version, newestMinor);
  return (level === "baseline" ? baseline : restricted)[minor] ?? none;
}

/** Upstream names violations by the bytes of their controls' names. */
function inOrder(controls: readonly Control[]): Control[] {
  return controls.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function checksOf(controls: readonly Control[], minor: number): Check[] {
  return controls.map((control) => checkAt(control, minor)).filter((check) => check !== undefined);
}

function checkAt({ versions }: Control, minor: number): Check | undefined {
  return versions.findLast(({ since }) => since <= minor)?.check;
}
