import { existsSync } from "node:fs";
import { defineFlags } from "@kube-ts/std/flags";
import { machineFlag, ownMachine } from "../machine/own-machine.ts";
import { defineCommand } from "../cli/command.ts";
import { clusterConfigFile } from "../machine/places.ts";
import { machineSubject } from "./machine-subject.ts";
import { outputFlag, printExamination } from "./print-examination.ts";

export const command = defineCommand({
  description:
    "Checks this machine and its part of the cluster, and holds both against the CIS Kubernetes Benchmark. Changes nothing,\n" +
    "says what to do about what is wrong, and ends with 1 when something is.",
  flags: defineFlags({ ...outputFlag, ...machineFlag }),
  run: async ({ values }, { signal, write }) => {
    const own = existsSync(clusterConfigFile) ? await ownMachine(values.machine) : undefined;
    return printExamination(machineSubject(own, signal), values.output, write, signal);
  },
});
