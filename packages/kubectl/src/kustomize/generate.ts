import { isUtf8 } from "node:buffer";
import { isRecord } from "@kube-ts/std/config-schema";
import { configMapKeyErrors } from "@kube-ts/api/names";
import { environmentNameErrors } from "../builder/env-names.ts";
import { CommandError } from "../command-line/command-error.ts";
import type { JsonObject } from "../session/api.ts";
import type { GeneratorArguments, GeneratorOptions } from "./kustomization.ts";
import { idText, KustomizeResource, type ResourceSet } from "./kustomize-resource.ts";

/** Reads a file of the kustomization's directory. Rejects with a CommandError. */
export type ReadFile = (path: string) => Promise<Buffer>;

const base64LineLength = 70;

/** The config map or secret that a generator makes. Throws a CommandError. */
export async function generate(
  kind: "ConfigMap" | "Secret",
  given: GeneratorArguments,
  shared: GeneratorOptions | undefined,
  read: ReadFile,
): Promise<KustomizeResource> {
  const { name = "", namespace } = given;
  if (name === "") throw new CommandError("a " + (kind === "ConfigMap" ? "configmap" : "secret") + " must have a name");
  const data = await entriesOf(given, read).catch((error: unknown) => {
    throw inContext(`loading KV pairs`, error);
  });
  const options = mergeOptions(given.options, shared);
  const { labels, annotations } = options;
  const object: JsonObject = {
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && namespace !== "" && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    ...(kind === "Secret" ? secretData(data, given.type) : configMapData(data)),
    ...(options.immutable && { immutable: true }),
  };
  const made = new KustomizeResource(object);
  made.needsHash = options.disableNameSuffixHash !== true;
  return made;
}

