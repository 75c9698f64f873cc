import { FlagError, defineFlags, parseFlags } from "@kube-ts/std/flags";
import { outputFlag, printExamination } from "./doctor/print-examination.ts";
import { localSubject } from "./doctor/local-subject.ts";
import { localCluster } from "./local/layout.ts";

const flags = defineFlags(outputFlag);

/** Checks this machine and its local cluster. Ends with 1 when something fails, with 2 when it is asked wrongly. */
async function doctor(args: readonly string[]): Promise<void> {
  const { output } = parseFlags(flags, "doctor", args).values;
  const subject = localSubject(localCluster());
  process.exitCode = await printExamination(subject, output, (text) => process.stdout.write(text));
}

await doctor(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof FlagError ? 2 : 1;
});
