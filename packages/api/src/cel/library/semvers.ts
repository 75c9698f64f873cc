import { fn, method, type CelLibrary } from "../declarations.ts";
import { CelEvaluationError } from "../evaluation-error.ts";
import { goQuote } from "../../go-quote.ts";
import { boolType, intType, opaque, stringType, type CelType } from "../types.ts";
import { CelOpaque } from "../values.ts";

export const semverType: CelType = opaque("kubernetes.Semver");
const maxPart = 2n ** 64n - 1n;

interface Version {
  readonly core: readonly [bigint, bigint, bigint];
  readonly preRelease: readonly string[];
}

export class CelSemver extends CelOpaque {
  override readonly type = semverType;
  readonly version: Version;

  constructor(version: Version) {
    super();
    this.version = version;
  }

  /** A semantic version, `normalize`d when it is to be lenient. Throws `CelEvaluationError`. */
  static parse(text: string, normalize = false): CelSemver {
    const version = read(normalize ? normalized(text) : text);
    if (typeof version === "string") throw new CelEvaluationError(version);
    return new CelSemver(version);
  }

  /** Negative, zero or positive; build metadata does not count. */
  compare(other: CelSemver): number {
    for (const [index, part] of this.version.core.entries()) {
      const otherPart = other.version.core[index] ?? 0n;
      if (part !== otherPart) return part < otherPart ? -1 : 1;
    }
    return comparePreRelease(this.version.preRelease, other.version.preRelease);
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelSemver && this.compare(other) === 0;
  }
}

function normalized(text: string): string {
  const [major = "", minor, ...rest] = (text.startsWith("v") ? text.slice(1) : text).split(".");
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(rest.length > 0 ? [rest.join(".")] : [])];
  const stripped = parts.map((part) => {
    if (part.length < 2) return part;
    const short = part.replace(/^0+/, "");
    return /^[0-9]/.test(short) ? short : `0${short}`;
  });
  if (stripped.length < 3) {
    if (/[+-]/.test(stripped.at(-1) ?? "")) {
      throw new CelEvaluationError("short version cannot contain PreRelease/Build meta data");
    }
    while (stripped.length < 3) stripped.push("0");
  }
  return stripped.join(".");
}

/** A text is what is wrong. */
function read(text: string): Version | string {
  if (text === "") return "Version string empty";
  const parts = /^([^.]*)\.([^.]*)\.([^+-]*)(?:-([^+]*))?(?:\+([^]*))?$/.exec(text);
  if (!parts) return "No Major.Minor.Patch elements found";
  const [, major = "", minor = "", patch = "", preRelease, build] = parts;
  const core: bigint[] = [];
  for (const [name, part] of [
    ["major", major],
    ["minor", minor],
    ["patch", patch],
  ] as const) {
    const problem = numberError(name, part);
    if (problem !== undefined) return problem;
    core.push(BigInt(part));
  }
  const pre = preRelease === undefined ? [] : preRelease.split(".");
  for (const part of pre) {
    if (part === "") return "Prerelease is empty";
    if (/^0[0-9]+$/.test(part)) return `Numeric PreRelease version must not contain leading zeroes ${goQuote(part)}`;
    if (!/^[0-9A-Za-z-]+$/.test(part)) return `Invalid character(s) found in prerelease ${goQuote(part)}`;
  }
  for (const part of build === undefined ? [] : build.split(".")) {
    if (part === "") return "Build meta data is empty";
    if (!/^[0-9A-Za-z-]+$/.test(part)) return `Invalid character(s) found in build meta data ${goQuote(part)}`;
  }
  return { core: [core[0] ?? 0n, core[1] ?? 0n, core[2] ?? 0n], preRelease: pre };
}

function numberError(name: string, part: string): string | undefined {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  if (!/^[0-9]+$/.test(part)) return `Invalid character(s) found in ${name} number ${goQuote(part)}`;
  if (part.length > 1 && part.startsWith("0"))
    return `${title} number must not contain leading zeroes ${goQuote(part)}`;
  if (part.length > 20 || BigInt(part) > maxPart)
    return `strconv.ParseUint: parsing ${goQuote(part)}: value out of range`;
  return undefined;
}

function comparePreRelease(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return a.length < b.length ? -1 : 0;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  const [aNumeric, bNumeric] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (aNumeric !== bNumeric) return aNumeric ? -1 : 1;
  if (aNumeric) return BigInt(a) < BigInt(b) ? -1 : 1;
  return a < b ? -1 : 1;
}

function isSemver(text: string, normalize = false): boolean {
  try {
    CelSemver.parse(text, normalize);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string, normalize?: boolean): CelSemver {
  return CelSemver.parse(text, normalize);
}

function part(name: "major" | "minor" | "patch", index: 0 | 1 | 2): CelLibrary["overloads"][number] {
  return method(name, `semver_${name}`, [semverType], intType, ({ version }: CelSemver) =>
    BigInt.asIntN(64, version.core[index]),
  );
}

const s = semverType;

/** Semantic versions. */
export const semversLibrary: CelLibrary = {
  overloads: [
    fn("semver", "string_to_semver", [stringType], s, parse),
    fn("semver", "string_bool_to_semver", [stringType, boolType], s, parse),
    fn("isSemver", "is_semver_string", [stringType], boolType, isSemver),
    fn("isSemver", "is_semver_string_bool", [stringType, boolType], boolType, isSemver),
    part("major", 0),
    part("minor", 1),
    part("patch", 2),
    method(
      "isGreaterThan",
      "semver_is_greater_than",
      [s, s],
      boolType,
      (a: CelSemver, b: CelSemver) => a.compare(b) > 0,
    ),
    method("isLessThan", "semver_is_less_than", [s, s], boolType, (a: CelSemver, b: CelSemver) => a.compare(b) < 0),
    method("compareTo", "semver_compare_to", [s, s], intType, (a: CelSemver, b: CelSemver) => BigInt(a.compare(b))),
  ],
  typeNames: [["kubernetes.Semver", s]],
};
