import { type CheckedPod, type Control, type Violation, isWindowsPod } from "../control.ts";
import { namedContainers } from "../wording.ts";

/** Every container says that its processes gain no privileges; pods for Windows need not since 1.25. */
export const allowPrivilegeEscalation: Control = {
  id: "allowPrivilegeEscalation",
  level: "restricted",
  versions: [
    { since: 8, check },
    { since: 25, check: (pod) => (isWindowsPod(pod) ? undefined : check(pod)) },
  ],
};

function check({ containers }: CheckedPod): Violation | undefined {
  const bad = containers.filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (bad.length === 0) return undefined;
  const names = namedContainers(bad.map(({ name }) => name));
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${names} must set securityContext.allowPrivilegeEscalation=false`,
  };
}
