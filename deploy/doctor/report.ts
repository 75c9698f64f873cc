import type { Finding, Outcome } from "./check.ts";
import type { Section } from "./examine.ts";

type State = Outcome["state"];

const states: readonly State[] = ["PASS", "FAIL", "WARN", "SKIP"];

/** A table for people: one line for each check, and one below what must be acted upon. */
export function tableOf(sections: readonly Section[]): string {
  const all = sections.flatMap((section) => section.findings);
  const ids = Math.max(...all.map(({ id }) => id.length));
  const titles = Math.max(...all.map(({ title }) => title.length));
  const lines = sections.flatMap(({ heading, findings }) => [
    heading,
    ...findings.flatMap((finding) => linesOf(finding, ids, titles)),
    "",
  ]);
  return `${[...lines, summaryOf(all)].join("\n")}\n`;
}

function linesOf({ id, title, outcome }: Finding, ids: number, titles: number): readonly string[] {
  const detail = outcome.detail ?? "";
  const line = `  ${id.padEnd(ids)}  ${title.padEnd(titles)}  ${outcome.state}  ${printable(detail)}`.trimEnd();
  if (outcome.state !== "FAIL" && outcome.state !== "WARN") return [line];
  return outcome.advice === "" ? [line] : [line, `  ${" ".repeat(ids)}    → ${outcome.advice}`];
}

function summaryOf(findings: readonly Finding[]): string {
  const counts = states.map((state) => `${findings.filter(({ outcome }) => outcome.state === state).length} ${state}`);
  return `${findings.length} checks: ${counts.join(", ")}`;
}

/** Names and messages come from files and from the cluster: none may write to the terminal. */
function printable(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`,
  );
}

/** The same for programs. */
export function jsonOf(sections: readonly Section[]): string {
  const checks = sections.flatMap(({ name, findings }) =>
    findings.map(({ id, title, outcome }) => ({ group: name, id, title, ...outcome })),
  );
  return `${JSON.stringify({ healthy: !hasFailures(sections), checks }, undefined, 2)}\n`;
}

export function hasFailures(sections: readonly Section[]): boolean {
  return sections.some(({ findings }) => findings.some(({ outcome }) => outcome.state === "FAIL"));
}
