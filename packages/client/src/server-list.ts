import { isRecord } from "@kube-ts/std/config-schema";
import { KubeconfigError } from "./kubeconfig.ts";
import type { ServerStart } from "./server-choice.ts";

/** Of a kubeconfig's cluster, the extension that names all API servers; other clients know `server` only. */
const extensionName = "kube-ts.io/servers";

/** The API servers of one cluster. */
export interface ServerList {
  /** URLs. */
  readonly servers: readonly string[];
  /** `first` for the daemons of a machine that has an API server itself, which then comes first. */
  readonly start: ServerStart;
}

/** What a kubeconfig's cluster says of its servers; to be put beside its certificate authority. */
export interface ServerFields {
  readonly server: string;
  readonly extensions?: readonly { readonly name: string; readonly extension: ServerList }[];
}

/**
 * How a kubeconfig names several API servers, so that our clients turn to another one when one fails. `server` is what
 * other clients use: the first of the list unless given, such as a balancer's address. One server needs no extension.
 */
export function serverFields(servers: readonly string[], start: ServerStart = "random", server?: string): ServerFields {
  const [first] = servers;
  if (first === undefined) throw new KubeconfigError("a cluster needs at least one API server");
  if (servers.length === 1 && (server ?? first) === first) return { server: first };
  return { server: server ?? first, extensions: [{ name: extensionName, extension: { servers, start } }] };
}

/** The servers that a cluster's extensions name; undefined when they do not. Throws a KubeconfigError for bad ones. */
export function serverListOf(extensions: unknown, clusterName: string): ServerList | undefined {
  if (!Array.isArray(extensions)) return undefined;
  const found: unknown = extensions.find((entry: unknown) => isRecord(entry) && entry["name"] === extensionName);
  if (!isRecord(found)) return undefined;
  const fail = (problem: string) =>
    new KubeconfigError(`cluster "${clusterName}": extension ${extensionName}: ${problem}`);
  const { extension } = found;
  if (!isRecord(extension)) throw fail("extension must be an object");
  const { servers, start = "random", ...unknown } = extension;
  const [field] = Object.keys(unknown);
  if (field !== undefined) throw fail(`unknown field ${JSON.stringify(field)}`);
  if (!isListOfText(servers)) throw fail(`servers must be a list of URLs: ${JSON.stringify(servers)}`);
  if (start !== "first" && start !== "random") {
    throw fail(`start must be "first" or "random": ${JSON.stringify(start)}`);
  }
  return { servers, start };
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string" && each !== "");
}
