import { type Stats } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import type { HostPathType, HostPathVolumeSource } from "@kube-ts/api/core/v1";

interface TypeCheck {
  readonly matches: (info: Stats) => boolean;
  readonly noun: string;
}

const checks: Readonly<Record<Exclude<HostPathType, "">, TypeCheck>> = {
  DirectoryOrCreate: { matches: (info) => info.isDirectory(), noun: "directory" },
  Directory: { matches: (info) => info.isDirectory(), noun: "directory" },
  FileOrCreate: { matches: (info) => info.isFile(), noun: "file" },
  File: { matches: (info) => info.isFile(), noun: "file" },
  Socket: { matches: (info) => info.isSocket(), noun: "socket file" },
  CharDevice: { matches: (info) => info.isCharacterDevice(), noun: "character device" },
  BlockDevice: { matches: (info) => info.isBlockDevice(), noun: "block device" },
};

/** Checks that the path is what its type says, creating it where the type asks for that. Throws with upstream's text. */
export async function setUpHostPath({ path, type = "" }: HostPathVolumeSource): Promise<string> {
  if (type === "") {
    // Whatever is there will do; the runtime needs something.
    if (!(await present(path))) await mkdir(path, { recursive: true, mode: 0o755 });
    return path;
  }
  if (!Object.hasOwn(checks, type)) throw new Error(`hostPath type check failed: ${path} is not a known type: ${type}`);
  const { matches, noun } = checks[type];
  if (type === "DirectoryOrCreate" && !(await present(path))) await mkdir(path, { recursive: true, mode: 0o755 });
  if (type === "FileOrCreate" && !(await present(path))) await (await open(path, "a", 0o644)).close();
  const info = await present(path);
  if (!info || !matches(info)) throw new Error(`hostPath type check failed: ${path} is not a ${noun}`);
  return path;
}

function present(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  });
}
