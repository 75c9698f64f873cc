import { type CommandEntry, type CommandGroup, commandGroups } from "./command-tree.ts";
import type { Command } from "./command.ts";
import type { Flags } from "./flag.ts";
import { globalFlags } from "./global-flags.ts";

/** The help of the program itself. */
export function rootHelp(): string {
  const names = commandGroups.flatMap(({ commands }) => commands);
  const groups = commandGroups.map((group) => listCommands(group, names));
  return `kubectl controls the Kubernetes cluster manager.

 Find more information at: https://kubernetes.io/docs/reference/kubectl/

${groups.join("\n")}
Usage:
  kubectl [flags] [options]

Use "kubectl <command> --help" for more information about a given command.
Use "kubectl options" for a list of global command-line options (applies to all commands).
`;
}

/** The commands of one group; the longest name of all of `beside` decides where the summaries begin. */
function listCommands({ title, commands }: CommandGroup, beside: readonly CommandEntry[] = commands): string {
  const width = Math.max(11, ...beside.map(({ name }) => name.length)) + 2;
  const listed = commands.filter(({ isUnlisted }) => isUnlisted !== true);
  return `${title}\n${listed.map(({ name, summary }) => `  ${name.padEnd(width)} ${summary}\n`).join("")}`;
}

/** The help of one command. */
export function commandHelp(path: readonly string[], entry: CommandEntry, command: Command): string {
  const name = ["kubectl", ...path].join(" ");
  const sections = [command.description];
  if (entry.aliases?.length) sections.push(`Aliases:\n${[entry.name, ...entry.aliases].join(", ")}`);
  if (command.examples !== undefined) sections.push(`Examples:\n${command.examples}`);
  if (entry.children) sections.push(listCommands({ title: "Available Commands:", commands: entry.children }).trimEnd());
  if (Object.keys(command.flags).length > 0) sections.push(`Options:\n${listFlags(command.flags).trimEnd()}`);
  const usage = `${name} ${command.usage}`.trim();
  sections.push(`Usage:\n  ${usage.includes("[options]") ? usage : `${usage} [options]`}`);
  const more = entry.children ? `Use "${name} <command> --help" for more information about a given command.\n` : "";
  sections.push(`${more}Use "kubectl options" for a list of global command-line options (applies to all commands).`);
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
      const short = flag.short === undefined ? "" : `-${flag.short}, `;
      const value = flag.type === "duration" ? durationText(Number(flag.default)) : defaultText(flag.default);
      return `    ${short}--${name}=${value}:\n\t${flag.help}\n\n`;
    })
    .join("");
}

function defaultText(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  return Array.isArray(value) ? `[${value.join(",")}]` : String(value);
}

/** How Go writes a number of milliseconds. */
function durationText(ms: number): string {
  if (ms === 0) return "0s";
  const [hours, minutes, seconds] = [Math.trunc(ms / 3_600_000), Math.trunc(ms / 60_000) % 60, (ms / 1_000) % 60];
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
