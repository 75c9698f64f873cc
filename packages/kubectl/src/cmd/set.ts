import type { Command } from "../command-line/command.ts";
import { groupCommand } from "../command-line/group-command.ts";

export const command: Command = groupCommand(
  ["set"],
  {
    usage: "SUBCOMMAND",
    description:
      "Configure application resources.\n\n These commands help you make changes to existing application resources.",
  },
  "failure",
);
