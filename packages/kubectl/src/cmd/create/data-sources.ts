import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { configMapKeyErrors } from "@kube-ts/api/names";
import { environmentNameErrors } from "../../builder/env-names.ts";
import { CommandError } from "../../command-line/command-error.ts";
import { repeatedFlag } from "../../command-line/flag.ts";

export const dataFlags = {
  "from-env-file": repeatedFlag("Specify the path to a file to read lines of key=val pairs."),
  "from-file": repeatedFlag(
    "Key files can be specified using their file path, in which case a default name will be given to them, or optionally with a name and file path.",
  ),
  "from-literal": repeatedFlag("Specify a key and literal value to insert (i.e. mykey=somevalue)"),
} as const;

interface DataFlagValues {
  readonly "from-env-file": readonly string[];
  readonly "from-file": readonly string[];
  readonly "from-literal": readonly string[];
}

/** What is said of a key that cannot be one, and of one that comes twice. */
export interface KeyRefusals {
  readonly invalid: (key: string, problem: string) => string;
  readonly duplicate: (key: string) => string;
}

/** The entries that literals, files and environment files name. Throws a CommandError. */
export async function readData(flags: DataFlagValues, refusals: KeyRefusals): Promise<Map<string, Buffer>> {
  if (flags["from-env-file"].length > 0 && (flags["from-file"].length > 0 || flags["from-literal"].length > 0)) {
    throw new CommandError("from-env-file cannot be combined with from-file or from-literal");
  }
  const data = new Map<string, Buffer>();
  const add = (key: string, value: Buffer) => {
    const [problem] = configMapKeyErrors(key);
    if (problem !== undefined) throw new CommandError(refusals.invalid(key, problem));
    if (data.has(key)) throw new CommandError(refusals.duplicate(key));
    data.set(key, value);
  };
  for (const source of flags["from-file"]) await addFile(source, add);
  for (const literal of flags["from-literal"]) {
    const equals = literal.indexOf("=");
    if (equals < 1) throw new CommandError(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, equals), Buffer.from(literal.slice(equals + 1).replace(/^"(.*)"$|^'(.*)'$/s, "$1$2")));
  }
  for (const path of flags["from-env-file"]) await addEnvironment(path, add);
  return data;
}

type Add = (key: string, value: Buffer) => void;

async function addFile(source: string, add: Add): Promise<void> {
  const parts = source.split("=");
  if (parts.length > 2) throw new CommandError("key names or file paths cannot contain '='");
  const [first = "", second] = parts;
  if (second === "") throw new CommandError(`file path for key ${first} missing`);
  if (second !== undefined && first === "") throw new CommandError(`key name for file path ${second} missing`);
  const path = second ?? first;
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new CommandError(`error reading ${path}: no such file or directory`);
  if (!found.isDirectory()) {
    add(second === undefined ? basename(path) : first, await readFile(path));
    return;
  }
  if (second !== undefined) throw new CommandError(`cannot give a key name for a directory path`);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isFile() || entry.isSymbolicLink()) add(entry.name, await readFile(join(path, entry.name)));
  }
}

async function addEnvironment(path: string, add: Add): Promise<void> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CommandError(`error reading ${path}: no such file or directory`, { cause });
  });
  for (const raw of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    const line = raw.trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const key = equals < 0 ? line : line.slice(0, equals);
    const [problem] = environmentNameErrors(key);
    if (problem !== undefined) throw new CommandError(`${JSON.stringify(key)} is not a valid key name: ${problem}`);
    if (equals >= 0) add(key, Buffer.from(line.slice(equals + 1)));
    else if (process.env[key] !== undefined) add(key, Buffer.from(process.env[key]));
  }
}

/** Entries in the order of their keys. */
export function sortedEntries(data: ReadonlyMap<string, Buffer>): [string, Buffer][] {
  return [...data].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
