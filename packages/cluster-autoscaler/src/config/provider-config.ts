import { ConfigFileError, loadConfigFile } from "@kube-ts/std/config-file";
import { durationField, listField, mapField, objectField, stringField } from "@kube-ts/std/config-schema";
import type { ExecProviderConfig } from "../provider/exec-provider.ts";

const providerKind = {
  apiVersion: "deploy.kube-ts.io/v1",
  kind: "NodeGroupProvider",
  fields: {
    command: listField(stringField()),
    environment: mapField(stringField()),
    timeouts: objectField({ list: durationField(), increase: durationField(), delete: durationField() }),
  },
};

/** Reads the file of `--cloud-config`. Throws a ConfigFileError. */
export async function loadProviderConfig(path: string): Promise<ExecProviderConfig> {
  const { command = [], environment = {}, timeouts = {} } = await loadConfigFile(path, providerKind);
  const [program = ""] = command;
  if (!program.startsWith("/")) throw new ConfigFileError(path, "command[0]: Invalid value: must be an absolute path");
  const { list: listMs = 30_000, increase: increaseMs = 120_000, delete: removeMs = 300_000 } = timeouts;
  for (const [name, ms] of Object.entries({ list: listMs, increase: increaseMs, delete: removeMs })) {
    if (ms <= 0) throw new ConfigFileError(path, `timeouts.${name}: Invalid value: must be greater than 0`);
  }
  return { command, environment, timeouts: { listMs, increaseMs, removeMs } };
}
