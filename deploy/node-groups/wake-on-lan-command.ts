import { defineFlags, FlagError } from "@kube-ts/std/flags";
import { defineCommand } from "../cli/command.ts";
import { wakeOnLan } from "./wake-on-lan.ts";

export const command = defineCommand({
  description: "Sends a magic packet, which wakes a machine that sleeps.",
  arguments: "MAC",
  argumentCount: { least: 1, most: 1 },
  flags: defineFlags({
    broadcast: { type: "string", default: "255.255.255.255", description: "Address that the packet is sent to." },
    port: { type: "integer", default: 9, description: "UDP port that the packet is sent to." },
  }),
  run: async ({ values }, { positional: [mac = ""], write }) => {
    const { broadcast, port } = values;
    if (port < 1 || port > 65_535) throw new FlagError("port", `--port ${port} must be between 1 and 65535`);
    await wakeOnLan(mac, broadcast, port);
    write(`sent a magic packet for ${mac} to ${broadcast}\n`);
  },
});
