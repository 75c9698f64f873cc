import { groupCommand } from "../command-line/group-command.ts";
import { goQuote } from "@kube-ts/api/go-quote";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Kubeconfig } from "@kube-ts/client/kubeconfig";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError, UsageError } from "../command-line/command-error.ts";
import { type Command, defineCommand } from "../command-line/command.ts";
import { booleanFlag, parseBoolean, stringFlag } from "../command-line/flag.ts";
import { createPrinter, outputFlags } from "../printers/object-printer.ts";
import { alignTabs, tableLayout } from "../printers/tab-writer.ts";
import { safeCell, safeText } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { inFieldOrder } from "./config/field-order.ts";
import { entriesOf, fileWith, readKubeconfigFiles, type Section, writeKubeconfigFile } from "./kubeconfig-file.ts";

export const command: Command = groupCommand(
  ["config"],
  {
    usage: "SUBCOMMAND",
    description: 'Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".',
  },
  "failure",
);

const singular: Readonly<Record<Section, string>> = { clusters: "cluster", users: "user", contexts: "context" };

const secretFields = ["token", "password", "client-key-data", "client-certificate-data"];

function redact(config: Kubeconfig): JsonObject {
  const hide = (record: unknown) => {
    if (!isRecord(record)) return record;
    const entries = Object.entries(record).map(
      ([key, value]) =>
        [
          key,
          secretFields.includes(key) && value ? (key.endsWith("-data") ? "DATA+OMITTED" : "REDACTED") : value,
        ] as const,
    );
    return Object.fromEntries(entries);
  };
  return {
    ...config,
    clusters: config.clusters?.map(({ cluster, ...rest }) => ({
      ...rest,
      cluster: cluster?.["certificate-authority-data"]
        ? { ...cluster, "certificate-authority-data": "DATA+OMITTED" }
        : cluster,
    })),
    users: config.users?.map(({ user, ...rest }) => ({ ...rest, user: hide(user) })),
  };
}

/** Only what the current context needs. */
function minify(config: Kubeconfig): Kubeconfig {
  const context = config.contexts?.find(({ name }) => name === config["current-context"]);
  if (!context) throw new CommandError(`cannot locate context ${config["current-context"] ?? ""}`);
  return {
    ...config,
    contexts: [context],
    clusters: config.clusters?.filter(({ name }) => name === context.context?.cluster) ?? [],
    users: config.users?.filter(({ name }) => name === context.context?.user) ?? [],
  };
}

/** Files become part of the document. */
async function flatten(config: Kubeconfig): Promise<Kubeconfig> {
  const inline = async (record: JsonObject | undefined, fields: readonly string[]) => {
    const copy: JsonObject = { ...record };
    for (const field of fields) {
      const path = copy[field];
      if (typeof path !== "string" || path === "") continue;
      delete copy[field];
      copy[`${field}-data`] = (await readFile(path)).toString("base64");
    }
    return copy;
  };
  return {
    ...config,
    clusters: await Promise.all(
      (config.clusters ?? []).map(async (entry) => ({
        ...entry,
        cluster: await inline(entry.cluster, ["certificate-authority"]),
      })),
    ),
    users: await Promise.all(
      (config.users ?? []).map(async (entry) => ({
        ...entry,
        user: await inline(entry.user, ["client-certificate", "client-key"]),
      })),
    ),
  };
}

export const view = defineCommand({
  usage: "[flags]",
  description: "Display merged kubeconfig settings or a specified kubeconfig file.",
  flags: {
    ...outputFlags,
    output: stringFlag("Output format.", { short: "o", default: "yaml" }),
    flatten: booleanFlag(
      "Flatten the resulting kubeconfig file into self-contained output (useful for creating portable kubeconfig files)",
    ),
    merge: booleanFlag("Merge the full hierarchy of kubeconfig files", { default: true }),
    minify: booleanFlag("Remove all information not used by current-context from the output"),
    raw: booleanFlag("Display raw byte data and sensitive data"),
  },
  run: async (session, { flags }) => {
    if (!flags.merge && session.globals.kubeconfig === "") {
      throw new CommandError("if merge==false a precise file must be specified");
    }
    const { kubeconfig: file } = session.globals;
    let config = file !== "" && !existsSync(file) ? {} : await session.kubeconfig();
    if (session.globals.context !== "") config = { ...config, "current-context": session.globals.context };
    if (flags.minify) config = minify(config);
    if (flags.flatten) config = await flatten(config);
    const shown = flags.raw || flags.flatten ? config : redact(config);
    const { preferences: _preferences, extensions: _extensions, ...rest } = shown as JsonObject;
    const document = {
      kind: "Config",
      apiVersion: "v1",
      "current-context": "",
      ...rest,
      clusters: orNull(rest["clusters"]),
      users: orNull(rest["users"]),
      contexts: orNull(rest["contexts"]),
    };
    const printer = await createPrinter(flags, { keepOrder: true });
    await session.terminal.write(printer?.format(inFieldOrder(document)) ?? "");
  },
});

