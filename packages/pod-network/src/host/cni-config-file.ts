import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cniConfigFile } from "../plan/cni-config.ts";

/** Writes the network configuration, whole or not at all; answers whether it changed. */
export async function writeCniConfig(directory: string, config: unknown): Promise<boolean> {
  const path = join(directory, cniConfigFile);
  const text = `${JSON.stringify(config, undefined, 2)}\n`;
  if ((await readFile(path, "utf8").catch(() => "")) === text) return false;
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await writeFile(`${path}.tmp`, text, { mode: 0o600, flush: true });
  await rename(`${path}.tmp`, path);
  return true;
}

/** A file that the kubelet takes instead of ours, if somebody has put one there. */
export async function precedingConfig(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /\.(conf|conflist|json)$/.test(name) && name < cniConfigFile).sort()[0];
}
