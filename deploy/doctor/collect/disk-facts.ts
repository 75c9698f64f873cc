import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { DiskFacts } from "../machine-view.ts";

/** What is free where the directory is, or where it would be made. */
export async function diskFacts(purpose: string, directory: string): Promise<DiskFacts> {
  const path = nearest(directory);
  const { bavail, blocks, bsize, ffree, files } = await statfs(path);
  return {
    purpose,
    path,
    freeBytes: bavail * bsize,
    sizeBytes: blocks * bsize,
    freeInodes: ffree,
    inodes: files,
  };
}

function nearest(path: string): string {
  return existsSync(path) || path === "/" ? path : nearest(dirname(path));
}
