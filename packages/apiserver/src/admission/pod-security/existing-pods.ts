import type { Pod } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { controllerOf } from "@kube-ts/api/owner-references";
import { goQuote } from "@kube-ts/api/go-quote";
import { summarizeViolations, violationsOf } from "./evaluation.ts";
import { type LevelVersion, formatLevelVersion } from "./level-version.ts";

/** More pods are not looked at, so that one request does not hold up the others. */
export const maxPods = 3000;

/** What somebody is told who tightens the level of a namespace in which there are pods that will not keep to it. */
export function existingPodWarnings(
  namespace: string,
  pods: readonly Pod[],
  enforce: LevelVersion,
  isTimeUp: () => boolean,
): string[] {
  const byReasons = new Map<string, string[]>();
  let checked = 0;
  for (const pod of pods.slice(0, maxPods)) {
    checked += 1;
    const reasons = summarizeViolations(violationsOf(enforce, pod.metadata, pod.spec));
    if (reasons !== "") byReasons.set(reasons, [...(byReasons.get(reasons) ?? []), nameOf(pod)]);
    if (isTimeUp()) break;
  }
  const incomplete = `new PodSecurity enforce level only checked against the first ${checked} of ${pods.length} existing pods`;
  const policy = goQuote(formatLevelVersion(enforce));
  const violated = `existing pods in namespace ${goQuote(namespace)} violate the new PodSecurity enforce level ${policy}`;
  return [
    ...(checked < pods.length ? [incomplete] : []),
    ...(byReasons.size > 0 ? [violated] : []),
    ...[...byReasons].map(([reasons, names]) => `${firstOf(names)}: ${reasons}`).sort(),
  ];
}

function firstOf(names: string[]): string {
  const [first = ""] = names.sort();
  const others = names.length - 1;
  if (others === 0) return first;
  return `${first} (and ${others} other ${others === 1 ? "pod" : "pods"})`;
}

/** One pod of each controller first: the others of a controller will be told the same. */
export function variedFirst(pods: readonly Pod[]): Pod[] {
  const seen = new Set<string>();
  const [first, more]: [Pod[], Pod[]] = [[], []];
  for (const pod of pods) {
    const owner = controllerOf(pod)?.uid;
    if (owner !== undefined && seen.has(owner)) more.push(pod);
    else first.push(pod);
    if (owner !== undefined) seen.add(owner);
  }
  return [...first, ...more];
}
