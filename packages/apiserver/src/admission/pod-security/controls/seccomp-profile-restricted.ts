import { type CheckedPod, type Control, type Violation, isWindowsPod } from "../control.ts";
import { namedContainers } from "../wording.ts";
import { isConfined, unconfinedViolation } from "./seccomp-profile-baseline.ts";

/** Every container has a seccomp profile, its own or the pod's; pods for Windows need none since 1.25. */
export const seccompProfileRestricted: Control = {
  id: "seccompProfile_restricted",
  level: "restricted",
  versions: [
    { since: 19, check },
    { since: 25, check: (pod) => (isWindowsPod(pod) ? undefined : check(pod)) },
  ],
  replaces: ["seccompProfile_baseline"],
};

function check(pod: CheckedPod): Violation | undefined {
  const explicit = unconfinedViolation(pod);
  if (explicit || isConfined(pod.spec.securityContext?.seccompProfile)) return explicit;
  const bad = pod.containers.filter(({ securityContext }) => !securityContext?.seccompProfile).map(({ name }) => name);
  if (bad.length === 0) return undefined;
  return {
    reason: "seccompProfile",
    detail: `pod or ${namedContainers(bad)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
}
