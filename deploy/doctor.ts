import { FlagError, defineFlags, parseFlags } from "@kube-ts/std/flags";
import { examine } from "./doctor/examine.ts";
import { hasFailures, jsonOf, tableOf } from "./doctor/report.ts";
import { localCluster } from "./local/layout.ts";

const timeoutMs = 120_000;

const flags = defineFlags({
  output: { type: "string", default: "table", description: "table or json" },
});

/** Checks this machine and its local cluster. Ends with 1 when something fails, with 2 when it is asked wrongly. */
async function doctor(args: readonly string[]): Promise<void> {
  const { output } = parseFlags(flags, "doctor", args).values;
  if (output !== "table" && output !== "json") throw new FlagError("output", `--output ${output}: use table or json`);
  const sections = await examine(localCluster(), AbortSignal.timeout(timeoutMs));
  process.stdout.write(output === "json" ? jsonOf(sections) : tableOf(sections));
  if (hasFailures(sections)) process.exitCode = 1;
}

await doctor(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof FlagError ? 2 : 1;
});
