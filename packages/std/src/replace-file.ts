import { readFile, rename, writeFile } from "node:fs/promises";

/** Writes a file whole or not at all, durably: whoever opens it reads the old text or the new. Its directory must exist. */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  const unfinished = `${path}.tmp`;
  await writeFile(unfinished, text, { mode, flush: true });
  await rename(unfinished, path);
}

/** Replaces the file unless it has this text; answers whether it did. */
export async function ensureFile(path: string, text: string): Promise<boolean> {
  if ((await readFile(path, "utf8").catch(() => undefined)) === text) return false;
  await replaceFile(path, text);
  return true;
}
