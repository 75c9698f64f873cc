import { semanticEqual } from "@kube-ts/api/deep-equal";

const maxLines = 20;
const maxValueLength = 200;

/** What differs between two values, a line per field: `spec.nodeName: "a" -> "b"`. Empty when nothing does. */
export function describeChanges(old: unknown, next: unknown, path: string): string {
  const lines: string[] = [];
  collect(old, next, path, lines);
  const shown = lines.slice(0, maxLines);
  if (lines.length > maxLines) shown.push(`and ${lines.length - maxLines} more`);
  return shown.join("\n");
}

function collect(old: unknown, next: unknown, path: string, lines: string[]): void {
  if (lines.length > maxLines * 2 || semanticEqual(old, next)) return;
  if (Array.isArray(old) && Array.isArray(next) && old.length === next.length) {
    for (const [index, item] of old.entries()) collect(item, next[index], `${path}[${index}]`, lines);
    return;
  }
  if (isRecord(old) && isRecord(next)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
      collect(old[key], next[key], `${path}.${key}`, lines);
    }
    return;
  }
  lines.push(`${path}: ${render(old)} -> ${render(next)}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function render(value: unknown): string {
  if (value === undefined) return "unset";
  const text = JSON.stringify(value);
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}...` : text;
}
