import { decodeConfig } from "@kube-ts/std/config-file";
import type { ConfigKind } from "@kube-ts/std/config-file";
import { stringField } from "@kube-ts/std/config-schema";
import { formatYaml } from "@kube-ts/std/yaml";
import { publicFile } from "./files/planned-file.ts";
import { readText, writeFiles } from "./files/write-files.ts";
import { machineRecordFile } from "./places.ts";

/** What a machine keeps of itself, besides its cluster's configuration. */
export interface MachineRecord {
  /** Its name in the cluster. */
  readonly name: string;
  /**
   * Digest of the cluster's configuration, as the cluster had it when this machine last read or wrote it; undefined for a
   * machine that has done neither.
   */
  readonly seenConfiguration: string | undefined;
}

const fields = { name: stringField(), seenConfiguration: stringField() } as const;
const kind: ConfigKind<typeof fields> = { apiVersion: "deploy.kube-ts.io/v1", kind: "Machine", fields };

/** The record of this machine; undefined where it has none. Throws a ConfigFileError for one that cannot be read. */
export async function readMachineRecord(path = machineRecordFile): Promise<MachineRecord | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : parseMachineRecord(text, path);
}

export function parseMachineRecord(text: string, path = machineRecordFile): MachineRecord | undefined {
  const { name, seenConfiguration } = decodeConfig(text, path, kind);
  return name === undefined ? undefined : { name, seenConfiguration };
}

export function formatMachineRecord({ name, seenConfiguration }: MachineRecord): string {
  const { apiVersion, kind: kindName } = kind;
  return formatYaml({
    apiVersion,
    kind: kindName,
    name,
    ...(seenConfiguration !== undefined && { seenConfiguration }),
  });
}

/** Records this machine's name, and what it has seen where that is given; what it saw before stays. Answers what was written. */
export async function recordMachine(
  name: string,
  seenConfiguration?: string,
  path = machineRecordFile,
): Promise<readonly string[]> {
  const former = await readMachineRecord(path);
  const seen = seenConfiguration ?? former?.seenConfiguration;
  return writeFiles([publicFile(path, formatMachineRecord({ name, seenConfiguration: seen }))]);
}
