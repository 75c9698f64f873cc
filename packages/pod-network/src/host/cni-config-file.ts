import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ensureFile } from "@kube-ts/std/replace-file";
import { cniConfigFile } from "../plan/cni-config.ts";

/** Writes the network configuration, whole or not at all; answers whether it changed. */
export async function writeCniConfig(directory: string, config: unknown): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  return ensureFile(join(directory, cniConfigFile), `${JSON.stringify(config, undefined, 2)}\n`);
}

/** A file that the kubelet takes instead of ours, if somebody has put one there. */
export async function precedingConfig(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /\.(conf|conflist|json)$/.test(name) && name < cniConfigFile).sort()[0];
}
