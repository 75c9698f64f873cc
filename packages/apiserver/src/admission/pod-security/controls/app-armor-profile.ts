import type { AppArmorProfile } from "@kube-ts/api/core/v1";
import type { CheckedPod, Control, Violation } from "../control.ts";
import { plural, quoteAll, setters, sortedOnce } from "../wording.ts";
import { goQuote } from "@kube-ts/api/go-quote";

const annotationPrefix = "container.apparmor.security.beta.kubernetes.io/";

/** Nobody leaves the AppArmor profile of the engine for none. */
export const appArmorProfile: Control = {
  id: "appArmorProfile",
  level: "baseline",
  versions: [{ since: 0, check }],
};

function check({ annotations, spec, containers }: CheckedPod): Violation | undefined {
  const podProfile = spec.securityContext?.appArmorProfile;
  const bad = containers.filter(({ securityContext }) => isForbidden(securityContext?.appArmorProfile));
  const forbidden = forbiddenAnnotations(annotations);
  if (!isForbidden(podProfile) && bad.length === 0 && forbidden.length === 0) return undefined;
  const types = bad.map(({ securityContext }) => securityContext?.appArmorProfile?.type ?? "");
  const values = [
    ...sortedOnce([...(isForbidden(podProfile) ? [podProfile?.type ?? ""] : []), ...types]),
    ...forbidden,
  ];
  const own = setters(
    isForbidden(podProfile),
    bad.map(({ name }) => name),
  );
  const annotated = forbidden.length > 0 ? [plural(forbidden.length, "annotation", "annotations")] : [];
  const who = [...(own === "" ? [] : [own]), ...annotated].join(" and ");
  return {
    reason: plural(values.length, "forbidden AppArmor profile", "forbidden AppArmor profiles"),
    detail: `${who} must not set AppArmor profile type to ${quoteAll(values)}`,
  };
}

function isForbidden(profile: AppArmorProfile | undefined): boolean {
  return profile !== undefined && profile.type !== "RuntimeDefault" && profile.type !== "Localhost";
}

/** The way of former times still counts, as `key="value"`, sorted. */
function forbiddenAnnotations(annotations: CheckedPod["annotations"]): string[] {
  const found: string[] = [];
  for (const key in annotations) {
    if (!key.startsWith(annotationPrefix)) continue;
    const value = annotations[key] ?? "";
    const isAllowed = value === "" || value === "runtime/default" || value.startsWith("localhost/");
    if (!isAllowed) found.push(`${key}=${goQuote(value)}`);
  }
  return found.sort();
}
