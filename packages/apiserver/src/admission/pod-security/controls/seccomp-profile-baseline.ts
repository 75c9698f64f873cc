import { goQuote } from "@kube-ts/api/go-quote";
import type { SeccompProfile } from "@kube-ts/api/core/v1";
import type { CheckedPod, Control, Violation } from "../control.ts";
import { plural, quoteAll, setters, sortedOnce } from "../wording.ts";

const podAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const containerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

/** Nobody runs without a seccomp profile who would have one by default. */
export const seccompProfileBaseline: Control = {
  id: "seccompProfile_baseline",
  level: "baseline",
  versions: [
    { since: 0, check: checkAnnotations },
    { since: 19, check: unconfinedViolation },
  ],
};

/** Before there were fields for it, annotations named the profiles. */
function checkAnnotations({ annotations, containers }: CheckedPod): Violation | undefined {
  const keys = [podAnnotation, ...containers.map(({ name }) => containerAnnotation + name)];
  const forbidden = sortedOnce(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined || isAllowedValue(value) ? [] : [`${key}=${goQuote(value)}`];
    }),
  );
  if (forbidden.length === 0) return undefined;
  const what = plural(forbidden.length, "annotation", "annotations");
  return { reason: "seccompProfile", detail: `forbidden ${what} ${forbidden.join(", ")}` };
}

function isAllowedValue(value: string): boolean {
  return value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");
}

/** What a pod does that asks for a profile which is none. */
export function unconfinedViolation({ spec, containers }: CheckedPod): Violation | undefined {
  const ofPod = spec.securityContext?.seccompProfile;
  const bad = containers.filter(({ securityContext }) => isUnconfined(securityContext?.seccompProfile));
  if (!isUnconfined(ofPod) && bad.length === 0) return undefined;
  const types = [
    ...(isUnconfined(ofPod) ? [ofPod?.type ?? ""] : []),
    ...bad.map(({ securityContext }) => securityContext?.seccompProfile?.type ?? ""),
  ];
  const who = setters(
    isUnconfined(ofPod),
    bad.map(({ name }) => name),
  );
  return {
    reason: "seccompProfile",
    detail: `${who} must not set securityContext.seccompProfile.type to ${quoteAll(sortedOnce(types))}`,
  };
}

function isUnconfined(profile: SeccompProfile | undefined): boolean {
  return profile !== undefined && !isConfined(profile);
}

export function isConfined(profile: SeccompProfile | undefined): boolean {
  return profile?.type === "RuntimeDefault" || profile?.type === "Localhost";
}
