import type { SELinuxOptions } from "@kube-ts/api/core/v1";
import type { Check, CheckedPod, Control, Violation } from "../control.ts";
import { plural, quoteAll, setters, sortedOnce } from "../wording.ts";

const types = ["", "container_t", "container_init_t", "container_kvm_t"];

/** Containers keep to the SELinux types made for them, and to no user or role of their own. */
export const seLinuxOptions: Control = {
  id: "seLinuxOptions",
  level: "baseline",
  versions: [
    { since: 0, check: checkFor(new Set(types)) },
    { since: 31, check: checkFor(new Set([...types, "container_engine_t"])) },
  ],
};

function checkFor(allowed: ReadonlySet<string>): Check {
  const isForbidden = (options: SELinuxOptions | undefined): boolean =>
    options !== undefined && (!allowed.has(options.type ?? "") || !!options.user || !!options.role);
  return ({ spec, containers }: CheckedPod): Violation | undefined => {
    const ofPod = spec.securityContext?.seLinuxOptions;
    const bad = containers.filter(({ securityContext }) => isForbidden(securityContext?.seLinuxOptions));
    if (!isForbidden(ofPod) && bad.length === 0) return undefined;
    const options = [
      ...(isForbidden(ofPod) ? [ofPod] : []),
      ...bad.map(({ securityContext }) => securityContext?.seLinuxOptions),
    ];
    const who = setters(
      isForbidden(ofPod),
      bad.map(({ name }) => name),
    );
    return {
      reason: "seLinuxOptions",
      detail: `${who} set forbidden securityContext.seLinuxOptions: ${faults(options, allowed).join("; ")}`,
    };
  };
}

function faults(options: readonly (SELinuxOptions | undefined)[], allowed: ReadonlySet<string>): string[] {
  const bad = sortedOnce(options.map((each) => each?.type ?? "").filter((type) => !allowed.has(type)));
  return [
    ...(bad.length > 0 ? [`${plural(bad.length, "type", "types")} ${quoteAll(bad)}`] : []),
    ...(options.some((each) => each?.user) ? ["user may not be set"] : []),
    ...(options.some((each) => each?.role) ? ["role may not be set"] : []),
  ];
}
