import type { FlagDefinition, FlagDefinitions } from "./flags.ts";
import { flagCodecs } from "./flag-values.ts";

/** The text of `--help`: what the command is for, then its flags sorted by name. */
export function flagUsage(command: string, description: string, definitions: FlagDefinitions): string {
  const rows = Object.entries(definitions)
    .filter(([, definition]) => !definition.hidden)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, definition]) => ({ left: flagColumn(name, definition), right: descriptionColumn(definition) }));
  const width = Math.max(0, ...rows.map((row) => row.left.length));
  const lines = rows.map((row) => `${row.left.padEnd(width)}   ${row.right}`);
  return [description, "", "Usage:", `  ${command} [flags]`, "", "Flags:", ...lines, ""].join("\n");
}

function flagColumn(name: string, definition: FlagDefinition): string {
  const lead = definition.shorthand === undefined ? "      " : `  -${definition.shorthand}, `;
  const { placeholder } = flagCodecs[definition.type];
  return `${lead}--${name}${placeholder === "" ? "" : ` ${placeholder}`}`;
}

function descriptionColumn(definition: FlagDefinition): string {
  const shown = defaultText(definition);
  return shown === "" ? definition.description : `${definition.description} (default ${shown})`;
}

function defaultText(definition: FlagDefinition): string {
  if (definition.default === undefined) return "";
  const format = flagCodecs[definition.type].format as (value: unknown) => string;
  return format(definition.default);
}
