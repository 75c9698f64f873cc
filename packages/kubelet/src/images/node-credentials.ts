import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Logger, errorFields } from "@kube-ts/std/log";
import { type RegistryCredentials, parseDockerCfg, parseDockerConfigJson } from "./docker-config.ts";

interface CredentialFile {
  readonly path: string;
  readonly parse: (text: string) => RegistryCredentials;
}

/** Where a node's own credentials are looked for: the first file of each kind counts. */
export function nodeCredentialFiles(rootDirectory: string, home = homedir()): readonly (readonly CredentialFile[])[] {
  const json = [
    join(rootDirectory, "config.json"),
    "config.json",
    join(home, ".docker/config.json"),
    "/.docker/config.json",
  ];
  const cfg = [rootDirectory, ".", home, "/"].map((directory) => join(directory, ".dockercfg"));
  return [
    json.map((path) => ({ path, parse: parseDockerConfigJson })),
    cfg.map((path) => ({ path, parse: parseDockerCfg })),
  ];
}

/** The credentials of the node, read anew each time: they may be exchanged. Files that cannot be read are left out. */
export async function readNodeCredentials(
  files: readonly (readonly CredentialFile[])[],
  log: Logger,
): Promise<readonly RegistryCredentials[]> {
  for (const candidates of files) {
    for (const { path, parse } of candidates) {
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (text === undefined) continue;
      try {
        return [parse(text)];
      } catch (error) {
        log.warn("the node's registry credentials cannot be read", { path, error: errorFields(error) });
      }
    }
  }
  return [];
}
