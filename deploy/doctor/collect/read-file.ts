import { readFileSync, readdirSync } from "node:fs";
import { parseYaml } from "@kube-ts/std/yaml";

/** The content of a file, trimmed; undefined where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** The names in a directory; none where it cannot be read. */
export function readNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** A file's document. What cannot be read says nothing: the daemon that needs it has said so already. */
export function readYaml(path: string): unknown {
  try {
    return parseYaml(readText(path) ?? "");
  } catch {
    return undefined;
  }
}
