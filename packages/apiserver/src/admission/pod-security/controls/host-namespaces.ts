import type { CheckedPod, Control, Violation } from "../control.ts";

/** Pods have namespaces of their own. */
export const hostNamespaces: Control = {
  id: "hostNamespaces",
  level: "baseline",
  versions: [{ since: 0, check }],
};

function check({ spec }: CheckedPod): Violation | undefined {
  if (!spec.hostNetwork && !spec.hostPID && !spec.hostIPC) return undefined;
  const shared = [
    ...(spec.hostNetwork ? ["hostNetwork=true"] : []),
    ...(spec.hostPID ? ["hostPID=true"] : []),
    ...(spec.hostIPC ? ["hostIPC=true"] : []),
  ];
  return { reason: "host namespaces", detail: shared.join(", ") };
}
