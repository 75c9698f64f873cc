import { createHash } from "node:crypto";
import { sortedJson } from "@kube-ts/api/go-json";

/** Appends a hash of an object's contents to its name, the same that upstream's tools compute. */
export function hashedName(name: string, contents: Readonly<Record<string, unknown>>): string {
  const hex = createHash("sha256").update(sortedJson(contents)).digest("hex");
  const suffix = hex
    .slice(0, 10)
    .replace(/[013ae]/g, (digit) => ({ "0": "g", "1": "h", "3": "k", a: "m", e: "t" })[digit] ?? digit);
  return `${name}-${suffix}`;
}
