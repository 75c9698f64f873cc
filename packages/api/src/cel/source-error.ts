/** One thing wrong with an expression: the message and the UTF-16 offset it points at, −1 for no place at all. */
export interface CelIssue {
  readonly message: string;
  readonly offset: number;
}

const maxReported = 100;

/**
 * Issues as upstream prints them: `ERROR: <input>:line:column: message` with the line and a caret below, in the order
 * of their places.
 */
export function formatIssues(source: string, issues: readonly CelIssue[]): string {
  const sorted = issues.toSorted((a, b) => a.offset - b.offset);
  const lines = sorted.slice(0, maxReported).map((issue) => formatIssue(source, issue));
  if (sorted.length > maxReported) lines.push(`${sorted.length - maxReported} more errors were truncated`);
  return lines.join("\n");
}

function formatIssue(source: string, { message, offset }: CelIssue): string {
  if (offset < 0) return `ERROR: <input>:-1:0: ${message}`;
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length;
  const indent = Array.from(source.slice(lineStart, offset), (char) => (isWide(char) ? "．" : ".")).join("");
  const column = Array.from(source.slice(lineStart, offset)).length;
  const end = source.indexOf("\n", lineStart);
  const text = source.slice(lineStart, end < 0 ? undefined : end).replaceAll("\t", " ");
  const next = source.codePointAt(offset);
  const caret = next !== undefined && isWide(String.fromCodePoint(next)) ? "＾" : "^";
  return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${text}\n | ${indent}${caret}`;
}

/** Characters of several bytes are drawn wide. */
function isWide(char: string): boolean {
  return (char.codePointAt(0) ?? 0) > 0x7f;
}

/** Collects issues and gives up when there are too many to be useful. */
export class IssueList {
  readonly issues: CelIssue[] = [];

  report(offset: number, message: string): void {
    if (this.issues.length <= maxReported) this.issues.push({ offset, message });
  }
}
