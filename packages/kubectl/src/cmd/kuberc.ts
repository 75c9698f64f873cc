import type { Command } from "../command-line/command.ts";
import { groupCommand } from "../command-line/group-command.ts";

export const command: Command = groupCommand(
  ["kuberc"],
  {
    usage: "SUBCOMMAND",
    description: "Manage the user's preferences: defaults of flags, and aliases of commands.",
  },
  "failure",
);