function orNull(list: unknown): unknown {
  return Array.isArray(list) && list.length > 0 ? list : null;
}

export const currentContext = defineCommand({
  usage: "[flags]",
  description: "Display the current-context.",
  flags: {},
  run: async (session) => {
    const name = (await session.kubeconfig())["current-context"] ?? "";
    if (name === "") throw new CommandError("current-context is not set");
    await session.terminal.write(`${safeText(name)}\n`);
  },
});

export const getContexts = defineCommand({
  usage: "[(-o|--output=)name)]",
  description: "Display one or many contexts from the kubeconfig file.",
  flags: {
    "no-headers": booleanFlag("When using the default or custom-column output format, don't print headers"),
    output: stringFlag("Output format. One of: (name).", { short: "o" }),
  },
  run: async (session, { flags, positional }) => {
    if (flags.output !== "" && flags.output !== "name")
      throw new CommandError(`output must be one of '' or 'name': ${flags.output}`);
    const config = await session.kubeconfig();
    const all = [...(config.contexts ?? [])].toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
    const missing = positional.find((wanted) => !all.some(({ name }) => name === wanted));
    const shown = positional.length === 0 ? all : all.filter(({ name = "" }) => positional.includes(name));
    if (flags.output === "name")
      await session.terminal.write(shown.map(({ name = "" }) => `${safeText(name)}\n`).join(""));
    else {
      const rows = shown.map(({ name = "", context }) => [
        name === config["current-context"] ? "*" : "",
        name,
        context?.cluster ?? "",
        context?.user ?? "",
        context?.namespace ?? "",
      ]);
      const lines = [
        ...(flags["no-headers"] ? [] : [["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]]),
        ...rows,
      ].map((row) => `${row.map(safeCell).join("\t")}\n`);
      await session.terminal.write(alignTabs(lines.join(""), tableLayout));
    }
    if (missing !== undefined) throw new CommandError(`context ${missing} not found`);
  },
});

function listNames(section: "clusters" | "users", description: string): Command {
  return defineCommand({
    usage: "[flags]",
    description,
    flags: {},
    run: async (session) => {
      const names = ((await session.kubeconfig())[section] ?? []).map(({ name = "" }) => safeCell(name)).toSorted();
      await session.terminal.write(["NAME", ...names, ""].join("\n"));
    },
  });
}

export const getClusters = listNames("clusters", "Display clusters defined in the kubeconfig.");
export const getUsers = listNames("users", "Display users defined in the kubeconfig.");

export const useContext = defineCommand({
  usage: "CONTEXT_NAME",
  description: "Set the current-context in a kubeconfig file.",
  flags: {},
  run: async (session, { positional }) => {
    const [name = ""] = positional;
    if (positional.length !== 1) throw new CommandError(`Unexpected args: [${positional.join(" ")}]`);
    const files = await readKubeconfigFiles(session);
    if (!files.some(({ document }) => entriesOf(document, "contexts").some((entry) => entry["name"] === name))) {
      throw new CommandError(`no context exists with the name: ${goQuote(name)}`);
    }
    const file = files.find(({ document }) => document["current-context"]) ?? files[0];
    if (file) await writeKubeconfigFile({ ...file, document: { ...file.document, "current-context": name } });
    await session.terminal.write(`Switched to context ${goQuote(name)}.\n`);
  },
});

/** Adds or changes one entry; answers whether it existed. */
export async function modifyEntry(
  session: Session,
  section: Section,
  name: string,
  change: (old: JsonObject) => JsonObject,
): Promise<boolean> {
  const file = fileWith(await readKubeconfigFiles(session), section, name);
  const entries = entriesOf(file.document, section);
  const old = entries.find((entry) => entry["name"] === name);
  const key = singular[section];
  const previous = old?.[key];
  const next = { name, [key]: change(isRecord(previous) ? previous : {}) };
  const list = old ? entries.map((entry) => (entry === old ? { ...old, ...next } : entry)) : [...entries, next];
  const sorted = list.toSorted((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1));
  await writeKubeconfigFile({ ...file, document: { ...file.document, [section]: sorted } });
  return old !== undefined;
}

export function given(
  changed: (name: never) => boolean,
  flags: Readonly<Record<string, unknown>>,
  names: readonly string[],
): JsonObject {
  return Object.fromEntries(names.filter((name) => changed(name as never)).map((name) => [name, flags[name]] as const));
}

export function withoutEmpty(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== "" && value !== false));
}

export const setContext = defineCommand({
  usage: "[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
  description: "Set a context entry in kubeconfig.",
  flags: {
    cluster: stringFlag("cluster for the context entry in kubeconfig"),
    current: booleanFlag("Modify the current context"),
    namespace: stringFlag("namespace for the context entry in kubeconfig", { short: "n" }),
    user: stringFlag("user for the context entry in kubeconfig"),
  },
  run: async (session, { flags, positional, changed }) => {
    const name = flags.current ? ((await session.kubeconfig())["current-context"] ?? "") : (positional[0] ?? "");
    if (flags.current && name === "") throw new CommandError("no current context is set");
    if (name === "") throw new CommandError("you must specify a non-empty context name or --current");
    if (positional.length > (flags.current ? 0 : 1))
      throw new CommandError(`Unexpected args: [${positional.join(" ")}]`);
    const existed = await modifyEntry(session, "contexts", name, (old) =>
      withoutEmpty({ ...old, ...given(changed, flags, ["cluster", "user", "namespace"]) }),
    );
    await session.terminal.write(`Context ${goQuote(name)} ${existed ? "modified" : "created"}.\n`);
  },
});

export const setCluster = defineCommand({
  usage:
    "NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]",
  description: "Set a cluster entry in kubeconfig.",
  flags: {
    "certificate-authority": stringFlag("Path to certificate-authority file for the cluster entry in kubeconfig"),
    "embed-certs": booleanFlag("embed-certs for the cluster entry in kubeconfig"),
    "insecure-skip-tls-verify": booleanFlag("insecure-skip-tls-verify for the cluster entry in kubeconfig"),
    server: stringFlag("server for the cluster entry in kubeconfig"),
    "proxy-url": stringFlag("proxy-url for the cluster entry in kubeconfig"),
    "tls-server-name": stringFlag("tls-server-name for the cluster entry in kubeconfig"),
  },
  run: async (session, { flags, positional, changed }) => {
    const [name = ""] = positional;
    if (positional.length !== 1) throw new CommandError(`Unexpected args: [${positional.join(" ")}]`);
    if (flags["insecure-skip-tls-verify"] && flags["certificate-authority"] !== "")
      throw new CommandError("you cannot specify a certificate authority and insecure mode at the same time");
    const plain = given(changed, flags, ["server", "insecure-skip-tls-verify", "proxy-url", "tls-server-name"]);
    const ca = await certificate(flags["certificate-authority"], "certificate-authority", flags["embed-certs"]);
    await modifyEntry(session, "clusters", name, (old) => ({
      server: "",
      ...withoutEmpty({ ...old, ...plain, ...ca }),
    }));
    await session.terminal.write(`Cluster ${goQuote(name)} set.\n`);
  },
});

/** A certificate by its path, or embedded; the other form is removed. */
export async function certificate(path: string, field: string, embed: boolean): Promise<JsonObject> {
  if (path === "") return {};
  if (!embed) return { [field]: path, [`${field}-data`]: "" };
  const data = await readFile(path).catch((cause: unknown) => {
    throw new CommandError(`could not stat ${field} file ${path}: stat ${path}: no such file or directory`, {
      cause,
    });
  });
  return { [field]: "", [`${field}-data`]: data.toString("base64") };
}

function deleteCommand(section: Section, word: string): Command {
  return defineCommand({
    usage: "NAME",
    description: `Delete the specified ${word} from the kubeconfig.`,
    flags: {},
    run: async (session, { positional }) => {
      const [name = ""] = positional;
      if (positional.length !== 1) throw new UsageError(`unexpected args: [${positional.join(" ")}]`);
      const file = fileWith(await readKubeconfigFiles(session), section, name);
      const entries = entriesOf(file.document, section);
      const kept = entries.filter((entry) => entry["name"] !== name);
      if (kept.length === entries.length) throw new CommandError(`cannot delete ${word} ${name}, not in ${file.path}`);
      if (section === "contexts" && file.document["current-context"] === name) {
        session.terminal.error(
          'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
        );
      }
      await writeKubeconfigFile({ ...file, document: { ...file.document, [section]: kept.length > 0 ? kept : null } });
      await session.terminal.write(`deleted ${word} ${safeText(name)} from ${file.path}\n`);
    },
  });
}

export const deleteCluster = deleteCommand("clusters", "cluster");
export const deleteContext = deleteCommand("contexts", "context");
export const deleteUser = deleteCommand("users", "user");

export const renameContext = defineCommand({
  usage: "CONTEXT_NAME NEW_NAME",
  description: "Renames a context from the kubeconfig file.",
  flags: {},
  run: async (session, { positional }) => {
    const [from = "", to = ""] = positional;
    if (positional.length !== 2) throw new CommandError(`Unexpected args: [${positional.join(" ")}]`);
    const files = await readKubeconfigFiles(session);
    const file = fileWith(files, "contexts", from);
    const entries = entriesOf(file.document, "contexts");
    if (!entries.some((entry) => entry["name"] === from))
      throw new CommandError(`cannot rename the context ${goQuote(from)}, it's not in ${file.path}`);
    if (entries.some((entry) => entry["name"] === to))
      throw new CommandError(
        `cannot rename the context ${goQuote(from)}, the context ${goQuote(to)} already exists in ${file.path}`,
      );
    const contexts = entries
      .map((entry) => (entry["name"] === from ? { ...entry, name: to } : entry))
      .toSorted((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1));
    const current = file.document["current-context"] === from ? { "current-context": to } : {};
    await writeKubeconfigFile({ ...file, document: { ...file.document, contexts, ...current } });
    await session.terminal.write(`Context ${goQuote(from)} renamed to ${goQuote(to)}.\n`);
  },
});

/** Changes the value at a dotted path such as `contexts.x.namespace`; a path into a list names an entry. */
function assign(document: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [head = "", ...rest] = path;
  const section = head as Section;
  if (!Object.hasOwn(singular, section)) return assignPlain(document, path, value);
  const [name = "", ...inner] = rest;
  const entries = entriesOf(document, section);
  const key = singular[section];
  if (inner.length === 0) {
    if (value !== undefined) throw new CommandError(`${path.join(".")} cannot be set as a whole`);
    return { ...document, [section]: name === "" ? null : orNull(entries.filter((entry) => entry["name"] !== name)) };
  }
  const old = entries.find((entry) => entry["name"] === name) ?? { name, [key]: {} };
  const next = { ...old, [key]: assignPlain(isRecord(old[key]) ? old[key] : {}, inner, value) };
  const list = entries.includes(old) ? entries.map((entry) => (entry === old ? next : entry)) : [...entries, next];
  return { ...document, [section]: list };
}

function assignPlain(record: JsonObject, [key = "", ...rest]: readonly string[], value: unknown): JsonObject {
  const { [key]: old, ...others } = record;
  if (rest.length > 0) return { ...record, [key]: assignPlain(isRecord(old) ? old : {}, rest, value) };
  return value === undefined ? others : { ...record, [key]: value };
}

export const setValue = defineCommand({
  usage: "PROPERTY_NAME PROPERTY_VALUE",
  description: "Set an individual value in a kubeconfig file.",
  flags: {
    "set-raw-bytes": booleanFlag(
      "When writing a []byte PROPERTY_VALUE, write the given string directly without base64 decoding.",
    ),
  },
  run: async (session, { flags, positional }) => {
    const [path = "", text = ""] = positional;
    if (positional.length !== 2) throw new CommandError(`Unexpected args: [${positional.join(" ")}]`);
    const field = path.split(".").at(-1) ?? "";
    const value =
      field === "insecure-skip-tls-verify" || field === "disable-compression"
        ? parseBoolean(text)
        : field.endsWith("-data") && flags["set-raw-bytes"]
          ? Buffer.from(text).toString("base64")
          : text;
    await changeValue(session, path, value);
    await session.terminal.write(`Property ${goQuote(path)} set.\n`);
  },
});

export const unset = defineCommand({
  usage: "PROPERTY_NAME",
  description: "Unset an individual value in a kubeconfig file.",
  flags: {},
  run: async (session, { positional }) => {
    const [path = ""] = positional;
    if (positional.length !== 1) throw new CommandError(`Unexpected args: [${positional.join(" ")}]`);
    await changeValue(session, path, undefined);
    await session.terminal.write(`Property ${goQuote(path)} unset.\n`);
  },
});

async function changeValue(session: Session, path: string, value: unknown): Promise<void> {
  const steps = path.split(".");
  const files = await readKubeconfigFiles(session);
  const [section = "", name = ""] = steps;
  const file = Object.hasOwn(singular, section) ? fileWith(files, section as Section, name) : files[0];
  if (file) await writeKubeconfigFile({ ...file, document: assign(file.document, steps, value) });
}
