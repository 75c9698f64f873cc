import { spawnSync } from "node:child_process";

/** A terminal that can be switched to raw mode. */
export type RawTerminal = Pick<NodeJS.ReadStream, "setRawMode"> & { readonly fd?: number };

/**
 * Hands every key to the program and every byte of output to the screen as it is. Node.js leaves the terminal's
 * processing of output on, which would put a carriage return before each line feed a second time; `stty` turns it off.
 * Disposing brings the terminal back to what it was.
 */
export function rawTerminal(terminal: RawTerminal): Disposable {
  terminal.setRawMode(true);
  // Where there is no stty, lines end with one carriage return too many, and all else works.
  spawnSync("stty", ["-opost"], { stdio: [terminal.fd ?? 0, "ignore", "ignore"] });
  return { [Symbol.dispose]: () => void terminal.setRawMode(false) };
}
