import { ExitStatus, UsageError } from "./command-error.ts";
import type { Command } from "./command.ts";
import { findEntry, rootCommands } from "./command-tree.ts";
import { commandHelp } from "./help.ts";

/** A command that only has others below it: by itself it shows its help, which is a failure of most of them. */
export function groupCommand(
  path: readonly string[],
  texts: Pick<Command, "usage" | "description">,
  outcome: "help" | "failure" | "failure-on-stdout" = "help",
): Command {
  const command: Command = {
    ...texts,
    flags: {},
    run: async (session, { positional }) => {
      const [name] = positional;
      if (name !== undefined) throw new UsageError(`unknown command ${JSON.stringify(name)}`);
      let entry = findEntry(rootCommands, path[0] ?? "");
      for (const step of path.slice(1)) entry = findEntry(entry?.children ?? [], step);
      if (!entry) throw new Error(`no command ${path.join(" ")}`);
      const help = commandHelp(path, entry, command);
      if (outcome === "failure") session.terminal.error(help);
      else await session.terminal.write(help);
      if (outcome === "help") return;
      throw new ExitStatus(1);
    },
  };
  return command;
}
