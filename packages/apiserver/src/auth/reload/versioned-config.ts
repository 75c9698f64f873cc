import { type ConfigKind, decodeConfig } from "@kube-ts/std/config-file";
import type { DecodedObject, FieldSchemas } from "@kube-ts/std/config-schema";
import { isRecord } from "@kube-ts/std/config-schema";
import { parseYaml } from "@kube-ts/std/yaml";

/** A configuration kind that looks alike in several versions. */
export interface VersionedKind<F extends FieldSchemas> extends Pick<ConfigKind<F>, "kind" | "fields"> {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

/** Decodes a configuration of any of the versions, strictly. Throws a ConfigFileError. */
export function decodeVersionedConfig<F extends FieldSchemas>(
  text: string,
  path: string,
  { group, versions, kind, fields }: VersionedKind<F>,
): DecodedObject<F> {
  const known = versions.map((version) => `${group}/${version}`);
  const written = writtenApiVersion(text);
  const apiVersion = known.find((each) => each === written) ?? known[0] ?? "";
  return decodeConfig(text, path, { apiVersion, kind, fields });
}

/** Undefined for what is no configuration at all; decoding tells what is wrong with it. */
function writtenApiVersion(text: string): unknown {
  try {
    const document = parseYaml(text);
    return isRecord(document) ? document["apiVersion"] : undefined;
  } catch {
    return undefined;
  }
}
