import { absentPlugins, defaultPlugins } from "./default-plugins.ts";
import { extensionPoints, type ExtensionPointName, type PluginsFile, type ProfileFile } from "./config-kind.ts";
import { decodePluginArgs, type PluginArgs } from "./plugin-args.ts";
import { pluginPoints } from "./plugin-points.ts";

export interface PlannedPlugin {
  readonly name: string;
  /** Counts at the extension point `score` only. */
  readonly weight: number;
}

/** Which plugins a profile asks at which extension point, in order, and their arguments. */
export interface ProfilePlan {
  readonly schedulerName: string;
  /** Undefined to adapt to the size of the cluster. */
  readonly percentageOfNodesToScore: number | undefined;
  readonly points: Readonly<Record<ExtensionPointName, readonly PlannedPlugin[]>>;
  readonly args: PluginArgs;
}

/** A profile that cannot be. The message starts with the field's path. */
export class ProfileError extends Error {
  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.name = "ProfileError";
  }
}

interface Choice {
  readonly name: string;
  readonly weight: number | undefined;
}

/** Applies what a profile enables and disables to the default plugins. */
export function planProfile(
  schedulerName: string,
  profile: ProfileFile,
  percentageOfNodesToScore: number | undefined,
  path: string,
): ProfilePlan {
  const written = profile.plugins ?? {};
  checkNames(written, `${path}.plugins`);
  const general = generalChoices(written.multiPoint);
  const entries = extensionPoints.map((point) => [point, pointPlugins(point, written[point], general)] as const);
  const points = Object.fromEntries(entries) as Record<ExtensionPointName, PlannedPlugin[]>;
  if (points.queueSort.length !== 1) {
    const names = points.queueSort.map(({ name }) => name).join(", ");
    throw new ProfileError(`${path}.plugins.queueSort`, `exactly one plugin must be enabled, not [${names}]`);
  }
  if (points.bind.length === 0) throw new ProfileError(`${path}.plugins.bind`, "at least one plugin must be enabled");
  return { schedulerName, percentageOfNodesToScore, points, args: decodePluginArgs(profile.pluginConfig ?? [], path) };
}

/** The plugins that take part wherever they can: the defaults that are left, then those that were added. */
function generalChoices(written: PluginsFile["multiPoint"]): Choice[] {
  const enabled = (written?.enabled ?? []).map(choiceOf);
  const disabled = new Set((written?.disabled ?? []).map(({ name = "" }) => name));
  const replaced = new Map(enabled.map((choice) => [choice.name, choice]));
  const kept = defaultPlugins
    .filter(({ name }) => !disabled.has("*") && !disabled.has(name))
    .map(({ name, weight }) => replaced.get(name) ?? { name, weight });
  const keptNames = new Set(kept.map(({ name }) => name));
  return [...kept, ...enabled.filter(({ name }) => !keptNames.has(name))];
}

/** What is enabled for the point itself goes first where it is new, and replaces where it is not. */
function pointPlugins(
  point: ExtensionPointName,
  written: PluginsFile[ExtensionPointName],
  general: readonly Choice[],
): PlannedPlugin[] {
  const disabled = new Set((written?.disabled ?? []).map(({ name = "" }) => name));
  const enabled = (written?.enabled ?? []).map(choiceOf);
  const specific = new Map(enabled.map((choice) => [choice.name, choice]));
  const able = general.filter(({ name }) => pluginPoints[name]?.includes(point));
  const kept = able
    .filter(({ name }) => specific.has(name) || (!disabled.has("*") && !disabled.has(name)))
    .map((choice) => specific.get(choice.name) ?? choice);
  const keptNames = new Set(kept.map(({ name }) => name));
  const added = enabled.filter(({ name }) => !keptNames.has(name));
  return [...added, ...kept].map(({ name, weight }) => ({ name, weight: weight || 1 }));
}

function choiceOf({ name = "", weight }: { readonly name?: string; readonly weight?: number }): Choice {
  return { name, weight };
}

function checkNames(written: PluginsFile, path: string): void {
  for (const [point, set] of Object.entries(written)) {
    const seen = new Set<string>();
    for (const [index, { name = "" }] of (set?.enabled ?? []).entries()) {
      const at = `${path}.${point}.enabled[${index}].name`;
      const points = Object.hasOwn(pluginPoints, name) ? pluginPoints[name] : undefined;
      if (!points) throw new ProfileError(at, `plugin ${JSON.stringify(name)} does not exist`);
      if (point !== "multiPoint" && !points.includes(point as ExtensionPointName)) {
        throw new ProfileError(at, `plugin ${JSON.stringify(name)} does not extend ${point} plugin`);
      }
      if (seen.has(name)) throw new ProfileError(at, `plugin ${JSON.stringify(name)} already registered as ${point}`);
      seen.add(name);
    }
    for (const [index, { name = "" }] of (set?.disabled ?? []).entries()) {
      if (name === "*" || Object.hasOwn(pluginPoints, name) || absentPlugins.has(name)) continue;
      throw new ProfileError(
        `${path}.${point}.disabled[${index}].name`,
        `plugin ${JSON.stringify(name)} does not exist`,
      );
    }
  }
}
