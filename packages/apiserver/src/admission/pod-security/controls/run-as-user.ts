import { type CheckedPod, type Control, type Violation, hasOwnUsers } from "../control.ts";
import { setters } from "../wording.ts";

/** Nobody asks to be root, unless that is nobody on the node (since 1.35). */
export const runAsUser: Control = {
  id: "runAsUser",
  level: "restricted",
  versions: [
    { since: 23, check },
    { since: 35, check: (pod) => (hasOwnUsers(pod) ? undefined : check(pod)) },
  ],
};

function check({ spec, containers }: CheckedPod): Violation | undefined {
  const isPod = isRoot(spec.securityContext?.runAsUser);
  const bad = containers.filter(({ securityContext }) => isRoot(securityContext?.runAsUser));
  if (!isPod && bad.length === 0) return undefined;
  const who = setters(
    isPod,
    bad.map(({ name }) => name),
  );
  return { reason: "runAsUser=0", detail: `${who} must not set runAsUser=0` };
}

function isRoot(user: number | bigint | undefined): boolean {
  return user !== undefined && Number(user) === 0;
}
