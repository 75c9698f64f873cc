import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const commandTimeoutMs = 60_000;
const harmless = "ro,noexec,nosuid,nodev";

/** A mount as the kernel lists it. */
export interface MountEntry {
  readonly mountPoint: string;
  readonly fsType: string;
}

/** What the kubelet mounts itself. */
export interface Mounts {
  list(): Promise<readonly MountEntry[]>;
  /** `sizeBytes` 0 for the kernel's default. */
  mountTmpfs(path: string, sizeBytes: number, mode: number, signal: AbortSignal): Promise<void>;
  mountHugetlbfs(path: string, pageSizeBytes: number, signal: AbortSignal): Promise<void>;
  /** Mounts `source`, taken as it is written, over `target`; both must exist. */
  bind(source: string, target: string, signal: AbortSignal): Promise<void>;
  /** Lays directories over one another, the uppermost first, so that nobody can write there or run what is there. */
  mountLayers(root: string, layers: readonly string[], target: string, signal: AbortSignal): Promise<void>;
  /** Success when nothing is mounted there. */
  unmount(path: string, signal: AbortSignal): Promise<void>;
}

/** The machine's mounts, through the `mount` and `umount` commands. */
export const systemMounts: Mounts = {
  list: async () => parseMountInfo(await readFile("/proc/self/mountinfo", "utf8")),
  mountTmpfs: async (path, sizeBytes, mode, signal) => {
    const options = [`mode=${mode.toString(8)}`, ...(sizeBytes > 0 ? [`size=${sizeBytes}`] : [])].join(",");
    await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path], { signal, timeout: commandTimeoutMs });
  },
  mountHugetlbfs: async (path, pageSizeBytes, signal) => {
    const options = `pagesize=${pageSizeBytes}`;
    await run("mount", ["-t", "hugetlbfs", "-o", options, "nodev", path], { signal, timeout: commandTimeoutMs });
  },
  bind: async (source, target, signal) => {
    await run("mount", ["--no-canonicalize", "--bind", source, target], { signal, timeout: commandTimeoutMs });
  },
  mountLayers: async (root, layers, target, signal) => {
    const options = { signal, timeout: commandTimeoutMs, cwd: root };
    const [only, second] = layers;
    if (only !== undefined && second === undefined) {
      // The kernel lays nothing over nothing.
      await run("mount", ["--bind", join(root, only), target], options);
      await run("mount", ["-o", `remount,bind,${harmless}`, target], options).catch(async (error: unknown) => {
        await systemMounts.unmount(target, signal);
        throw error;
      });
      return;
    }
    await run("mount", ["-t", "overlay", "-o", `${harmless},lowerdir=${layers.join(":")}`, "overlay", target], options);
  },
  unmount: async (path, signal) => {
    await run("umount", ["--no-canonicalize", path], { signal, timeout: commandTimeoutMs }).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : "";
      if (!/not mounted|no mount point|not found/.test(text)) throw error;
    });
  },
};

/** Reads the format of `/proc/<pid>/mountinfo`. */
export function parseMountInfo(text: string): MountEntry[] {
  return text.split("\n").flatMap((line) => {
    const [left = "", right = ""] = line.split(" - ");
    const mountPoint = left.split(" ")[4];
    const fsType = right.split(" ")[0];
    if (!mountPoint || !fsType) return [];
    return [{ mountPoint: unescape(mountPoint), fsType }];
  });
}

/** The kernel writes blanks and backslashes in octal. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** The mount points at or below a directory, deepest first. */
export async function mountsBelow(mounts: Mounts, directory: string): Promise<readonly string[]> {
  const entries = await mounts.list();
  return entries
    .map(({ mountPoint }) => mountPoint)
    .filter((mountPoint) => mountPoint === directory || mountPoint.startsWith(`${directory}/`))
    .reverse();
}

export async function isMountPoint(mounts: Mounts, path: string): Promise<boolean> {
  return (await mounts.list()).some(({ mountPoint }) => mountPoint === path);
}
