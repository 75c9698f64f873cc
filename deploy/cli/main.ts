import { commandTable } from "./command-table.ts";
import { takeTurn } from "./machine-turn.ts";
import { runCommand } from "./run-command.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => {
    stop.abort(new Error(`interrupted by ${name}`));
  });
}
const warn = (text: string) => void process.stderr.write(`${text}\n`);
process.exitCode = await runCommand(commandTable, process.argv.slice(2), {
  signal: stop.signal,
  isRoot: process.getuid?.() === 0,
  takeTurn: (command) => takeTurn(command, { signal: stop.signal, warn }),
  write: (text) => void process.stdout.write(text),
  warn,
});
