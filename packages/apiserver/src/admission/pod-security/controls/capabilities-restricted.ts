import { type CheckedPod, type Control, type Violation, isWindowsPod } from "../control.ts";
import { namedContainers, quoteAll, sortedOnce } from "../wording.ts";

const allowed = "NET_BIND_SERVICE";

/** Every container drops all capabilities and takes back one at most; pods for Windows need not since 1.25. */
export const capabilitiesRestricted: Control = {
  id: "capabilities_restricted",
  level: "restricted",
  versions: [
    { since: 22, check },
    { since: 25, check: (pod) => (isWindowsPod(pod) ? undefined : check(pod)) },
  ],
  replaces: ["capabilities_baseline"],
};

function check({ containers }: CheckedPod): Violation | undefined {
  const keeping: string[] = [];
  const adding: string[] = [];
  const added: string[] = [];
  for (const { name, securityContext } of containers) {
    const { add = [], drop = [] } = securityContext?.capabilities ?? {};
    if (!drop.includes("ALL")) keeping.push(name);
    const forbidden = add.filter((capability) => capability !== allowed);
    if (forbidden.length === 0) continue;
    adding.push(name);
    added.push(...forbidden);
  }
  if (keeping.length === 0 && adding.length === 0) return undefined;
  const names = quoteAll(sortedOnce(added));
  const details = [
    ...(keeping.length > 0 ? [`${namedContainers(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [`${namedContainers(adding)} must not include ${names} in securityContext.capabilities.add`]
      : []),
  ];
  return { reason: "unrestricted capabilities", detail: details.join("; ") };
}
