export type PullDecision = "use" | "pull" | "refuse";

/**
 * What to do for an image, by the container's `imagePullPolicy` (which the API server has filled in) and
 * whether the image is present. A policy that nobody knows counts as IfNotPresent.
 */
export function pullDecision(policy: string | undefined, present: boolean): PullDecision {
  if (policy === "Always") return "pull";
  if (present) return "use";
  return policy === "Never" ? "refuse" : "pull";
}
