interface ParsedVersion {
  readonly major: number;
  /** GA above beta above alpha. */
  readonly stability: number;
  readonly minor: number;
}

function parse(version: string): ParsedVersion | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return undefined;
  const stability = match[2] === undefined ? 3 : match[2] === "beta" ? 2 : 1;
  return { major: Number(match[1]), stability, minor: Number(match[3] ?? 0) };
}

/** Orders versions as clients should prefer them: v10, v2, v1, v11beta2, v1alpha1, then other names by letter. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [parse(a), parse(b)];
  if (!first || !second) {
    if (first || second) return first ? -1 : 1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return second.stability - first.stability || second.major - first.major || second.minor - first.minor;
}
