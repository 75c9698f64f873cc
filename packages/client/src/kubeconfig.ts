import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import {
  booleanField,
  type Decoded,
  type FieldProblem,
  jsonField,
  listField,
  mapField,
  objectField,
  stringField,
} from "@kube-ts/std/config-schema";
import { parseYaml } from "@kube-ts/std/yaml";

const clusterFields = objectField({
  server: stringField(),
  "tls-server-name": stringField(),
  "insecure-skip-tls-verify": booleanField(),
  "certificate-authority": stringField(),
  "certificate-authority-data": stringField(),
  "proxy-url": stringField(),
  "disable-compression": booleanField(),
  extensions: jsonField(),
});

const execFields = objectField({
  command: stringField(),
  args: listField(stringField()),
  env: listField(objectField({ name: stringField(), value: stringField() })),
  apiVersion: stringField(),
  installHint: stringField(),
  provideClusterInfo: booleanField(),
  interactiveMode: stringField(),
});

const userFields = objectField({
  "client-certificate": stringField(),
  "client-certificate-data": stringField(),
  "client-key": stringField(),
  "client-key-data": stringField(),
  token: stringField(),
  tokenFile: stringField(),
  as: stringField(),
  "as-uid": stringField(),
  "as-groups": listField(stringField()),
  "as-user-extra": mapField(listField(stringField())),
  username: stringField(),
  password: stringField(),
  "auth-provider": jsonField(),
  exec: execFields,
  extensions: jsonField(),
});

const contextFields = objectField({
  cluster: stringField(),
  user: stringField(),
  namespace: stringField(),
  extensions: jsonField(),
});

const kubeconfigFields = objectField({
  apiVersion: stringField(),
  kind: stringField(),
  preferences: jsonField(),
  clusters: listField(objectField({ name: stringField(), cluster: clusterFields })),
  users: listField(objectField({ name: stringField(), user: userFields })),
  contexts: listField(objectField({ name: stringField(), context: contextFields })),
  "current-context": stringField(),
  extensions: jsonField(),
});

export type KubeconfigCluster = Decoded<typeof clusterFields>;
export type KubeconfigContext = Decoded<typeof contextFields>;
export type KubeconfigUser = Decoded<typeof userFields>;

/** A kubeconfig (`v1 Config`) as it is written; paths in a loaded one are absolute. */
export type Kubeconfig = Decoded<typeof kubeconfigFields>;

/** A kubeconfig that cannot be used. */
export class KubeconfigError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "KubeconfigError";
  }
}

/**
 * Reads one kubeconfig file. Unknown fields are left out, as upstream does. Throws a KubeconfigError for a file that
 * cannot be read (`cause` is the system error) or holds something else.
 */
export async function loadKubeconfigFile(path: string): Promise<Kubeconfig> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const problem = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "no such file or directory" : String(cause);
    throw new KubeconfigError(`error loading config file "${path}": ${problem}`, { cause });
  });
  return parseKubeconfig(text, path);
}

/** Decodes a kubeconfig; relative paths in it are resolved against the directory of `path`. */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  const problems: FieldProblem[] = [];
  const config = kubeconfigFields.decode(readDocument(text, path), "", problems);
  const [problem] = problems.filter((candidate) => !candidate.unknown);
  if (problem) throw new KubeconfigError(`error loading config file "${path}": ${problem.path}: ${problem.message}`);
  if (config?.kind !== undefined && config.kind !== "Config") {
    throw new KubeconfigError(
      `error loading config file "${path}": kind is ${JSON.stringify(config.kind)}, not "Config"`,
    );
  }
  return resolvePaths(config ?? {}, dirname(path));
}

/**
 * Several kubeconfigs as one: the first that names a cluster, user or context, or sets the current context, wins.
 */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merged = {
    apiVersion: "v1",
    kind: "Config",
    preferences: configs.find((config) => config.preferences !== undefined)?.preferences,
    clusters: firstByName(configs.map((config) => config.clusters ?? [])),
    users: firstByName(configs.map((config) => config.users ?? [])),
    contexts: firstByName(configs.map((config) => config.contexts ?? [])),
    "current-context": configs.map((config) => config["current-context"] ?? "").find((name) => name !== "") ?? "",
  };
  return merged;
}

/**
 * Loads and merges the files of a `KUBECONFIG` list. Files that do not exist are skipped; with none left the result
 * is empty.
 */
export async function loadKubeconfigs(paths: readonly string[]): Promise<Kubeconfig> {
  const configs: Kubeconfig[] = [];
  for (const path of paths) {
    try {
      configs.push(await loadKubeconfigFile(path));
    } catch (error) {
      if (!isMissingFile(error)) throw error;
    }
  }
  return mergeKubeconfigs(configs);
}

/** Whether loading failed because the file does not exist. */
function isMissingFile(error: unknown): boolean {
  return error instanceof KubeconfigError && (error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}

/** The files that kubectl reads: those of `$KUBECONFIG` (separated by colons), or `~/.kube/config`. */
export function kubeconfigPaths(env: Readonly<Record<string, string | undefined>>): string[] {
  const listed = (env["KUBECONFIG"] ?? "").split(":").filter((path) => path !== "");
  if (listed.length > 0) return [...new Set(listed)];
  return [join(env["HOME"] ?? "/", ".kube", "config")];
}

function readDocument(text: string, path: string): unknown {
  try {
    return parseYaml(text, { strict: true }) ?? {};
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new KubeconfigError(`error loading config file "${path}": ${message}`, { cause });
  }
}

function firstByName<E extends { readonly name?: string }>(lists: readonly (readonly E[])[]): E[] {
  const byName = new Map<string, E>();
  for (const entry of lists.flat()) {
    const name = entry.name ?? "";
    if (!byName.has(name)) byName.set(name, entry);
  }
  return [...byName.values()];
}

function resolvePaths(config: Kubeconfig, directory: string): Kubeconfig {
  const absolute = (path: string) => (path === "" || isAbsolute(path) ? path : join(directory, path));
  const clusters = config.clusters?.map((entry) => ({
    ...entry,
    ...(entry.cluster && { cluster: mapFields(entry.cluster, ["certificate-authority"], absolute) }),
  }));
  const users = config.users?.map(({ user, ...entry }) => {
    if (!user) return entry;
    const resolved = mapFields(user, ["client-certificate", "client-key", "tokenFile"], absolute);
    const command = user.exec?.command ?? "";
    if (!command.includes("/")) return { ...entry, user: resolved };
    return { ...entry, user: { ...resolved, exec: { ...user.exec, command: absolute(command) } } };
  });
  return { ...config, ...(clusters && { clusters }), ...(users && { users }) };
}

function mapFields<T extends object, K extends keyof T>(
  source: T,
  names: readonly (K & string)[],
  change: (text: string) => string,
): T {
  const copy: T = { ...source };
  for (const name of names) {
    const value = copy[name];
    if (typeof value === "string") copy[name] = change(value) as T[K & string];
  }
  return copy;
}
