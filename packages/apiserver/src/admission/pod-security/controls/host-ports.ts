import type { CheckedPod, Control, Violation } from "../control.ts";
import { namedContainers, plural, sortedOnce } from "../wording.ts";

/** Containers take no ports of the node. */
export const hostPorts: Control = {
  id: "hostPorts",
  level: "baseline",
  versions: [{ since: 0, check }],
};

function check({ containers }: CheckedPod): Violation | undefined {
  const bad: string[] = [];
  const taken: string[] = [];
  for (const { name, ports = [] } of containers) {
    const onHost = ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
    if (onHost.length === 0) continue;
    bad.push(name);
    taken.push(...onHost);
  }
  if (bad.length === 0) return undefined;
  const ports = sortedOnce(taken);
  const use = plural(bad.length, "uses", "use");
  const what = plural(ports.length, "hostPort", "hostPorts");
  return { reason: "hostPort", detail: `${namedContainers(bad)} ${use} ${what} ${ports.join(", ")}` };
}
