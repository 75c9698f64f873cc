import { kubernetesVersion } from "@kube-ts/std/version";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { goJson } from "@kube-ts/api/go-json";
import { formatYaml } from "../printers/yaml.ts";
import { safeText } from "../printers/terminal-text.ts";

/** The release of kustomize whose behaviour `kubectl kustomize` has. */
const kustomizeVersion = "v5.8.1";

export const command = defineCommand({
  usage: "[flags]",
  description: "Print the client and server version information for the current context.",
  flags: {
    client: booleanFlag("If true, shows client version only (no server required)."),
    output: stringFlag("One of 'yaml' or 'json'.", { short: "o" }),
  },
  run: async (session, { flags, positional }) => {
    if (positional.length > 0) throw new CommandError(`extra arguments: [${positional.join(" ")}]`);
    if (!["", "json", "yaml"].includes(flags.output)) throw new CommandError("--output must be 'yaml' or 'json'");
    const [major, minor] = kubernetesVersion.slice(1).split(".");
    const clientVersion = {
      major,
      minor,
      gitVersion: kubernetesVersion,
      gitCommit: "",
      gitTreeState: "clean",
      buildDate: "1970-01-01T00:00:00Z",
      goVersion: `node ${process.version}`,
      compiler: "none",
      platform: `linux/${process.arch === "x64" ? "amd64" : process.arch}`,
    };
    const serverVersion = flags.client ? undefined : await (await session.api()).json({ path: "/version" });
    const versions = { clientVersion, kustomizeVersion, ...(serverVersion && { serverVersion }) };
    if (flags.output === "json") return session.terminal.write(`${goJson(versions, 2)}\n`);
    if (flags.output === "yaml") return session.terminal.write(formatYaml(versions));
    await session.terminal.write(`Client Version: ${kubernetesVersion}\nKustomize Version: ${kustomizeVersion}\n`);
    if (serverVersion)
      await session.terminal.write(`Server Version: ${safeText(String(serverVersion["gitVersion"]))}\n`);
  },
});
