import type { CheckedPod, Control, Violation } from "../control.ts";
import { plural, quoteAll } from "../wording.ts";

/** No volume is a directory of the node. */
export const hostPathVolumes: Control = {
  id: "hostPathVolumes",
  level: "baseline",
  versions: [{ since: 0, check }],
};

function check({ spec }: CheckedPod): Violation | undefined {
  const bad = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  if (bad.length === 0) return undefined;
  return { reason: "hostPath volumes", detail: `${plural(bad.length, "volume", "volumes")} ${quoteAll(bad)}` };
}
