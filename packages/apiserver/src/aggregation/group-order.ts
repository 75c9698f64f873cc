import type { APIService } from "@kube-ts/api/apiregistration/v1";
import type { GroupVersionName } from "../endpoints/group-version.ts";
import { compareVersions } from "../extensions/version-order.ts";
import { defaultPriority } from "./default-priorities.ts";

/** A version of a group, and who serves it. */
export interface ServedVersion extends GroupVersionName {
  /** The server behind it; absent where it is this one. */
  readonly service?: APIService;
}

export interface ServedGroup {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly ServedVersion[];
}

interface RankedVersion extends ServedVersion {
  readonly groupPriority: number;
  readonly versionPriority: number;
}

/**
 * All groups but the core one, in the order in which clients are to prefer them: by the highest priority of their
 * versions, then by name. This server's own group-versions are there whether they have an object or not.
 */
export function servedGroups(local: readonly GroupVersionName[], services: readonly APIService[]): ServedGroup[] {
  const byName = new Map(
    services.map((service) => [`${service.spec.group ?? ""}/${service.spec.version ?? ""}`, service]),
  );
  const groups = new Map<string, RankedVersion[]>();
  const add = (name: GroupVersionName, service: APIService | undefined) => {
    const defaults = defaultPriority(name);
    const versions = groups.get(name.group) ?? [];
    versions.push({
      ...name,
      groupPriority: service?.spec.groupPriorityMinimum ?? defaults.group,
      versionPriority: service?.spec.versionPriority ?? defaults.version,
      ...(service?.spec.service && { service }),
    });
    groups.set(name.group, versions);
  };
  const seen = new Set<string>();
  for (const name of local) {
    if (name.group === "") continue;
    seen.add(`${name.group}/${name.version}`);
    add(name, byName.get(`${name.group}/${name.version}`));
  }
  for (const [key, service] of byName) {
    const { group = "", version = "" } = service.spec;
    if (group !== "" && service.spec.service && !seen.has(key)) add({ group, version }, service);
  }
  return [...groups]
    .map(([group, versions]) => ({
      group,
      priority: Math.max(...versions.map(({ groupPriority }) => groupPriority)),
      versions: versions.toSorted(
        (a, b) => b.versionPriority - a.versionPriority || compareVersions(a.version, b.version),
      ),
    }))
    .toSorted((a, b) => b.priority - a.priority || (a.group < b.group ? -1 : 1));
}
