import { randomInt } from "node:crypto";
import {
  chmod,
  chown,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Payload, checkPayloadPaths } from "./volume-payload.ts";

const dataLink = "..data";
const newDataLink = "..data_tmp";

/** Group and owner that the files get, beside their own. */
export interface PayloadOwnership {
  /** Files and directories belong to this group and are readable by it. */
  readonly fsGroup?: number;
}

/**
 * Makes `payload` the content of a directory in one step: readers see the old files or the new ones, never a mixture.
 * The files lie in a dated directory to which the link `..data` points; the names that users see are links through
 * it. What a crash left half done is cleaned up by the next write. Answers whether anything changed.
 */
export async function writePayload(
  directory: string,
  payload: Payload,
  ownership: PayloadOwnership,
  nowMs: number,
): Promise<boolean> {
  checkPayloadPaths(payload);
  const current = await readlink(join(directory, dataLink)).catch(() => undefined);
  if (current !== undefined && (await holds(join(directory, current), payload, ownership))) {
    await linkNames(directory, payload);
    await removeStale(directory, payload, current);
    return false;
  }
  const fresh = `${datedName(nowMs)}${randomInt(1_000_000_000)}`;
  await writeFiles(join(directory, fresh), payload, ownership);
  await linkNames(directory, payload);
  await rm(join(directory, newDataLink), { force: true });
  await symlink(fresh, join(directory, newDataLink));
  await rename(join(directory, newDataLink), join(directory, dataLink));
  await removeStale(directory, payload, fresh);
  return true;
}

/** `..2026_01_31_13_05_00.`, in UTC. */
function datedName(nowMs: number): string {
  const [date = "", time = ""] = new Date(nowMs).toISOString().slice(0, 19).split("T");
  return `..${date.replaceAll("-", "_")}_${time.replaceAll(":", "_")}.`;
}

async function writeFiles(directory: string, payload: Payload, ownership: PayloadOwnership): Promise<void> {
  await mkdir(directory, { mode: 0o755 });
  await own(directory, 0o755, ownership);
  const made = new Set<string>(["."]);
  for (const [path, file] of payload) {
    await makeParents(directory, dirname(path), made, ownership);
    const target = join(directory, path);
    await writeFile(target, file.content, { mode: 0o600, flag: "wx" });
    if (file.uid !== undefined || ownership.fsGroup !== undefined) {
      await chown(target, file.uid ?? 0, ownership.fsGroup ?? 0);
    }
    await chmod(target, fileMode(file.mode, ownership));
  }
}

async function makeParents(
  directory: string,
  path: string,
  made: Set<string>,
  ownership: PayloadOwnership,
): Promise<void> {
  if (made.has(path)) return;
  await makeParents(directory, dirname(path), made, ownership);
  const target = join(directory, path);
  await mkdir(target, { mode: 0o755 });
  await own(target, 0o755, ownership);
  made.add(path);
}

async function own(directory: string, mode: number, { fsGroup }: PayloadOwnership): Promise<void> {
  if (fsGroup !== undefined) await chown(directory, 0, fsGroup);
  // The group bit makes what is created inside belong to the group too.
  await chmod(directory, fsGroup === undefined ? mode : mode | 0o2050);
}

function fileMode(mode: number, { fsGroup }: PayloadOwnership): number {
  return fsGroup === undefined ? mode : mode | 0o440;
}

/** Whether the directory has exactly these files with these contents and modes. */
async function holds(directory: string, payload: Payload, ownership: PayloadOwnership): Promise<boolean> {
  const found = await filesIn(directory, "").catch(() => undefined);
  if (found?.length !== payload.size) return false;
  for (const [path, file] of payload) {
    const target = join(directory, path);
    const [content, info] = await Promise.all([readFile(target), stat(target)]).catch(() => [undefined, undefined]);
    if (!content || !info || !content.equals(file.content)) return false;
    if ((info.mode & 0o7777) !== fileMode(file.mode, ownership)) return false;
    if (info.uid !== (file.uid ?? 0) && file.uid !== undefined) return false;
    if (ownership.fsGroup !== undefined && info.gid !== ownership.fsGroup) return false;
  }
  return true;
}

async function filesIn(directory: string, prefix: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(directory, prefix), { withFileTypes: true })) {
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(directory, path)));
    else files.push(path);
  }
  return files;
}

async function linkNames(directory: string, payload: Payload): Promise<void> {
  for (const name of topNames(payload)) {
    await symlink(join(dataLink, name), join(directory, name)).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== "EEXIST") throw error;
    });
  }
}

async function removeStale(directory: string, payload: Payload, current: string): Promise<void> {
  const kept = new Set([dataLink, current, ...topNames(payload)]);
  for (const name of await readdir(directory)) {
    if (!kept.has(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

function topNames(payload: Payload): Set<string> {
  return new Set([...payload.keys()].map((path) => path.split("/")[0] ?? path));
}
