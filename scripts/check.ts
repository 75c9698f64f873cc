import { performance } from "node:perf_hooks";
import { runTests, unitTestFiles } from "./test-files.ts";
import { localProgram, runProgram } from "./run-program.ts";

/** `npm run check`: types, lint, format, fresh generated code and unit tests. */
const steps: readonly [string, () => Promise<number>][] = [
  ["types", () => runProgram(localProgram("tsc"), ["-p", "."])],
  ["lint", () => runProgram(localProgram("oxlint"), ["--type-aware"])],
  ["format", () => runProgram(localProgram("oxfmt"), ["--check", "."])],
  ["generated code", () => runProgram(process.execPath, ["scripts/generate.ts", "--check"])],
  ["unit tests", async () => (await runTests(unitTestFiles(), {})).code],
];

for (const [name, work] of steps) {
  const begin = performance.now();
  const code = await work();
  process.stdout.write(`${code === 0 ? "✓" : "✗"} ${name} (${((performance.now() - begin) / 1000).toFixed(1)} s)\n`);
  if (code !== 0) process.exit(code);
}
