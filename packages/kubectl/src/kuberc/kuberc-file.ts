import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseBoolean } from "../command-line/flag.ts";
import type { Environment } from "../session/session.ts";

/** Where a user's preferences are. */
export interface KubercPlace {
  readonly path: string;
  /** Whether the user named the file, which then has to exist. */
  readonly explicit: boolean;
}

/** Where the preferences are to be read from; undefined where they are turned off or nobody has a home. */
export function kubercPlace(args: readonly string[], env: Environment): KubercPlace | undefined {
  const enabled = env["KUBECTL_KUBERC"];
  if (enabled !== undefined && enabled !== "" && !readsTrue(enabled)) return undefined;
  const given = flagValue(args);
  if (given !== undefined && given !== "") return { path: given, explicit: true };
  const named = env["KUBERC"] ?? "";
  if (named === "off") return undefined;
  if (named !== "") return { path: named, explicit: true };
  const home = env["HOME"] ?? "";
  return home === "" ? undefined : { path: join(home, ".kube", "kuberc"), explicit: false };
}

function readsTrue(text: string): boolean {
  try {
    return parseBoolean(text);
  } catch {
    return true;
  }
}

/** The value of `--kuberc`, which counts before commands and their flags are known. */
function flagValue(args: readonly string[]): string | undefined {
  const end = args.indexOf("--");
  const before = end < 0 ? args : args.slice(0, end);
  for (const [index, arg] of before.entries()) {
    if (arg === "--kuberc") return before[index + 1];
    if (arg.startsWith("--kuberc=")) return arg.slice("--kuberc=".length);
  }
  return undefined;
}

/** The text of the preferences; undefined where there are none. Throws an Error for a named file that is not there. */
export function readKuberc({ path, explicit }: KubercPlace): string | undefined {
  if (existsSync(path)) return readFileSync(path, "utf8");
  if (!explicit) return undefined;
  throw new Error(`kuberc error kuberc: open ${path}: no such file or directory`);
}
