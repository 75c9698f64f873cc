import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseYamlDocuments } from "@kube-ts/std/yaml";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

export interface ManifestFlags {
  readonly filename: readonly string[];
  readonly recursive: boolean;
  readonly kustomize: string;
  /** As `--validate` has it, for commands that have it: what objects lack is told in other words then. */
  readonly validate?: string | undefined;
}

/** An object as a file has it. */
export interface Manifest {
  readonly object: JsonObject;
  /** The file, URL or `STDIN`. */
  readonly source: string;
}

const extensions = [".json", ".yaml", ".yml"];
/** The most that is read of an answer to a URL. */
const maxDownloadBytes = 64 * 1024 * 1024;

/**
 * The objects in files, directories, URLs and standard input (`-`), lists taken apart. Throws a CommandError. With
 * `broken`, what cannot be read of one file goes there, and the other files count.
 */
export async function readManifests(session: Session, flags: ManifestFlags, broken?: unknown[]): Promise<Manifest[]> {
  if (flags.kustomize !== "") {
    if (flags.filename.length > 0 || flags.recursive) {
      throw new CommandError(
        ["apply", "create"].includes(verbOf(session)) && flags.filename.length > 0
          ? "only one of -f or -k can be specified"
          : "the -k flag can't be used with -f or -R",
      );
    }
    return builtManifests(session, flags.kustomize);
  }
  const manifests: Manifest[] = [];
  for (const name of flags.filename) {
    for (const { source, text } of await readSources(session, name, flags.recursive)) {
      try {
        manifests.push(...parseManifests(text, source, !["false", "ignore"].includes(flags.validate ?? "ignore")));
      } catch (error) {
        if (!broken) throw error;
        broken.push(error);
      }
    }
  }
  const isEmpty = manifests.length === 0 && (broken ?? []).length === 0;
  if (isEmpty && flags.filename.length > 0 && !emptyIsFine.has(verbOf(session)))
    throw new CommandError("no objects passed to " + verbOf(session));
  return manifests;
}

/** The objects of a kustomization. */
async function builtManifests(session: Session, directory: string): Promise<Manifest[]> {
  const { buildKustomization } = await import("../kustomize/build.ts");
  const warn = (text: string) => session.terminal.error(text);
  const objects = await buildKustomization(directory, { loadAnywhere: false, warn });
  return objects.map((object) => ({ object, source: directory }));
}

/** What may be asked of no objects at all. */
const emptyIsFine: ReadonlySet<string> = new Set(["delete", "get"]);

function verbOf(session: Session): string {
  return session.commandPath.split(" ").at(1) ?? "kubectl";
}

/** The objects in a text, with their lists taken apart. Throws a CommandError that names the source. */
export function parseManifests(text: string, source: string, isValidated = true): Manifest[] {
  let documents: readonly (readonly [unknown, string | undefined])[];
  try {
    const parts = splitJson(text);
    documents = parts.flatMap((part) => {
      const json = part.trim().startsWith("{") ? part.trim() : undefined;
      return parseYamlDocuments(part).map((document) => [document, json] as const);
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandError(source === "STDIN" ? message : `error parsing ${source}: ${message}`, { cause: error });
  }
  return documents.flatMap(([document, json]) => flatten(document, source, isValidated, json));
}

/** JSON objects may follow each other without anything between them. */
function splitJson(text: string): string[] {
  if (!/^\s*\{/.test(text)) return [text];
  const parts: string[] = [];
  let [depth, start, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") depth += 1;
    else if (character === "}") {
      depth -= 1;
      if (depth > 0) continue;
      parts.push(text.slice(start, at + 1));
      start = at + 1;
    } else if (depth === 0 && !/\s/.test(character)) return [text];
  }
  return depth === 0 ? parts : [text];
}

/** The items of a list of one kind may leave that kind out. */
function itemsOf(list: Readonly<Record<string, unknown>>, items: readonly unknown[]): unknown[] {
  const kind = String(list["kind"]).slice(0, -"List".length);
  if (kind === "") return [...items];
  return items.map((item) => (isRecord(item) ? { apiVersion: list["apiVersion"], kind, ...item } : item));
}

function flatten(document: unknown, source: string, isValidated: boolean, json?: string): Manifest[] {
  const where = source === "STDIN" ? '"STDIN"' : JSON.stringify(source);
  if (!isRecord(document)) {
    throw new CommandError(
      `unable to decode ${where}: json: cannot unmarshal ${Array.isArray(document) ? "array" : typeof document} into Go value of type unstructured.detector`,
    );
  }
  const { kind, apiVersion, items } = document;
  if (typeof kind !== "string" || kind === "") {
    if (!isValidated) {
      throw new CommandError(
        `unable to decode ${where}: Object 'Kind' is missing in '${json ?? JSON.stringify(document)}'`,
      );
    }
    throw new CommandError(
      `error validating ${where}: error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  }
  if (typeof apiVersion !== "string" || apiVersion === "") {
    throw new CommandError(
      `error validating ${where}: error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  }
  if (kind.endsWith("List") && Array.isArray(items)) {
    return itemsOf(document, items).flatMap((item) => flatten(item, source, isValidated));
  }
  return [{ object: { ...document }, source }];
}

interface Source {
  readonly source: string;
  readonly text: string;
}

async function readSources(session: Session, name: string, recursive: boolean): Promise<Source[]> {
  if (name === "-") return [{ source: "STDIN", text: await session.terminal.readStdin() }];
  if (/^https?:\/\//.test(name)) return [{ source: name, text: await download(name, session.signal) }];
  const found = await stat(name).catch(() => undefined);
  if (!found) throw new CommandError(`the path ${JSON.stringify(name)} does not exist`);
  const files = found.isDirectory() ? await filesIn(name, recursive) : [name];
  if (files.length === 0) {
    throw new CommandError(`error reading [${name}]: recognized file extensions are [${extensions.join(" ")}]`);
  }
  return Promise.all(files.map(async (file) => ({ source: file, text: await readFile(file, "utf8") })));
}

async function filesIn(directory: string, recursive: boolean): Promise<string[]> {
  const files: string[] = [];
  for (const name of (await readdir(directory)).toSorted()) {
    const path = join(directory, name);
    const entry = await lstat(path);
    if (entry.isDirectory()) {
      if (recursive) files.push(...(await filesIn(path, recursive)));
    } else if (extensions.some((extension) => name.endsWith(extension))) files.push(path);
  }
  return files;
}

async function download(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throw new CommandError(`unable to read URL ${JSON.stringify(url)}: ${String(cause)}`, { cause });
  });
  if (!response.ok) {
    throw new CommandError(
      `unable to read URL ${JSON.stringify(url)}, server reported ${response.status} ${response.statusText}, status code=${response.status}`,
    );
  }
  const text = await response.text();
  if (text.length > maxDownloadBytes) throw new CommandError(`unable to read URL ${JSON.stringify(url)}: too large`);
  return text;
}
