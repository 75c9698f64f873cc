import type { CheckedPod, Control, Violation } from "../control.ts";
import { namedContainers } from "../wording.ts";

/** No container is privileged. */
export const privileged: Control = {
  id: "privileged",
  level: "baseline",
  versions: [{ since: 0, check }],
};

function check({ containers }: CheckedPod): Violation | undefined {
  const bad = containers.filter(({ securityContext }) => securityContext?.privileged).map(({ name }) => name);
  if (bad.length === 0) return undefined;
  return { reason: "privileged", detail: `${namedContainers(bad)} must not set securityContext.privileged=true` };
}
