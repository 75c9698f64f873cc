import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseYamlDocuments } from "@kube-ts/std/yaml";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../../command-line/command-error.ts";
import { kubercPlace } from "../../kuberc/kuberc-file.ts";
import { formatYaml } from "../../printers/yaml.ts";
import type { JsonObject } from "../../session/api.ts";
import type { Session } from "../../session/session.ts";

/** The file of preferences that commands show and change. */
export function kubercPath(session: Session): string {
  const { kuberc } = session.globals;
  const args = kuberc === "" ? [] : [`--kuberc=${kuberc}`];
  const place = kubercPlace(args, { ...session.env, KUBECTL_KUBERC: "true" });
  if (!place) throw new CommandError("there is no kuberc file: KUBERC=off, or there is no home directory");
  return place.path;
}

/** The preferences as they are written; undefined where there are none. */
export async function readDocument(path: string): Promise<JsonObject | undefined> {
  if (!existsSync(path)) return undefined;
  const [found] = parseYamlDocuments(await readFile(path, "utf8")).filter((each) => isRecord(each));
  return found && { ...found };
}

/** Writes the preferences whole or not at all. */
export async function writeDocument(path: string, document: JsonObject): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, formatYaml(document), { mode: 0o600 });
  await rename(temporary, path);
}

export const emptyDocument: JsonObject = {
  apiVersion: "kubectl.config.k8s.io/v1beta1",
  kind: "Preference",
  aliases: null,
  defaults: null,
};
