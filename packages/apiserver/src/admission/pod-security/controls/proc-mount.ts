import { type CheckedPod, type Control, type Violation, hasOwnUsers } from "../control.ts";
import { namedContainers, quoteAll, sortedOnce } from "../wording.ts";

/** Containers see /proc masked as the engine does it, unless their root is nobody on the node (since 1.35). */
export const procMount: Control = {
  id: "procMount",
  level: "baseline",
  versions: [
    { since: 0, check: maskedProcViolation },
    { since: 35, check: (pod) => (hasOwnUsers(pod) ? undefined : maskedProcViolation(pod)) },
  ],
};

/** What a pod does that wants /proc otherwise than the engine masks it. */
export function maskedProcViolation({ containers }: CheckedPod): Violation | undefined {
  const bad = containers.filter(({ securityContext }) => (securityContext?.procMount ?? "Default") !== "Default");
  if (bad.length === 0) return undefined;
  const names = namedContainers(bad.map(({ name }) => name));
  const types = quoteAll(sortedOnce(bad.map(({ securityContext }) => securityContext?.procMount ?? "")));
  return { reason: "procMount", detail: `${names} must not set securityContext.procMount to ${types}` };
}
