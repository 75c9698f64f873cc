import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { kubeconfigPaths } from "@kube-ts/client/kubeconfig";
import { parseYaml } from "@kube-ts/std/yaml";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import { formatYaml } from "../printers/yaml.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

export type Section = "clusters" | "users" | "contexts";

/** One kubeconfig file as it is written, fields that nobody here knows included. */
export interface KubeconfigFile {
  readonly path: string;
  readonly document: JsonObject;
}

/** The files that may be changed, those that exist; the first named one where none does. */
export async function readKubeconfigFiles(session: Session): Promise<KubeconfigFile[]> {
  const { kubeconfig } = session.globals;
  const paths = kubeconfig !== "" ? [kubeconfig] : kubeconfigPaths(session.env);
  const files: KubeconfigFile[] = [];
  for (const path of paths) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) files.push({ path, document: { ...(parseYaml(text) as JsonObject | null) } });
  }
  const [first = ""] = paths;
  return files.length > 0 ? files : [{ path: first, document: { apiVersion: "v1", kind: "Config" } }];
}

/** The entries of a section, in the order in which they are written. */
export function entriesOf(document: JsonObject, section: Section): JsonObject[] {
  const list = document[section];
  return Array.isArray(list) ? list.filter((each): each is JsonObject => isRecord(each)) : [];
}

/** Writes the file whole or not at all; others cannot read it. */
export async function writeKubeconfigFile({ path, document }: KubeconfigFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const lock = await open(`${path}.lock`, "wx", 0o600).catch((cause: unknown) => {
    throw new CommandError(`open ${path}.lock: file exists`, { cause });
  });
  try {
    const mode = await stat(path).then(
      ({ mode: bits }) => bits & 0o777,
      () => 0o600,
    );
    const temporary = `${path}.${process.pid}.tmp`;
    const file = await open(temporary, "w", mode);
    await file.writeFile(
      formatYaml({
        apiVersion: "v1",
        kind: "Config",
        clusters: null,
        contexts: null,
        users: null,
        "current-context": "",
        ...document,
      }),
    );
    await file.close();
    await rename(temporary, path);
  } finally {
    await lock.close();
    await rm(`${path}.lock`, { force: true });
  }
}

/** The file that has an entry, or else the one where a new entry belongs. */
export function fileWith(files: readonly KubeconfigFile[], section: Section, name: string): KubeconfigFile {
  const found = files.find(({ document }) => entriesOf(document, section).some((entry) => entry["name"] === name));
  const chosen = found ?? files.at(-1);
  if (!chosen) throw new CommandError("no kubeconfig file");
  return chosen;
}
