import type { Check } from "../check.ts";
import type { MachineView } from "../machine-view.ts";
import { certificateChecks } from "./certificates.ts";
import { clusterHealthChecks } from "./cluster-health.ts";
import { kernelChecks } from "./kernel.ts";
import { resourceChecks } from "./resources.ts";
import { softwareChecks } from "./software.ts";

/** What must hold of the machine, and of the cluster on it. */
export const machineChecks: readonly Check<MachineView>[] = [
  ...softwareChecks,
  ...kernelChecks,
  ...resourceChecks,
  ...certificateChecks,
  ...clusterHealthChecks,
];
