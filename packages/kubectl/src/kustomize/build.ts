import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { parseYaml, parseYamlDocuments } from "@kube-ts/std/yaml";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { JsonObject } from "../session/api.ts";
import { applyPatch, type LoadedPatch } from "./apply-patches.ts";
import { appendHashes } from "./content-hash.ts";
import { fixReferences } from "./fix-references.ts";
import { absorb, generate } from "./generate.ts";
import {
  type Kustomization,
  parseKustomization,
  type Patch,
  type Replacement,
  type Variable,
} from "./kustomization.ts";
import { resourceOf, ResourceSet } from "./kustomize-resource.ts";
import { applyReplacement } from "./replacements.ts";
import { sortResources } from "./resource-order.ts";
import { changeMetadata, changeWorkloads } from "./transform.ts";
import { resolveVariables } from "./variables.ts";

export interface BuildOptions {
  /** Whether files may lie outside of the kustomization that names them. */
  readonly loadAnywhere: boolean;
  readonly warn: (text: string) => void;
}

const fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
const localConfig = "config.kubernetes.io/local-config";

/** The objects that a kustomization makes, in their order. Rejects with a CommandError. */
export async function buildKustomization(directory: string, options: BuildOptions): Promise<JsonObject[]> {
  if (isRemote(directory)) throw remoteRefused(directory);
  const root = await realDirectory(directory);
  if (root === undefined) {
    const found = await stat(directory).catch(() => undefined);
    throw new CommandError(
      found
        ? `must build at directory: '${directory}': file is not directory`
        : `must build at directory: not a valid directory: evalsymlink failure on '${directory}' : lstat ${resolve(directory)}: no such file or directory`,
    );
  }
  const target = await Target.load(root, [root], options);
  const set = new ResourceSet();
  await target.accumulate(set);
  appendHashes(set.resources);
  fixReferences(set.resources);
  resolveVariables(set.resources, target.variables);
  set.filter(({ metadata }) => {
    const { annotations } = metadata;
    return !isRecord(annotations) || annotations[localConfig] === undefined || annotations[localConfig] === "false";
  });
  sortResources(set, target.kustomization.sortOptions);
  return set.resources.map(({ object }) => object);
}

/** One kustomization file and the directory that it is about. */
class Target {
  readonly kustomization: Kustomization;
  /** Of this kustomization and those that it builds on. */
  readonly variables: Variable[] = [];
  readonly #root: string;
  /** The directories that led here. */
  readonly #path: readonly string[];
  readonly #options: BuildOptions;

  private constructor(root: string, path: readonly string[], options: BuildOptions, kustomization: Kustomization) {
    this.#root = root;
    this.#path = path;
    this.#options = options;
    this.kustomization = kustomization;
  }

  static async load(root: string, path: readonly string[], options: BuildOptions): Promise<Target> {
    const found: string[] = [];
    for (const name of fileNames) {
      if ((await stat(join(root, name)).catch(() => undefined))?.isFile()) found.push(name);
    }
    const [name, second] = found;
    if (name === undefined) {
      throw new CommandError(
        `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${root}'`,
      );
    }
    if (second !== undefined) throw new CommandError(`Found multiple kustomization files under: ${root}\n`);
    const { kustomization, warnings } = parseKustomization(await readFile(join(root, name), "utf8"), root);
    for (const warning of warnings) options.warn(`${warning}\n`);
    const unknown = kustomization.buildMetadata ?? [];
    if (unknown.length > 0) {
      throw new CommandError(`the kustomization field "buildMetadata" is not supported: ${unknown.join(", ")}`);
    }
    return new Target(root, path, options, kustomization);
  }

