import type { ResourceEncryption } from "../storage/encryption/encryption-configuration.ts";
import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { parsedFlag, readFlagFile } from "./flag-files.ts";

/** What is encrypted before it is stored. */
export const encryptionFlags = defineFlags({
  "encryption-provider-config": {
    type: "string",
    default: "",
    description: "file with an EncryptionConfiguration that says which resources are stored encrypted, and how",
  },
  "encryption-provider-config-automatic-reload": {
    type: "boolean",
    default: false,
    description: "read the file of --encryption-provider-config again when it changes",
  },
});

export interface EncryptionConfig {
  readonly path: string;
  readonly content: string;
  /** As it is at start. */
  readonly configuration: readonly ResourceEncryption[];
  readonly reloads: boolean;
}

/** Undefined where nothing is encrypted. Throws a FlagError. */
export async function encryptionConfig(
  values: FlagValues<typeof encryptionFlags>,
): Promise<EncryptionConfig | undefined> {
  const flag = "encryption-provider-config";
  const path = values[flag];
  const reloadFlag = "encryption-provider-config-automatic-reload";
  const reloads = values[reloadFlag];
  if (path === "" && reloads) {
    throw new FlagError(reloadFlag, `--${reloadFlag} must be set with --${flag}`);
  }
  if (path === "") return undefined;
  const content = String(await readFlagFile(flag, path));
  const { parseEncryptionConfiguration } = await import("../storage/encryption/encryption-configuration.ts");
  return { path, content, configuration: parsedFlag(flag, () => parseEncryptionConfiguration(content, path)), reloads };
}
