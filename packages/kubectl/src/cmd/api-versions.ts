import { UsageError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";

export const command = defineCommand({
  usage: "",
  description: 'Print the supported API versions on the server, in the form of "group/version".',
  flags: {},
  run: async (session, { positional }) => {
    if (positional.length > 0) throw new UsageError(`unexpected arguments: [${positional.join(" ")}]`);
    const { groups } = (await session.mapper({ fresh: true })).discovery;
    const versions = groups.flatMap(({ name, versions: all }) =>
      all.map((version) => (name === "" ? version : `${name}/${version}`)),
    );
    await session.terminal.write(
      versions
        .toSorted()
        .map((version) => `${version}\n`)
        .join(""),
    );
  },
});