function inContext(context: string, error: unknown): CommandError {
  return new CommandError(`${context}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

function mergeOptions(own: GeneratorOptions = {}, shared: GeneratorOptions = {}): GeneratorOptions {
  const merged = (a?: Readonly<Record<string, string>>, b?: Readonly<Record<string, string>>) =>
    a || b ? { ...b, ...a } : undefined;
  const labels = merged(own.labels, shared.labels);
  const annotations = merged(own.annotations, shared.annotations);
  return {
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    disableNameSuffixHash: (own.disableNameSuffixHash ?? false) || (shared.disableNameSuffixHash ?? false),
    immutable: (own.immutable ?? false) || (shared.immutable ?? false),
  };
}

function secretData(data: ReadonlyMap<string, Buffer>, type = "Opaque"): JsonObject {
  const entries = [...data].map(([key, value]) => [key, wrappedBase64(value)] as const);
  return { type: type || "Opaque", ...(data.size > 0 && { data: Object.fromEntries(entries) }) };
}

function configMapData(data: ReadonlyMap<string, Buffer>): JsonObject {
  const texts = [...data].filter(([, value]) => isUtf8(value));
  const bytes = [...data].filter(([, value]) => !isUtf8(value));
  return {
    ...(texts.length > 0 && { data: Object.fromEntries(texts.map(([key, value]) => [key, value.toString("utf8")])) }),
    ...(bytes.length > 0 && {
      binaryData: Object.fromEntries(bytes.map(([key, value]) => [key, wrappedBase64(value)])),
    }),
  };
}

/** Long values are broken into lines, which are part of what the hash is computed of. */
function wrappedBase64(value: Buffer): string {
  const text = value.toString("base64");
  if (text.length < base64LineLength) return text;
  return (text.match(/.{1,70}/g) ?? []).map((line) => `${line}\n`).join("");
}

async function entriesOf(given: GeneratorArguments, read: ReadFile): Promise<Map<string, Buffer>> {
  const data = new Map<string, Buffer>();
  const add = (key: string, value: Buffer) => {
    const [problem] = configMapKeyErrors(key);
    if (problem !== undefined) throw new CommandError(`${JSON.stringify(key)} is not a valid key name: ${problem}`);
    if (data.has(key)) throw new CommandError(`configmap ${given.name ?? ""} illegally repeats the key \`${key}\``);
    data.set(key, value);
  };
  for (const path of [...(given.envs ?? []), ...(given.env ? [given.env] : [])]) {
    const text = await read(path).catch((error: unknown) => {
      throw inContext("env source files: [" + (given.envs ?? []).join(" ") + "]", error);
    });
    for (const [key, value] of environmentEntries(text.toString("utf8"))) add(key, value);
  }
  for (const literal of given.literals ?? []) {
    const equals = literal.indexOf("=");
    if (equals < 1)
      throw new CommandError(
        `literal sources [${(given.literals ?? []).join(" ")}]: invalid literal source ${literal}, expected key=value`,
      );
    add(literal.slice(0, equals), Buffer.from(literal.slice(equals + 1).replace(/^["']+|["']+$/g, "")));
  }
  for (const source of given.files ?? []) {
    const { key, path } = fileSource(source);
    const contents = await read(path).catch((error: unknown) => {
      throw inContext(`file sources: [${(given.files ?? []).join(" ")}]`, error);
    });
    add(key, contents);
  }
  return data;
}

function environmentEntries(text: string): [string, Buffer][] {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .map((line) => line.trimStart());
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const equals = line.indexOf("=");
      const key = equals < 0 ? line : line.slice(0, equals);
      const [problem] = environmentNameErrors(key);
      if (problem !== undefined) throw new CommandError(`${JSON.stringify(key)} is not a valid key name: ${problem}`);
      return [key, Buffer.from(equals < 0 ? "" : line.slice(equals + 1))];
    });
}

function fileSource(source: string): { key: string; path: string } {
  const parts = source.split("=");
  const [first = "", second] = parts;
  if (parts.length > 2) throw new CommandError("key names or file paths cannot contain '='");
  if (second === undefined) return { key: first.split("/").at(-1) ?? first, path: first };
  if (first === "") throw new CommandError(`missing key name for file path "${second}" in source "${source}"`);
  if (second === "") throw new CommandError(`missing file path for key name "${first}" in source "${source}"`);
  return { key: first, path: second };
}

/** Adds what a generator made, or merges it into what is there, as its behaviour says. Throws a CommandError. */
export function absorb(set: ResourceSet, made: KustomizeResource, behavior = "create"): void {
  if (!["", "unspecified", "create", "merge", "replace"].includes(behavior)) {
    throw new CommandError(`unknown behavior ${JSON.stringify(behavior)}`);
  }
  const [old, second] = set.withAnyId(made.id);
  if (second) throw new CommandError(`found multiple objects ${idText(made.id)} that could accept merge`);
  if (!old) {
    if (behavior === "merge" || behavior === "replace") {
      throw new CommandError(`id ${idText(made.id)} does not exist; cannot merge or replace`);
    }
    return set.append(made);
  }
  if (behavior !== "merge" && behavior !== "replace") {
    throw new CommandError(`id ${idText(made.id)} exists; behavior must be merge or replace`);
  }
  const next = new KustomizeResource({ ...made.object, metadata: mergedMetadata(old.metadata, made.metadata) });
  if (behavior === "merge") {
    for (const field of ["data", "binaryData"]) {
      const merged = { ...asMap(old.object[field]), ...asMap(made.object[field]) };
      if (Object.keys(merged).length > 0) next.object[field] = merged;
    }
  }
  next.needsHash = made.needsHash;
  next.adopt(old);
  set.replace(old, next);
}

const asMap = (value: unknown): JsonObject => (isRecord(value) ? value : {});

function mergedMetadata(old: JsonObject, made: JsonObject): JsonObject {
  const labels = { ...asMap(old["labels"]), ...asMap(made["labels"]) };
  const annotations = { ...asMap(old["annotations"]), ...asMap(made["annotations"]) };
  return {
    ...made,
    name: old["name"],
    ...(old["namespace"] !== undefined && { namespace: old["namespace"] }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}
