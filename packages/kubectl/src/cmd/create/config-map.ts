import { isUtf8 } from "node:buffer";
import { booleanFlag } from "../../command-line/flag.ts";
import { dataFlags, type KeyRefusals, readData, sortedEntries } from "./data-sources.ts";
import { defineGenerator } from "./generator.ts";
import { hashedName } from "./name-hash.ts";

export const command = defineGenerator({
  usage: "NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
  description: "Create a config map based on a file, directory, or specified literal value.",
  failure: "failed to create configmap: ",
  flags: { ...dataFlags, "append-hash": booleanFlag("Append a hash of the configmap to its name.") },
  build: async ({ name, flags }) => {
    const entries = sortedEntries(await readData(flags, refusals(name)));
    const texts = entries
      .filter(([, value]) => isUtf8(value))
      .map(([key, value]) => [key, value.toString("utf8")] as const);
    const bytes = entries
      .filter(([, value]) => !isUtf8(value))
      .map(([key, value]) => [key, value.toString("base64")] as const);
    const data = texts.length > 0 ? { data: Object.fromEntries(texts) } : {};
    const binaryData = bytes.length > 0 ? { binaryData: Object.fromEntries(bytes) } : {};
    const contents = { ...binaryData, data: data.data ?? null, kind: "ConfigMap", name };
    const full = flags["append-hash"] ? hashedName(name, contents) : name;
    return { kind: "ConfigMap", apiVersion: "v1", metadata: { name: full }, ...data, ...binaryData };
  },
});

const refusals = (name: string): KeyRefusals => ({
  invalid: (key, problem) => `${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${problem}`,
  duplicate: (key) =>
    `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`,
});
