import { FlagError } from "@kube-ts/std/flags";
import { examine } from "./examine.ts";
import { hasFailures, jsonOf, tableOf } from "./report.ts";
import type { Subject } from "./subject.ts";

const timeoutMs = 120_000;

export const outputFlag = {
  output: { type: "string", default: "table", description: "One of table and json." },
} as const;

/** Examines a machine and prints what was found; answers the exit code, 1 when something fails. Throws a FlagError. */
export async function printExamination(
  subject: Subject,
  output: string,
  write: (text: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  if (output !== "table" && output !== "json") throw new FlagError("output", `--output ${output}: use table or json`);
  const deadline = AbortSignal.timeout(timeoutMs);
  const sections = await examine(subject, signal ? AbortSignal.any([signal, deadline]) : deadline);
  write(output === "json" ? jsonOf(sections) : tableOf(sections));
  return hasFailures(sections) ? 1 : 0;
}
