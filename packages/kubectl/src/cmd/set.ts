import { UsageError } from "../command-line/command-error.ts";
import type { Command } from "../command-line/command.ts";

export const command: Command = {
  usage: "SUBCOMMAND",
  description:
    "Configure application resources.\n\n These commands help you make changes to existing application resources.",
  flags: {},
  run: async (session, { positional }) => {
    const [name] = positional;
    if (name !== undefined) throw new UsageError(`unknown command ${JSON.stringify(name)}`);
    await session.terminal.write(
      "Configure application resources: env, image, resources, selector, serviceaccount or subject.\n",
    );
  },
};