  /** Adds this kustomization's resources to a set and changes all of it. A component is given the set of its parent. */
  async accumulate(set: ResourceSet): Promise<void> {
    const { kustomization } = this;
    const { generatorOptions, configMapGenerator = [], secretGenerator = [] } = kustomization;
    for (const path of kustomization.resources ?? []) {
      await this.#addResource(set, path).catch((error: unknown) => {
        throw inContext("accumulating resources", error);
      });
    }
    const read = (path: string) => this.#readFile(path);
    for (const given of configMapGenerator) {
      absorb(set, await generate("ConfigMap", given, generatorOptions, read), given.behavior);
    }
    for (const given of secretGenerator) {
      absorb(set, await generate("Secret", given, generatorOptions, read), given.behavior);
    }
    for (const path of kustomization.components ?? []) {
      await this.#addDirectory(set, path, true).catch((error: unknown) => {
        throw new CommandError(`accumulating components: accumulateDirectory: ${JSON.stringify(messageOf(error))}`, {
          cause: error,
        });
      });
    }
    for (const patch of await this.#loadPatches()) applyPatch(set, patch);
    changeMetadata(set, kustomization);
    for (const patch of await Promise.all((kustomization.patchesJson6902 ?? []).map((each) => this.#loadPatch(each)))) {
      applyPatch(set, patch);
    }
    changeWorkloads(set, kustomization);
    for (const replacement of await this.#loadReplacements()) applyReplacement(set.resources, replacement);
    this.variables.push(...(kustomization.vars ?? []));
  }

  async #addResource(set: ResourceSet, path: string): Promise<void> {
    if (isRemote(path)) throw remoteRefused(path);
    const found = await stat(resolve(this.#root, path)).catch(() => undefined);
    if (found?.isDirectory()) {
      const place = resolve(this.#root, path);
      return this.#addDirectory(set, path, false).catch((error: unknown) => {
        throw inContext(
          `accumulation err='accumulating resources from '${path}': '${place}' must resolve to a file'`,
          error,
        );
      });
    }
    try {
      const text = await this.#readFile(path);
      const resources = objectsOf(text.toString("utf8"), path).map((object) => resourceOf(object));
      try {
        for (const resource of resources) set.append(resource);
      } catch (error) {
        throw new MergeError(messageOf(error), { cause: error });
      }
    } catch (error) {
      if (error instanceof MalformedYaml) throw error;
      const reason = messageOf(error);
      const place = resolve(this.#root, path);
      const context = error instanceof MergeError ? "merging resources" : "accumulating resources";
      throw new CommandError(
        found
          ? `accumulation err='${context} from '${path}': ${reason}': must build at directory: '${place}': file is not directory`
          : `accumulation err='${context} from '${path}': ${reason}': must build at directory: not a valid directory: evalsymlink failure on '${place}' : lstat ${place}: no such file or directory`,
        { cause: error },
      );
    }
  }

  async #addDirectory(set: ResourceSet, path: string, component: boolean): Promise<void> {
    if (isRemote(path)) throw remoteRefused(path);
    const root = await realDirectory(resolve(this.#root, path));
    if (root === undefined) throw new CommandError(`must build at directory: '${path}': file is not directory`);
    if (this.#path.includes(root)) {
      throw new CommandError(`cycle detected: candidate root '${root}' contains visited root '${root}'`);
    }
    const target = await Target.load(root, [...this.#path, root], this.#options).catch((error: unknown) => {
      throw inContext(`couldn't make target for path '${root}'`, error);
    });
    const isComponent = target.kustomization.kind === "Component";
    if (component && !isComponent) {
      throw new CommandError(
        `expected kind 'Component' for path '${root}' but got '${target.kustomization.kind ?? "Kustomization"}'`,
      );
    }
    if (!component && isComponent) throw new CommandError(`expected kind != 'Component' for path '${root}'`);
    const own = component ? set : new ResourceSet();
    await target.accumulate(own).catch((error: unknown) => {
      throw inContext(`recursed accumulation of path '${root}'`, error);
    });
    if (!component) set.appendAll(own);
    this.variables.push(...target.variables);
  }

  async #loadPatches(): Promise<LoadedPatch[]> {
    const { patches = [], patchesStrategicMerge = [] } = this.kustomization;
    const loaded: LoadedPatch[] = [];
    for (const given of patchesStrategicMerge) {
      const inline = given.includes("\n");
      const text = inline ? given : (await this.#readFile(given)).toString("utf8");
      loaded.push({ text, label: inline ? `patch: ${JSON.stringify(given)}` : `[path: ${JSON.stringify(given)}]` });
    }
    for (const patch of patches) loaded.push(await this.#loadPatch(patch));
    return loaded;
  }

  async #loadPatch(patch: Patch): Promise<LoadedPatch> {
    const { path = "", patch: inline = "" } = patch;
    if (path === "" && inline === "") throw new CommandError("must specify one of patch and path in\n{}\n");
    if (path !== "" && inline !== "") throw new CommandError("patch and path can't be set at the same time\n");
    if (inline !== "") return { ...patch, text: inline, label: `[patch: ${JSON.stringify(inline)}]` };
    const contents = await this.#readFile(path).catch((error: unknown) => {
      throw inContext(`failed to get the patch file from path(${path})`, error);
    });
    return { ...patch, text: contents.toString("utf8"), label: `[path: ${JSON.stringify(path)}]` };
  }

  async #loadReplacements(): Promise<Replacement[]> {
    const loaded: Replacement[] = [];
    for (const replacement of this.kustomization.replacements ?? []) {
      const { path } = replacement;
      if (path === undefined) loaded.push(replacement);
      else {
        const found = parseYaml((await this.#readFile(path)).toString("utf8"));
        loaded.push(...((Array.isArray(found) ? found : [found]).filter((each) => isRecord(each)) as Replacement[]));
      }
    }
    return loaded;
  }

  /** A file of this kustomization; one outside of its directory only where that is allowed. */
  async #readFile(path: string): Promise<Buffer> {
    if (isRemote(path)) throw remoteRefused(path);
    const place = isAbsolute(path) ? path : join(this.#root, path);
    const real = await realpath(place).catch((cause: unknown) => {
      throw new CommandError(`evalsymlink failure on '${place}' : lstat ${place}: no such file or directory`, {
        cause,
      });
    });
    const found = await stat(real);
    if (found.isDirectory()) throw new CommandError(`'${place}' must resolve to a file`);
    if (!this.#options.loadAnywhere && !`${dirname(real)}${sep}`.startsWith(`${this.#root}${sep}`)) {
      throw new CommandError(`security; file '${real}' is not in or below '${this.#root}'`);
    }
    return readFile(real);
  }
}

class MergeError extends CommandError {
  override readonly name = "MergeError";
}

class MalformedYaml extends CommandError {
  override readonly name = "MalformedYaml";
}

function objectsOf(text: string, path: string): JsonObject[] {
  let documents: unknown[];
  try {
    documents = parseYamlDocuments(text, { wordsAreText: true });
  } catch (error) {
    throw new MalformedYaml(
      `accumulating resources from '${path}': MalformedYAMLError: ${messageOf(error).replace(/^error converting YAML to JSON: yaml: (?:line \d+: )?/, "yaml: ")} in File: ${path}`,
      {
        cause: error,
      },
    );
  }
  return documents
    .filter((each) => each !== null && each !== undefined)
    .flatMap((document) => {
      if (!isRecord(document)) throw new CommandError(`missing Resource metadata`);
      const { kind, items } = document;
      if (typeof kind === "string" && kind.endsWith("List") && Array.isArray(items))
        return items.filter((each) => isRecord(each));
      return [document];
    });
}

/** An address of something that is not on this machine; this program does not fetch what it builds on. */
function isRemote(path: string): boolean {
  return (
    /^(?:https?|ssh|git|file|git::[a-z]+):\/\//.test(path) ||
    /^(?:git::|git@|gh:|[^/@:]+@[^/:]+:)/.test(path) ||
    /^(?:github\.com|gitlab\.com|bitbucket\.org)[/:]/.test(path)
  );
}

function remoteRefused(path: string): CommandError {
  return new CommandError(
    `remote resources are not supported: download ${JSON.stringify(path)} and name the local copy`,
  );
}

async function realDirectory(path: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return undefined;
  return (await stat(real)).isDirectory() ? real : undefined;
}

function inContext(context: string, error: unknown): CommandError {
  return new CommandError(`${context}: ${messageOf(error)}`, { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
