import { FlagError, defineFlags } from "@kube-ts/std/flags";
import { defineCommand } from "../../cli/command.ts";
import { adminClient, adminKubeconfigFlag } from "../admin-client.ts";
import { parseCertificateKey } from "../uploaded-certificates/certificate-key.ts";
import {
  checkTokenRights,
  defaultBootstrapGroup,
  formatToken,
  newToken,
  parseToken,
  tokenUsages,
} from "./bootstrap-token.ts";
import { joinCommandLine } from "./join-command-line.ts";
import { createToken, joinTarget } from "./token-store.ts";

export const defaultTokenTtlMs = 24 * 3_600_000;

export const command = defineCommand({
  description: "Creates a token with which machines join. Without an argument a random one is made.",
  arguments: "[TOKEN]",
  argumentCount: { least: 0, most: 1 },
  flags: defineFlags({
    ...adminKubeconfigFlag,
    ttl: { type: "duration", default: defaultTokenTtlMs, description: "How long the token is good; 0 for ever." },
    usages: { type: "stringList", default: [...tokenUsages], description: "What the token is for." },
    groups: {
      type: "stringList",
      default: [defaultBootstrapGroup],
      description: "Groups of those who authenticate with the token.",
    },
    description: { type: "string", default: "", description: "Who uses the token, for people." },
    "print-join-command": {
      type: "boolean",
      default: false,
      description: "Print the whole command with which a machine joins instead of the token.",
    },
    "certificate-key": {
      type: "string",
      default: "",
      description: "With --print-join-command: print the command for control-plane machines, with this key.",
    },
  }),
  run: async ({ values }, { positional: [given], signal, write }) => {
    const { "certificate-key": certificateKey, "print-join-command": printJoin } = values;
    if (certificateKey !== "") {
      if (!printJoin) throw new FlagError("certificate-key", "--certificate-key needs --print-join-command");
      parseCertificateKey(certificateKey);
    }
    if (values.ttl < 0) throw new FlagError("ttl", "--ttl must not be negative");
    const token = given === undefined ? newToken() : parseToken(given);
    const usages = checkTokenRights(values.usages, values.groups);
    if (usages.length === 0) throw new FlagError("usages", "--usages must name at least one usage");
    await using client = await adminClient(values.kubeconfig);
    const expiresMs = values.ttl === 0 ? undefined : Date.now() + values.ttl;
    const target = printJoin ? await joinTarget(client, signal) : undefined;
    await createToken(
      client,
      { token, description: values.description, expiresMs, usages, groups: values.groups },
      signal,
    );
    write(`${target ? joinCommandLine(target, token, certificateKey) : formatToken(token)}\n`);
  },
});
