import { groupCommand } from "../command-line/group-command.ts";
import { constants } from "node:fs";
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command-line/command-error.ts";
import { type Command, defineCommand } from "../command-line/command.ts";
import { booleanFlag } from "../command-line/flag.ts";
import { safeText } from "../printers/terminal-text.ts";

/** Why a directory cannot be read, by the error's code. */
const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  ENOTDIR: "not a directory",
};

export const command: Command = groupCommand(
  ["plugin"],
  { usage: "[flags]", description: "Provides utilities for interacting with plugins." },
  "failure",
);

export const list = defineCommand({
  usage: "[flags]",
  description: "List all available plugin files on a user's PATH.",
  flags: {
    "name-only": booleanFlag("If true, display only the binary name of each plugin, rather than its full path"),
  },
  run: async (session, { flags }) => {
    const directories = [...new Set((session.env["PATH"] ?? "").split(":").filter((each) => each.trim() !== ""))];
    const lines: string[] = [];
    const problems: string[] = [];
    const seen = new Map<string, string>();
    for (const directory of directories) {
      const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
        const why = unreadable[error.code ?? ""] ?? error.message;
        const text = `Unable to read directory "${directory}" from your PATH: open ${directory}: ${why}. Skipping...\n`;
        session.terminal.error(safeText(text));
        return [];
      });
      for (const name of names.toSorted()) {
        if (!name.startsWith("kubectl-")) continue;
        const path = join(directory, name);
        lines.push(flags["name-only"] ? name : path);
        const earlier = seen.get(name);
        const usable = await access(path, constants.X_OK).then(
          () => true,
          () => false,
        );
        if (!usable) problems.push(`${path} identified as a kubectl plugin, but it is not executable`);
        else if (earlier !== undefined)
          problems.push(`${path} is overshadowed by a similarly named plugin: ${earlier}`);
        else seen.set(name, path);
      }
    }
    if (lines.length === 0) throw new CommandError("unable to find any kubectl plugins in your PATH");
    const text = lines.map((line) => `${line}\n`).join("");
    await session.terminal.write(safeText(`The following compatible plugins are available:\n\n${text}`));
    for (const problem of problems) session.terminal.error(safeText(`  - warning: ${problem}\n`));
    if (problems.length === 0) return;
    const count = problems.length === 1 ? "one plugin warning was" : `${problems.length} plugin warnings were`;
    throw new CommandError(`${count} found`);
  },
});
