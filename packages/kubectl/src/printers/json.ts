import { sortedJson } from "@kube-ts/api/go-json";

/** An object as `-o json` prints it. */
export function formatJson(object: unknown): string {
  return `${sortedJson(object, 4)}\n`;
}
