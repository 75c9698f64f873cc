import { enableCompileCache } from "node:module";

enableCompileCache();
const { runCommandLine } = await import("./command-line/run-command.ts");
const { processTerminal } = await import("./session/process-terminal.ts");

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => {
    stop.abort(new Error(`interrupted by ${name}`));
  });
}
// Writes report their own failures; a reader that has gone must not end the process with a stack trace.
process.stdout.on("error", () => {});
process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: processTerminal(),
  env: process.env,
  signal: stop.signal,
});
// A pipe that nobody reads to its end must not keep the process alive.
process.stdin.destroy();
