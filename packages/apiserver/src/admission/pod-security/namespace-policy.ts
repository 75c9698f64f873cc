import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import {
  type Level,
  type LevelVersion,
  type PolicyVersion,
  isStricter,
  parseLevel,
  parseVersion,
  sameLevelVersion,
  unknownLevelText,
  unknownVersionText,
} from "./level-version.ts";

const labelsPath = fieldPath("metadata", "labels");

export const modes = ["enforce", "audit", "warn"] as const;
export type Mode = (typeof modes)[number];

/** What holds for a namespace's pods, by what becomes of those that do not keep to it. */
export type PodSecurityPolicy = Readonly<Record<Mode, LevelVersion>>;

export interface NamespacePolicy {
  readonly policy: PodSecurityPolicy;
  /** Labels that cannot be read; for those there is a policy as good as any. */
  readonly errors: readonly FieldError[];
}

type Labels = Readonly<Record<string, string>>;

export function levelLabel(mode: Mode): string {
  return `pod-security.kubernetes.io/${mode}`;
}

export function versionLabel(mode: Mode): string {
  return `pod-security.kubernetes.io/${mode}-version`;
}

const labelPrefix = levelLabel("enforce").slice(0, -"enforce".length);

/**
 * The policy of a namespace with these labels. What cannot be read counts as the strictest level where it is enforced,
 * and as no level where it would only be told of.
 */
export function policyOf(labels: Labels | undefined, defaults: PodSecurityPolicy): NamespacePolicy {
  if (!labels || !hasPolicyLabel(labels)) return { policy: defaults, errors: [] };
  const errors: FieldError[] = [];
  const read = (mode: Mode, unreadable: Level): LevelVersion => ({
    level: levelOf(labels, mode, errors, unreadable) ?? defaults[mode].level,
    version: versionOf(labels, mode, errors) ?? defaults[mode].version,
  });
  const enforce = read("enforce", "restricted");
  const audit = read("audit", "privileged");
  const warn = read("warn", "privileged");
  return { policy: { enforce, audit, warn: warnAtLeast(labels, enforce, warn) }, errors };
}

/** Who is told to enforce a level hears of templates that will not keep to it, unless another level was asked for. */
function warnAtLeast(labels: Labels, enforce: LevelVersion, warn: LevelVersion): LevelVersion {
  const isExplicit = parseLevel(labels[levelLabel("enforce")] ?? "") !== undefined;
  if (!isExplicit || levelLabel("warn") in labels || !isStricter(enforce.level, warn.level)) return warn;
  return { level: enforce.level, version: versionLabel("warn") in labels ? warn.version : enforce.version };
}

function hasPolicyLabel(labels: Labels): boolean {
  for (const key in labels) if (key.startsWith(labelPrefix)) return true;
  return false;
}

function levelOf(labels: Labels, mode: Mode, errors: FieldError[], unreadable: Level): Level | undefined {
  const text = labels[levelLabel(mode)];
  if (text === undefined) return undefined;
  const level = parseLevel(text);
  if (level === undefined) errors.push(invalidField(labelsPath.key(levelLabel(mode)), text, unknownLevelText));
  return level ?? unreadable;
}

function versionOf(labels: Labels, mode: Mode, errors: FieldError[]): PolicyVersion | undefined {
  const text = labels[versionLabel(mode)];
  if (text === undefined) return undefined;
  const version = parseVersion(text);
  if (version === undefined) errors.push(invalidField(labelsPath.key(versionLabel(mode)), text, unknownVersionText));
  return version ?? "latest";
}

/** Whether the policy asks nothing of pods. */
export function isFullyPrivileged(policy: PodSecurityPolicy): boolean {
  return modes.every((mode) => policy[mode].level === "privileged");
}

export function samePolicy(a: PodSecurityPolicy, b: PodSecurityPolicy): boolean {
  return modes.every((mode) => sameLevelVersion(a[mode], b[mode]));
}
