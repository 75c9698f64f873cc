import { readFile } from "node:fs/promises";
import { CommandError, UsageError } from "../command-line/command-error.ts";
import type { Session } from "../session/session.ts";

/** Sends one file, or standard input, to a path of the server as it is and prints the answer. */
export async function sendRaw(
  session: Session,
  method: "POST" | "PUT",
  path: string,
  files: readonly string[],
): Promise<void> {
  const [file = "-", second] = files;
  if (files.length === 0 || second !== undefined) {
    throw new UsageError("--raw can only use a single local file or stdin");
  }
  if (/^https?:\/\//.test(file)) throw new CommandError("--raw cannot read from a url");
  const body = file === "-" ? await session.terminal.readStdin() : await readFile(file, "utf8");
  await session.terminal.write(await (await session.api()).text({ method, path, body }));
}
