import { type CheckedPod, type Control, type Violation, hasOwnUsers } from "../control.ts";
import { namedContainers, setters } from "../wording.ts";

/** Every container is to run as somebody else than root, unless its root is nobody on the node (since 1.35). */
export const runAsNonRoot: Control = {
  id: "runAsNonRoot",
  level: "restricted",
  versions: [
    { since: 0, check },
    { since: 35, check: (pod) => (hasOwnUsers(pod) ? undefined : check(pod)) },
  ],
};

const reason = "runAsNonRoot != true";

function check({ spec, containers }: CheckedPod): Violation | undefined {
  const ofPod = spec.securityContext?.runAsNonRoot;
  const bad = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === false);
  if (ofPod === false || bad.length > 0) {
    const who = setters(
      ofPod === false,
      bad.map(({ name }) => name),
    );
    return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  }
  if (ofPod) return undefined;
  const silent = containers.filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  const names = namedContainers(silent.map(({ name }) => name));
  return { reason, detail: `pod or ${names} must set securityContext.runAsNonRoot=true` };
}
