import type { Command } from "./command.ts";

/** A command's place in the tree; its module is loaded when it is used. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
  readonly children?: readonly CommandEntry[];
}

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandEntry[];
}

type Module = { readonly command: Command };

function entry(
  name: string,
  summary: string,
  load: () => Promise<Module>,
  more: Pick<CommandEntry, "aliases" | "children"> = {},
): CommandEntry {
  return { name, summary, load: async () => (await load()).command, ...more };
}

export const commandGroups: readonly CommandGroup[] = [
  {
    title: "Basic Commands (Intermediate):",
    commands: [entry("get", "Display one or many resources", () => import("../cmd/get.ts"))],
  },
];

export const rootCommands: readonly CommandEntry[] = commandGroups.flatMap(({ commands }) => commands);

export function findEntry(entries: readonly CommandEntry[], name: string): CommandEntry | undefined {
  return entries.find((each) => each.name === name || each.aliases?.includes(name));
}
