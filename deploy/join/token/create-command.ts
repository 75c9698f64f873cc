import { FlagError, defineFlags } from "@kube-ts/std/flags";
import { defineCommand } from "../../cli/command.ts";
import { adminClient, adminKubeconfigFlag } from "../admin-client.ts";
import { configurationDirectory } from "../../machine/places.ts";
import { newCertificateKey, parseCertificateKey } from "../uploaded-certificates/certificate-key.ts";
import { readSharedFiles, uploadCertificates } from "../uploaded-certificates/certificate-store.ts";
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

const defaultTokenTtlMs = 24 * 3_600_000;

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
    "control-plane": {
      type: "boolean",
      default: false,
      description:
        "With --print-join-command: upload this machine's certificates, and print the command with their key.",
    },
  }),
  run: async ({ values }, { positional: [given], signal, write }) => {
    const { "print-join-command": printJoin, "control-plane": forServers } = values;
    for (const [name, isGiven] of [
      ["certificate-key", values["certificate-key"] !== ""],
      ["control-plane", forServers],
    ] as const) {
      if (isGiven && !printJoin) throw new FlagError(name, `--${name} needs --print-join-command`);
    }
    const isNewKey = forServers && values["certificate-key"] === "";
    const certificateKey = isNewKey ? newCertificateKey() : values["certificate-key"];
    if (certificateKey !== "") parseCertificateKey(certificateKey);
    if (values.ttl < 0) throw new FlagError("ttl", "--ttl must not be negative");
    const token = given === undefined ? newToken() : parseToken(given);
    const usages = checkTokenRights(values.usages, values.groups);
    if (usages.length === 0) throw new FlagError("usages", "--usages must name at least one usage");
    await using client = await adminClient(values.kubeconfig);
    const expiresMs = values.ttl === 0 ? undefined : Date.now() + values.ttl;
    const target = printJoin ? await joinTarget(client, signal) : undefined;
    if (forServers)
      await uploadCertificates(client, readSharedFiles(configurationDirectory), certificateKey, Date.now(), signal);
    await createToken(
      client,
      { token, description: values.description, expiresMs, usages, groups: values.groups },
      signal,
    );
    write(`${target ? joinCommandLine(target, token, certificateKey) : formatToken(token)}\n`);
  },
});
