import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../packages/api/gen/", import.meta.url));

/** Makes the generated folder hold exactly these files. */
export function writeGenerated(files: ReadonlyMap<string, string>): void {
  for (const stale of existingFiles()) if (!files.has(stale)) rmSync(folder + stale);
  for (const [path, text] of files) {
    mkdirSync(dirname(folder + path), { recursive: true });
    writeFileSync(folder + path, text);
  }
}

/** The paths that are missing, superfluous or different from what would be generated. */
export function staleFiles(files: ReadonlyMap<string, string>): string[] {
  const existing = new Set(existingFiles());
  const wrong = [...files].filter(
    ([path, text]) => !existing.has(path) || readFileSync(folder + path, "utf8") !== text,
  );
  return [...wrong.map(([path]) => path), ...[...existing].filter((path) => !files.has(path))].toSorted();
}

/** JSON with one line for each value at the given depth, so that a changed field is a changed line. */
export function jsonLines(value: unknown, depth: number, indent = ""): string {
  if (depth === 0 || typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const inner = `${indent} `;
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${jsonLines(item, depth - 1, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function existingFiles(): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.replace(/\/+/g, "/").slice(folder.length));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
