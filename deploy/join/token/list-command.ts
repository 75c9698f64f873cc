import { FlagError, defineFlags } from "@kube-ts/std/flags";
import { formatYaml } from "@kube-ts/std/yaml";
import { defineCommand } from "../../cli/command.ts";
import { adminClient, adminKubeconfigFlag } from "../admin-client.ts";
import { tokenObjects, tokenTable } from "./token-table.ts";
import { listTokens } from "./token-store.ts";

export const command = defineCommand({
  description: "Lists the tokens with which machines may join.",
  flags: defineFlags({
    ...adminKubeconfigFlag,
    output: { type: "string", shorthand: "o", default: "text", description: "One of text, json and yaml." },
  }),
  run: async ({ values }, { signal, write, warn }) => {
    const { output } = values;
    if (output !== "text" && output !== "json" && output !== "yaml") {
      throw new FlagError("output", `--output ${output}: use text, json or yaml`);
    }
    await using client = await adminClient(values.kubeconfig);
    const { tokens, problems } = await listTokens(client, signal);
    for (const problem of problems) warn(problem);
    if (output === "text") {
      if (tokens.length > 0) write(tokenTable(tokens, Date.now()));
      return;
    }
    for (const object of tokenObjects(tokens)) {
      write(output === "json" ? `${JSON.stringify(object, undefined, 4)}\n` : `${formatYaml(object)}---\n`);
    }
  },
});
