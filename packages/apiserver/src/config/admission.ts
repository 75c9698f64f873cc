import { type FlagValues, FlagError, defineFlags } from "@kube-ts/std/flags";
import type { TolerationSeconds } from "../admission/default-toleration-seconds.ts";
import { type PluginName, checkPluginNames, enabledPlugins } from "../admission/plugin-names.ts";
import { type PluginConfigurations, loadAdmissionConfiguration } from "./admission-configuration.ts";

/** What is changed or refused before it is stored. */
export const admissionFlags = defineFlags({
  "enable-admission-plugins": {
    type: "stringList",
    default: [],
    description: "admission plugins to turn on besides those that are on by default",
  },
  "disable-admission-plugins": {
    type: "stringList",
    default: [],
    description: "admission plugins to turn off although they are on by default",
  },
  "admission-control-config-file": {
    type: "string",
    default: "",
    description: "file with the configurations of admission plugins: an AdmissionConfiguration",
  },
  "default-not-ready-toleration-seconds": {
    type: "integer",
    default: 300,
    description: "how long pods that say nothing of it stay on a node that is not ready",
  },
  "default-unreachable-toleration-seconds": {
    type: "integer",
    default: 300,
    description: "how long pods that say nothing of it stay on a node that is not reachable",
  },
});

export interface AdmissionConfig {
  /** In the order in which they run. */
  readonly plugins: readonly PluginName[];
  readonly configurations: PluginConfigurations;
  readonly tolerationSeconds: TolerationSeconds;
}

export async function admissionConfig(values: FlagValues<typeof admissionFlags>): Promise<AdmissionConfig> {
  const enable = values["enable-admission-plugins"];
  const disable = values["disable-admission-plugins"];
  const problem = checkPluginNames(enable, disable);
  if (problem) throw new FlagError(problem.flag, problem.message);
  return {
    plugins: enabledPlugins(enable, disable),
    configurations: await configurationsIn(values["admission-control-config-file"]),
    tolerationSeconds: {
      notReady: values["default-not-ready-toleration-seconds"],
      unreachable: values["default-unreachable-toleration-seconds"],
    },
  };
}

async function configurationsIn(path: string): Promise<PluginConfigurations> {
  if (path === "") return {};
  try {
    return await loadAdmissionConfiguration(path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new FlagError("admission-control-config-file", `failed to read plugin config: ${message}`);
  }
}
