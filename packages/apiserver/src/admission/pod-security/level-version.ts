export const levels = ["privileged", "baseline", "restricted"] as const;
export type Level = (typeof levels)[number];

/** The minor number of a version 1.x, or whatever is newest. */
export type PolicyVersion = number | "latest";

/** A level of the Pod Security Standards, as it was in a version. */
export interface LevelVersion {
  readonly level: Level;
  readonly version: PolicyVersion;
}

export const unknownLevelText = "must be one of privileged, baseline, restricted";
export const unknownVersionText = 'must be "latest" or "v1.x"';

export function parseLevel(text: string): Level | undefined {
  return levels.find((level) => level === text);
}

export function parseVersion(text: string): PolicyVersion | undefined {
  if (text === "latest") return "latest";
  const match = /^v1\.(0|[1-9]\d*)$/.exec(text);
  if (!match) return undefined;
  const minor = Number(match[1]);
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** `baseline:v1.30`. */
export function formatLevelVersion({ level, version }: LevelVersion): string {
  return `${level}:${version === "latest" ? version : `v1.${version}`}`;
}

export function sameLevelVersion(a: LevelVersion, b: LevelVersion): boolean {
  return a === b || (a.level === b.level && a.version === b.version);
}

export function isStricter(a: Level, b: Level): boolean {
  return levels.indexOf(a) > levels.indexOf(b);
}
