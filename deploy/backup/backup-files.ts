import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { clusterConfigFile, configurationDirectory, pkiDirectory } from "../machine/places.ts";
import { daemonUnits } from "../units/unit-files.ts";

/** What no machine can make again: the authorities, what tokens are signed with, and what etcd's data are encrypted with. */
const irreplaceable: readonly string[] = [
  clusterConfigFile,
  ...["ca", "front-proxy-ca", "etcd/ca"].flatMap((name) => [`${name}.crt`, `${name}.key`]).map(inPki),
  ...["sa.key", "sa.pub"].map(inPki),
];

function inPki(file: string): string {
  return join(pkiDirectory, file);
}

/** A file of this machine that belongs into a backup. */
export interface FileToBackUp {
  readonly path: string;
  readonly mode: number;
}

/** The files of this machine that belong into a backup, as far as it has them; links are left out. */
export async function filesToBackUp(): Promise<readonly FileToBackUp[]> {
  const { extraCredentialDirectory } = daemonUnits["kube-apiserver"];
  const directories = [join(configurationDirectory, "apiserver"), extraCredentialDirectory ?? []].flat();
  const listed = await Promise.all(directories.map(filesOf));
  const found = await Promise.all([...irreplaceable, ...listed.flat()].map(plainFile));
  return found.flatMap((file) => file ?? []);
}

async function filesOf(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.toSorted().map((name) => join(directory, name));
}

async function plainFile(path: string): Promise<FileToBackUp | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? { path, mode: found.mode & 0o7777 } : undefined;
}

/** Hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
