import { type CommandEntry, type CommandGroup, commandGroups } from "./command-tree.ts";
import type { Command } from "./command.ts";
import type { Flags } from "./flag.ts";
import { globalFlags } from "./global-flags.ts";

/** The help of the program itself. */
export function rootHelp(): string {
  const groups = commandGroups.map((group) => listCommands(group));
  return `kubectl controls the Kubernetes cluster manager.

${groups.join("\n")}
Usage:
  kubectl [flags] [options]

Use "kubectl <command> --help" for more information about a given command.
Use "kubectl options" for a list of global command-line options (applies to all commands).
`;
}

function listCommands({ title, commands }: CommandGroup): string {
  const width = Math.max(13, ...commands.map(({ name }) => name.length));
  return `${title}\n${commands.map(({ name, summary }) => `  ${name.padEnd(width)} ${summary}\n`).join("")}`;
}

/** The help of one command. */
export function commandHelp(path: readonly string[], entry: CommandEntry, command: Command): string {
  const name = ["kubectl", ...path].join(" ");
  const sections = [command.description];
  if (entry.aliases?.length) sections.push(`Aliases:\n${[entry.name, ...entry.aliases].join(", ")}`);
  if (command.examples !== undefined) sections.push(`Examples:\n${command.examples}`);
  if (entry.children) sections.push(listCommands({ title: "Available Commands:", commands: entry.children }).trimEnd());
  if (Object.keys(command.flags).length > 0) sections.push(`Options:\n${listFlags(command.flags).trimEnd()}`);
  sections.push(`Usage:\n  ${name} ${command.usage}`);
  if (entry.children) sections.push(`Use "${name} <command> --help" for more information about a given command.`);
  sections.push('Use "kubectl options" for a list of global command-line options (applies to all commands).');
  return `${sections.join("\n\n")}\n`;
}

/** The flags that every command takes. */
export function globalHelp(): string {
  return `The following options can be passed to any command:\n\n${listFlags(globalFlags)}`;
}

function listFlags(flags: Flags): string {
  return Object.entries(flags)
    .filter(([, flag]) => !flag.hidden)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, flag]) => {
      const short = flag.short === undefined ? "    " : `-${flag.short}, `;
      return `    ${short}--${name}=${defaultText(flag.default)}:\n        ${flag.help}\n\n`;
    })
    .join("");
}

function defaultText(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  return Array.isArray(value) ? `[${value.join(",")}]` : String(value);
}
