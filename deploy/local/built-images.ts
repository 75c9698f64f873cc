import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalCluster } from "./layout.ts";

/** Remembers images that were built for the cluster, so that `down` removes just those. */
export function recordBuiltImages(cluster: LocalCluster, tags: readonly string[]): void {
  if (tags.length > 0) writeFileSync(fileOf(cluster), JSON.stringify([...new Set([...builtImages(cluster), ...tags])]));
}

/** The images that were built for the cluster. */
export function builtImages(cluster: LocalCluster): readonly string[] {
  const file = fileOf(cluster);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as string[]) : [];
}

function fileOf(cluster: LocalCluster): string {
  return join(cluster.directory, "built-images.json");
}
