import type { PodSpec } from "@kube-ts/api/core/v1";
import { type Violation, checkedPod } from "./control.ts";
import type { LevelVersion } from "./level-version.ts";
import { checksFor } from "./standards.ts";

/** The part of a pod's or template's metadata that controls look at. */
export interface PodMetadata {
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Everything about the pod that the level does not allow. */
export function violationsOf(policy: LevelVersion, metadata: PodMetadata, spec: PodSpec): readonly Violation[] {
  const checks = checksFor(policy);
  if (checks.length === 0) return [];
  const pod = checkedPod(metadata.annotations, spec);
  return checks.map((check) => check(pod)).filter((violation) => violation !== undefined);
}

/** `reason (detail), reason`: for one pod. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`)).join(", ");
}

/** The reasons alone: for many pods. */
export function summarizeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason }) => reason).join(", ");
}
