import { defineCommand } from "../command-line/command.ts";
import { globalHelp } from "../command-line/help.ts";

export const command = defineCommand({
  usage: "",
  description: "Print the list of flags inherited by all commands.",
  flags: {},
  run: (session) => session.terminal.write(globalHelp()),
});
