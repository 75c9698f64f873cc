import { chmodSync, writeFileSync } from "node:fs";

/** Writes a file that only its owner may read, whatever mode it had before. */
export function writePrivateFile(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
