import type { CheckedPod, Control, Violation } from "../control.ts";
import { namedContainers, quoteAll, sortedOnce } from "../wording.ts";

const allowed: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

/** Containers add no capabilities beyond those that engines give by default. */
export const capabilitiesBaseline: Control = {
  id: "capabilities_baseline",
  level: "baseline",
  versions: [{ since: 0, check }],
};

function check({ containers }: CheckedPod): Violation | undefined {
  const bad: string[] = [];
  const added: string[] = [];
  for (const { name, securityContext } of containers) {
    const forbidden = (securityContext?.capabilities?.add ?? []).filter((capability) => !allowed.has(capability));
    if (forbidden.length === 0) continue;
    bad.push(name);
    added.push(...forbidden);
  }
  if (bad.length === 0) return undefined;
  const names = quoteAll(sortedOnce(added));
  return {
    reason: "non-default capabilities",
    detail: `${namedContainers(bad)} must not include ${names} in securityContext.capabilities.add`,
  };
}
