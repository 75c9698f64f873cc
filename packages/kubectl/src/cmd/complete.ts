import type { ResourceMapper } from "../builder/resource-mapper.ts";
import { qualifiedPlural } from "../builder/resource-mapper.ts";
import { itemsOf, listPages } from "../builder/resource-query.ts";
import { type CommandEntry, findEntry, rootCommands } from "../command-line/command-tree.ts";
import { type Command, defineCommand } from "../command-line/command.ts";
import type { Flags } from "../command-line/flag.ts";
import { globalFlags } from "../command-line/global-flags.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { Session } from "../session/session.ts";

/** One way in which a word can go on. */
export interface Candidate {
  readonly text: string;
  readonly description?: string;
}

/** What a shell does after the candidates: nothing of its own, or offer files. */
const directives = { default: 0, noFiles: 4 } as const;
/** At most this many names are offered. */
const maxNames = 500;

/** What a command's arguments are: a resource type and names, the names of one type, or something else. */
const argumentKinds: Readonly<Record<string, "types" | "pods" | "nodes">> = {
  annotate: "types",
  attach: "pods",
  cordon: "nodes",
  delete: "types",
  describe: "types",
  drain: "nodes",
  edit: "types",
  exec: "pods",
  explain: "types",
  expose: "types",
  get: "types",
  label: "types",
  logs: "pods",
  patch: "types",
  "port-forward": "pods",
  rollout: "types",
  scale: "types",
  set: "types",
  taint: "types",
  uncordon: "nodes",
  wait: "types",
};

export const command = defineCommand({
  usage: "WORDS",
  description: "Print what may come next in a command line, one candidate a line.",
  flags: {},
  takesWords: true,
  run: async (session, { positional }) => {
    const { candidates, files } = await complete(session, positional);
    const lines = candidates.map(({ text, description }) => (description ? `${text}\t${description}` : text));
    const directive = files ? directives.default : directives.noFiles;
    await session.terminal.write(safeText([...lines, `:${directive}`].map((line) => `${line}\n`).join("")));
  },
});

async function complete(
  session: Session,
  words: readonly string[],
): Promise<{ readonly candidates: readonly Candidate[]; readonly files: boolean }> {
  const last = words.at(-1) ?? "";
  const { entry, command: found, rest, children } = await walk(words.slice(0, -1));
  const flags = { ...globalFlags, ...found?.flags };
  if (last.startsWith("-")) return { candidates: flagCandidates(flags, last), files: false };
  const pending = openFlag(flags, words.at(-2) ?? "");
  if (pending === "namespace") return { candidates: await names(session, "namespaces", "", last), files: false };
  if (pending !== undefined) return { candidates: [], files: true };
  if (children.length > 0 && rest.length === 0) {
    const fitting = commandCandidates(children, last);
    if (fitting.length > 0 || entry === undefined) return { candidates: fitting, files: false };
  }
  const kind = argumentKinds[entry ?? ""];
  if (kind === undefined) return { candidates: [], files: true };
  return { candidates: await argumentCandidates(session, kind, rest, last), files: false };
}

/** Follows the words to a command; `rest` are its arguments so far, without flags. */
async function walk(words: readonly string[]) {
  let children: readonly CommandEntry[] = rootCommands;
  let entry: string | undefined;
  let command: Command | undefined;
  const rest: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word.startsWith("-")) {
      if (openFlag({ ...globalFlags, ...command?.flags }, word) !== undefined) index += 1;
      continue;
    }
    const next = rest.length === 0 ? findEntry(children, word) : undefined;
    if (!next) {
      rest.push(word);
      continue;
    }
    entry ??= next.name;
    command = await next.load();
    children = next.children ?? [];
  }
  return { entry, command, rest, children };
}

/** The flag that takes the next word as its value; undefined for none. */
function openFlag(flags: Flags, word: string): string | undefined {
  if (!word.startsWith("-") || word.includes("=")) return undefined;
  const found = Object.entries(flags).find(([name, { short }]) => word === `--${name}` || word === `-${short ?? ""}`);
  return found && found[1].bare === undefined ? found[0] : undefined;
}

export function flagCandidates(flags: Flags, prefix: string): Candidate[] {
  return Object.entries(flags)
    .filter(([name, flag]) => !flag.hidden && `--${name}`.startsWith(prefix))
    .map(([name, { help, bare }]) => ({ text: `--${name}${bare === undefined ? "=" : ""}`, description: help }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1));
}

export function commandCandidates(entries: readonly CommandEntry[], prefix: string): Candidate[] {
  return entries
    .filter(({ name }) => name.startsWith(prefix) && !name.startsWith("__"))
    .map(({ name, summary }) => ({ text: name, description: summary }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1));
}

async function argumentCandidates(
  session: Session,
  kind: "types" | "pods" | "nodes",
  rest: readonly string[],
  last: string,
): Promise<Candidate[]> {
  const slash = last.indexOf("/");
  if (slash > 0) return names(session, last.slice(0, slash), last.slice(0, slash + 1), last.slice(slash + 1));
  if (kind !== "types") return names(session, kind, "", last);
  const [type] = rest;
  if (type !== undefined) return type.includes("/") ? [] : names(session, type, "", last);
  return typeCandidates(await session.mapper(), last);
}

function typeCandidates(mapper: ResourceMapper, prefix: string): Candidate[] {
  const seen = new Set<string>();
  return mapper
    .preferred()
    .map((resource) => {
      const short = seen.has(resource.plural) ? qualifiedPlural(resource) : resource.plural;
      seen.add(resource.plural);
      return { text: short };
    })
    .filter(({ text }) => text.startsWith(prefix));
}

/** The names of the objects of a type; none where they cannot be listed. */
async function names(session: Session, type: string, lead: string, prefix: string): Promise<Candidate[]> {
  const found: Candidate[] = [];
  try {
    const resource = (await session.mapper()).findKnown(type);
    if (!resource) return [];
    const { name: namespace } = await session.namespace();
    const target = { kind: "list", resource, namespace: resource.namespaced ? namespace : "" } as const;
    for await (const page of listPages(await session.api(), target, {})) {
      for (const { name } of itemsOf(page, resource)) if (name.startsWith(prefix)) found.push({ text: lead + name });
      if (found.length >= maxNames) break;
    }
  } catch {
    // A shell has nowhere to show why there is nothing to offer.
  }
  return found.slice(0, maxNames);
}
