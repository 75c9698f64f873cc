import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isRecord } from "@kube-ts/std/config-schema";
import type { JsonObject } from "../session/api.ts";
import { type ApiResource, type Discovery, resourcesOfList } from "./discovery.ts";

/** Remembered answers count for this long. */
const maxAgeMs = 6 * 3_600_000;

/**
 * What a server has, remembered in files that other clients of the same directory read and write too:
 * `servergroups.json` and, for each group version, `<group>/<version>/serverresources.json`.
 */
export class DiscoveryCache {
  readonly #directory: string;
  readonly #now: () => number;

  constructor(cacheDirectory: string, server: string, now: () => number) {
    this.#directory = join(cacheDirectory, "discovery", directoryOf(server));
    this.#now = now;
  }

  /** Undefined unless everything is there, readable and young enough. */
  async read(): Promise<Discovery | undefined> {
    try {
      const groups = groupsOf(await this.#readFile("servergroups.json"));
      const wanted = groups.flatMap(({ name, versions }) => versions.map((version) => ({ name, version })));
      const lists = await Promise.all(
        wanted.map(async ({ name, version }) =>
          resourcesOfList(await this.#readFile(resourcesFile(name, version)), name, version),
        ),
      );
      const resources = lists.flat();
      return resources.length === 0 ? undefined : { groups, resources };
    } catch {
      return undefined;
    }
  }

  /** Best effort: a directory that cannot be written only costs time. */
  async write({ groups, resources }: Discovery): Promise<void> {
    if (resources.length === 0) return;
    try {
      for (const { name, versions } of groups) {
        for (const version of versions) {
          const own = resources.filter((each) => each.group === name && each.version === version);
          await this.#writeFile(resourcesFile(name, version), resourceList(name, version, own));
        }
      }
      await this.#writeFile("servergroups.json", groupList(groups));
    } catch {
      await rm(join(this.#directory, "servergroups.json"), { force: true }).catch(() => {});
    }
  }

  async #readFile(name: string): Promise<JsonObject> {
    const path = join(this.#directory, name);
    const { mtimeMs } = await stat(path);
    if (mtimeMs + maxAgeMs < this.#now()) throw new Error(`${path} is too old`);
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (!isRecord(value)) throw new Error(`${path} does not hold an object`);
    return value;
  }

  async #writeFile(name: string, content: JsonObject): Promise<void> {
    const path = join(this.#directory, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o750 });
    // Readers see the old content or the new one, never a part.
    const temporary = `${path}.${process.pid}`;
    await writeFile(temporary, `${JSON.stringify(content)}\n`, { mode: 0o660 });
    await rename(temporary, path);
  }
}

/** `https://10.0.0.1:6443` → `10.0.0.1_6443`. */
function directoryOf(server: string): string {
  return server.replace(/^https?:\/\//, "").replace(/[^\w/.()]/g, "_");
}

function resourcesFile(group: string, version: string): string {
  return join(group, version, "serverresources.json");
}

function groupsOf(list: JsonObject): Discovery["groups"] {
  const groups = Array.isArray(list["groups"]) ? list["groups"].filter(isRecord) : [];
  return groups.map(({ name, versions }) => ({
    name: String(name),
    versions: (Array.isArray(versions) ? versions.filter(isRecord) : []).map(({ version }) => String(version)),
  }));
}

function groupList(groups: Discovery["groups"]): JsonObject {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: groups.map(({ name, versions }) => {
      const all = versions.map((version) => ({ groupVersion: name === "" ? version : `${name}/${version}`, version }));
      return { name, versions: all, preferredVersion: all[0] };
    }),
  };
}

function resourceList(group: string, version: string, resources: readonly ApiResource[]): JsonObject {
  const ofOne = (resource: ApiResource): JsonObject[] => {
    const { plural, singular, namespaced, kind, verbs, shortNames, categories, subresources } = resource;
    const place = { ...(group !== "" && { group }), version };
    const main = {
      name: plural,
      singularName: singular,
      namespaced,
      ...place,
      kind,
      verbs,
      ...(shortNames.length > 0 && { shortNames }),
      ...(categories.length > 0 && { categories }),
    };
    const parts = subresources.map(({ name, ...rest }) => ({
      name: `${plural}/${name}`,
      singularName: singular,
      namespaced,
      ...rest,
    }));
    return [main, ...parts];
  };
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: group === "" ? version : `${group}/${version}`,
    resources: resources.flatMap(ofOne),
  };
}
