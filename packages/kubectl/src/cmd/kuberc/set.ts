import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../../command-line/command.ts";
import { booleanFlag, repeatedFlag, stringFlag } from "../../command-line/flag.ts";
import { parsePreferences } from "../../kuberc/preferences.ts";
import { safeText } from "../../printers/terminal-text.ts";
import { formatYaml } from "../../printers/yaml.ts";
import type { JsonObject } from "../../session/api.ts";
import { emptyDocument, kubercPath, readDocument, writeDocument } from "./kuberc-document.ts";

const flags = {
  "allowlist-entry": repeatedFlag("An entry of the plugin allowlist, in the form field=value."),
  appendarg: repeatedFlag("An argument to put behind those of the command line, for aliases."),
  command: stringFlag("The command to configure, such as 'get' or 'set env'."),
  name: stringFlag("The alias's name."),
  option: repeatedFlag("A flag and its value, in the form flag=value."),
  overwrite: booleanFlag("Allow overwriting existing entries"),
  policy: stringFlag("Which credential plugins may be started: 'AllowAll', 'DenyAll' or 'Allowlist'."),
  prependarg: repeatedFlag("An argument to put before those of the command line, for aliases."),
  section: stringFlag("The section to modify: 'defaults', 'aliases', or 'credentialplugin'."),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "--section (defaults|aliases) --command COMMAND",
  description: "Set values in the kuberc configuration file.",
  examples:
    "  # Let 'get' print wide tables\n  kubectl kuberc set --section defaults --command get --option output=wide",
  flags,
  run: async (session, { flags: values, changed }) => {
    if (!changed("section")) throw new CommandError('required flag(s) "section" not set');
    check(values);
    const path = kubercPath(session);
    const document = (await readDocument(path)) ?? emptyDocument;
    const next = changedDocument(document, values);
    try {
      parsePreferences(formatYaml(next), path);
    } catch (error) {
      throw new CommandError(error instanceof Error ? error.message : String(error), { cause: error });
    }
    await writeDocument(path, next);
    await session.terminal.write(safeText(`Updated ${path}\n`));
  },
});

function check(values: Values): void {
  switch (values.section) {
    case "defaults":
      if (values.command === "") throw new CommandError("--command is required when --section=defaults");
      if (values.name !== "") throw new CommandError("--name should not be specified when --section=defaults");
      if (values.appendarg.length > 0 || values.prependarg.length > 0) {
        throw new CommandError("--appendarg and --prependarg should not be specified when --section=defaults");
      }
      return;
    case "aliases":
      if (values.name === "") throw new CommandError("--name is required when --section=aliases");
      if (values.command === "") throw new CommandError("--command is required when --section=aliases");
      return;
    case "credentialplugin":
      if (!["AllowAll", "DenyAll", "Allowlist"].includes(values.policy)) {
        throw new CommandError(` --policy must be  "AllowAll", "DenyAll", or "Allowlist", got: ${values.policy}`);
      }
      return;
    default:
      throw new CommandError(`--section must be "defaults", "aliases", or "credentialplugin", got: ${values.section}`);
  }
}

function changedDocument(document: JsonObject, values: Values): JsonObject {
  const { command: name, section, overwrite } = values;
  if (section === "credentialplugin") return withPolicy(document, values);
  const options = values.option
    .map((option) => pairOf(option, "option", "flag"))
    .map(([flag, value]) => ({ name: flag, default: value }));
  const key = section === "aliases" ? "name" : "command";
  const wanted = section === "aliases" ? values.name : name;
  const entries = records(document[section]);
  if (entries.some((each) => each[key] === wanted) && !overwrite) {
    const what =
      section === "aliases"
        ? `alias ${JSON.stringify(wanted)} already exists`
        : `defaults for command ${JSON.stringify(wanted)} already exist`;
    throw new CommandError(`${what}, use --overwrite to replace`);
  }
  const entry = {
    command: name,
    ...(section === "aliases" && { name: values.name }),
    ...(values.prependarg.length > 0 && { prependArgs: values.prependarg }),
    ...(values.appendarg.length > 0 && { appendArgs: values.appendarg }),
    ...(options.length > 0 && { options }),
  };
  return { ...document, [section]: [...entries.filter((each) => each[key] !== wanted), entry] };
}

function withPolicy(document: JsonObject, values: Values): JsonObject {
  const { credentialPluginAllowlist: _list, ...rest } = document;
  const entries = values["allowlist-entry"].map((each) =>
    Object.fromEntries([pairOf(each, "allowlist entry", "field")]),
  );
  return {
    ...rest,
    credentialPluginPolicy: values.policy,
    ...(entries.length > 0 && { credentialPluginAllowlist: entries }),
  };
}

function pairOf(text: string, what: string, left: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new CommandError(`invalid ${what} format ${JSON.stringify(text)}, expected ${left}=value`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function records(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter((each): each is JsonObject => isRecord(each)) : [];
}
