import { goQuote } from "@kube-ts/api/go-quote";
import { defineFlags } from "@kube-ts/std/flags";
import { defineCommand } from "../../cli/command.ts";
import { adminClient, adminKubeconfigFlag } from "../admin-client.ts";
import { tokenIdOf } from "./bootstrap-token.ts";
import { deleteToken } from "./token-store.ts";

export const command = defineCommand({
  description: "Deletes tokens. Each is named by its id or in full.",
  arguments: "TOKEN...",
  argumentCount: { least: 1, most: 100 },
  flags: defineFlags(adminKubeconfigFlag),
  run: async ({ values }, { positional, signal, write }) => {
    const ids = positional.map(tokenIdOf);
    await using client = await adminClient(values.kubeconfig);
    for (const id of ids) {
      await deleteToken(client, id, signal);
      write(`bootstrap token ${goQuote(id)} deleted\n`);
    }
  },
});
