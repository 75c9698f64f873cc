import { text } from "node:stream/consumers";
import type { Terminal } from "./session.ts";

/** The process's own standard streams. */
export function processTerminal(): Terminal {
  return {
    stdin: process.stdin,
    stdoutIsTerminal: process.stdout.isTTY,
    write: (output) =>
      output.length === 0
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            process.stdout.write(output, (error) => (error ? reject(error) : resolve()));
          }),
    error: (output) => void process.stderr.write(output),
    readStdin: () => text(process.stdin),
  };
}
