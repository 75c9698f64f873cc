import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { CommandError } from "../command-line/command-error.ts";
import type { Session } from "../session/session.ts";

/**
 * What a text is after the user's editor is done with it, without lines of comments. In the file the lines end as they do on
 * Windows where that is asked for; here they never do.
 */
export async function editText(session: Session, path: string, text: string, onWindows: boolean): Promise<string> {
  await writeFile(path, onWindows ? text.replaceAll("\n", "\r\n") : text, { mode: 0o600 });
  await runEditor(session, path);
  const edited = await readFile(path, "utf8");
  return withoutComments(onWindows ? edited.replaceAll("\r\n", "\n") : edited);
}

function withoutComments(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
}

/** How a shell ends that does not find a program. */
const commandNotFound = 127;

async function runEditor(session: Session, path: string): Promise<void> {
  const editor = session.env["KUBE_EDITOR"] || session.env["EDITOR"] || "vi";
  const child = spawn("/bin/sh", ["-c", `${editor} "$1"`, "sh", path], { stdio: "inherit" });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code === commandNotFound) throw new CommandError(`unable to launch the editor ${JSON.stringify(editor)}`);
  if (code !== 0) throw new CommandError(`there was a problem with the editor ${JSON.stringify(editor)}`);
}
