import { chmod, chown, lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileChange } from "./planned-file.ts";
import type { FileOnDisk, PlannedFile } from "./planned-file.ts";

/** Makes the files as planned; answers the paths of those that were not. Directories on the way are made with mode 0755. */
export async function writeFiles(files: readonly PlannedFile[]): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const file of files) {
    if (fileChange(file, await fileOnDisk(file.path)) === undefined) continue;
    await replaceFile(file);
    changed.push(file.path);
  }
  return changed;
}

/** What is at the path; undefined for nothing, or for what is no file. */
async function fileOnDisk(path: string): Promise<FileOnDisk | undefined> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) return undefined;
    const content = await readFile(path, "utf8");
    return { content, mode: found.mode & 0o7777, uid: found.uid, gid: found.gid };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The text of a file; undefined when it does not exist. */
export async function readText(path: string): Promise<string | undefined> {
  return (await fileOnDisk(path))?.content;
}

/** Exchanges a file as a whole: whoever reads it sees the old or the new one, also after a power failure. */
async function replaceFile({ path, content, mode }: PlannedFile): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o755 });
  // The kubelet takes every file beside its manifests for one, unless its name begins with a dot.
  const temporary = join(directory, `.${basename(path)}.kube-ts-new`);
  await rm(temporary, { force: true });
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await chown(temporary, 0, 0);
  await chmod(temporary, mode);
  await rename(temporary, path);
  const parent = await open(directory, "r");
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}
