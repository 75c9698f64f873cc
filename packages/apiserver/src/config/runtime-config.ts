import { groupVersionSources, legacyGroupVersionSources } from "@kube-ts/api/group-versions";

/** A resource in one version, as URLs name it. */
export interface VersionedResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** Which API versions, and which resources of them, the server offers. */
export interface RuntimeConfig {
  /** Whether anything of the versions that upstream serves no more is offered. */
  readonly hasLegacy: boolean;
  isServed(resource: VersionedResource): boolean;
}

/** Keys that stand for all versions of a kind, the weaker before the stronger. */
const wholesaleKeys = ["api/all", "api/legacy", "api/ga", "api/beta", "api/alpha"] as const;
type WholesaleKey = (typeof wholesaleKeys)[number];

const truths = ["1", "t", "T", "true", "TRUE", "True", ""];
const untruths = ["0", "f", "F", "false", "FALSE", "False"];

/**
 * Reads `--runtime-config`: `api/all`, `api/ga`, `api/beta`, `api/alpha`, `api/legacy`, `v1`, `GROUP/VERSION` and
 * `GROUP/VERSION/RESOURCE`, each with true or false; the narrower key wins. Throws with upstream's wording.
 */
export function parseRuntimeConfig(values: Readonly<Record<string, string>>): RuntimeConfig {
  const wholesale = new Map<WholesaleKey, boolean>();
  const exact = new Map<string, boolean>();
  for (const [key, text] of Object.entries(values)) {
    const isOn = parseSwitch(key, text);
    const known = wholesaleKeys.find((candidate) => candidate === key);
    if (known) wholesale.set(known, isOn);
    else exact.set(exactKey(key), isOn);
  }
  if (wholesale.get("api/all") === false && Object.keys(values).length === 1) {
    throw new Error("invalid key with only api/all=false");
  }
  const isVersionServed = (group: string, version: string) =>
    exact.get(`${group}/${version}`) ??
    wholesale.get(keyOf(group, version)) ??
    wholesale.get("api/all") ??
    !legacyVersions.has(`${group}/${version}`);
  return {
    hasLegacy: [...legacyVersions].some((name) => {
      const [group = "", version = ""] = name.split("/");
      return isVersionServed(group, version) || [...exact].some(([key, isOn]) => isOn && key.startsWith(`${name}/`));
    }),
    isServed: ({ group, version, plural }) =>
      exact.get(`${group}/${version}/${plural}`) ?? isVersionServed(group, version),
  };
}

const legacyVersions = new Set(legacyGroupVersionSources.map(({ group, version }) => `${group}/${version}`));
const currentVersions = new Set(groupVersionSources.map(({ group, version }) => `${group}/${version}`));
const groups = new Set([...groupVersionSources, ...legacyGroupVersionSources].map(({ group }) => group));

function keyOf(group: string, version: string): WholesaleKey {
  if (legacyVersions.has(`${group}/${version}`)) return "api/legacy";
  return version.includes("alpha") ? "api/alpha" : version.includes("beta") ? "api/beta" : "api/ga";
}

function parseSwitch(key: string, text: string): boolean {
  if (truths.includes(text)) return true;
  if (untruths.includes(text)) return false;
  throw new Error(
    `invalid value of ${key}: ${text}, err: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

/** The key with its group: the core group is `v1` or `api/v1`. */
function exactKey(key: string): string {
  const parts = key === "v1" || key.startsWith("v1/") ? ["", ...key.split("/")] : key.split("/");
  if (parts[0] === "api") parts[0] = "";
  if (parts.length !== 2 && parts.length !== 3) throw new Error(`runtime-config invalid key ${key}`);
  const [group = "", version = ""] = parts;
  if (!groups.has(group)) throw new Error(`unknown api groups ${group}`);
  const name = `${group}/${version}`;
  if (!legacyVersions.has(name) && !currentVersions.has(name)) {
    throw new Error(`group version ${group === "" ? version : name} that has not been registered`);
  }
  return parts.join("/");
}
