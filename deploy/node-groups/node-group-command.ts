import { text } from "node:stream/consumers";
import { defineFlags, FlagError } from "@kube-ts/std/flags";
import type { Command } from "../cli/command.ts";
import { defineCommand } from "../cli/command.ts";
import { BareMetalProvider } from "./bare-metal/bare-metal-provider.ts";
import { loadInventory } from "./bare-metal/inventory.ts";
import { loadContainerConfig } from "./container-machines/container-config.ts";
import { ContainerProvider } from "./container-machines/container-provider.ts";
import { answerVerb, type GroupProvider, OutOfMachinesError, outOfMachinesExitCode } from "./group-provider.ts";

const verbs = "list|increase|delete|fence";

export const bareMetalCommand = providerCommand(
  "Adds and removes machines that stand there already, by waking them and turning them off.",
  "inventory",
  "File with a MachineInventory; required.",
  async (path) => new BareMetalProvider(await loadInventory(path)),
);

export const containerMachinesCommand = providerCommand(
  "Adds and removes machines that are Docker containers, for tests and trials.",
  "config",
  "File with a ContainerMachines; required.",
  async (path) => new ContainerProvider(await loadContainerConfig(path)),
);

function providerCommand(
  description: string,
  flag: "inventory" | "config",
  what: string,
  open: (path: string) => Promise<GroupProvider>,
): Command {
  return defineCommand({
    description: `${description} Speaks the protocol of node groups: the request is JSON on standard input.`,
    arguments: verbs,
    argumentCount: { least: 1, most: 1 },
    flags: defineFlags({ [flag]: { type: "string", default: "", description: what } }),
    run: async ({ values }, { positional: [verb = ""], signal, write, warn }) => {
      const path = values[flag];
      if (path === undefined || path === "") throw new FlagError(flag, `--${flag} is required`);
      try {
        const input = process.stdin.isTTY ? "" : await text(process.stdin);
        write(await answerVerb(await open(path), verb, input, signal));
        return 0;
      } catch (error) {
        if (!(error instanceof OutOfMachinesError)) throw error;
        warn(error.message);
        return outOfMachinesExitCode;
      }
    },
  });
}
