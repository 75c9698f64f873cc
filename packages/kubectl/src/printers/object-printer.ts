import { readFile } from "node:fs/promises";
import { sortKeys } from "@kube-ts/api/go-json";
import { isRecord } from "@kube-ts/std/config-schema";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { CommandError } from "../command-line/command-error.ts";
import { qualifiedKind } from "../builder/resource-mapper.ts";
import type { JsonObject } from "../session/api.ts";
import { CustomColumns } from "./custom-columns.ts";
import { GoTemplate } from "./go-template.ts";
import { goSyntax } from "./go-syntax.ts";
import { goJson, sortedJson } from "@kube-ts/api/go-json";
import { formatJson } from "./json.ts";
import { JsonPath } from "@kube-ts/api/json-path/json-path";
import { safeText } from "./terminal-text.ts";
import { formatKyaml } from "./kyaml.ts";
import { formatYaml } from "./yaml.ts";

/** Turns objects into the text that a command prints, one after the other. */
export interface ObjectPrinter {
  format(object: JsonObject): string;
}

export const outputFlags = {
  "allow-missing-template-keys": booleanFlag(
    "If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats.",
    { default: true },
  ),
  output: stringFlag("Output format.", { short: "o" }),
  "show-managed-fields": booleanFlag("If true, keep the managedFields when printing objects in JSON or YAML format."),
  template: stringFlag(
    "Template string or path to template file to use when -o=go-template, -o=go-template-file. The template format is golang templates [http://golang.org/pkg/text/template/#pkg-overview].",
  ),
} as const;

export interface OutputValues {
  readonly "allow-missing-template-keys": boolean;
  readonly output: string;
  readonly "show-managed-fields"?: boolean;
  readonly template: string;
}

const objectFormats = [
  "go-template",
  "go-template-file",
  "json",
  "jsonpath",
  "jsonpath-as-json",
  "jsonpath-file",
  "kyaml",
  "name",
  "template",
  "templatefile",
  "yaml",
];
const tableFormats = ["custom-columns", "custom-columns-file", "wide"];

interface PrinterOptions {
  readonly tables?: boolean;
  readonly headers?: boolean;
  /** JSON keeps the order that an object's keys have, instead of being sorted. */
  readonly keepOrder?: boolean;
}

/** The formats that take no argument. */
const plainFormats: ReadonlySet<string> = new Set(["json", "kyaml", "name", "wide", "yaml"]);

/**
 * The printer for `-o`, undefined for the formats that are a command's own: none, and `wide`. Throws a CommandError
 * for an unknown format or a malformed template.
 */
export async function createPrinter(
  values: OutputValues,
  options: PrinterOptions = {},
): Promise<ObjectPrinter | undefined> {
  const { output } = values;
  const equals = output.indexOf("=");
  const name = equals < 0 || plainFormats.has(output.slice(0, equals)) ? output : output.slice(0, equals);
  const given = equals < 0 ? values.template : output.slice(equals + 1);
  const strip = values["show-managed-fields"] ? (object: JsonObject) => object : withoutManagedFields;
  switch (name) {
    case "":
      return values.template === "" ? undefined : goTemplate(given, values);
    case "wide":
      if (options.tables) return undefined;
      break;
    case "json":
      return { format: (object) => (options.keepOrder ? `${goJson(strip(object), 4)}\n` : formatJson(strip(object))) };
    case "yaml":
      return yamlPrinter(strip);
    case "kyaml":
      return { format: (object) => formatKyaml(options.keepOrder ? strip(object) : sortKeys(strip(object))) };
    case "name":
      return { format: (object) => `${objectName(object)}\n` };
    case "jsonpath":
    case "jsonpath-as-json":
    case "jsonpath-file":
      return jsonPath(name, given, values);
    case "go-template":
    case "template":
      return goTemplate(given, values);
    case "go-template-file":
    case "templatefile":
      return goTemplate(await readTemplate(given), values);
    case "custom-columns":
      if (options.tables) return CustomColumns.fromSpec(given, options.headers ?? true);
      break;
    case "custom-columns-file":
      if (options.tables)
        return CustomColumns.fromTemplate(await readTemplate(given, "template "), options.headers ?? true);
      break;
    default:
      break;
  }
  const allowed = options.tables ? [...objectFormats, ...tableFormats].toSorted() : objectFormats;
  throw new CommandError(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${allowed.join(",")}`,
  );
}

function yamlPrinter(strip: (object: JsonObject) => JsonObject): ObjectPrinter {
  let first = true;
  return {
    format: (object) => {
      const separator = first ? "" : "---\n";
      first = false;
      return separator + formatYaml(strip(object));
    },
  };
}

async function jsonPath(name: string, given: string, values: OutputValues): Promise<ObjectPrinter> {
  if (given === "") throw new CommandError("template format specified but no template given");
  const template = name === "jsonpath-file" ? await readTemplate(given) : given;
  const options = { allowMissingKeys: values["allow-missing-template-keys"] };
  let path: JsonPath;
  try {
    path = new JsonPath(template, options);
  } catch (error) {
    throw new CommandError(`error parsing jsonpath ${template}, ${messageOf(error)}`, { cause: error });
  }
  return {
    format: (object) => {
      try {
        if (name !== "jsonpath-as-json") return path.format(object);
        return `${sortedJson(path.find(object).flat(), 4)}\n`;
      } catch (error) {
        throw new CommandError(
          `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${messageOf(error)}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n\n`,
          { cause: error },
        );
      }
    },
  };
}

function goTemplate(text: string, values: OutputValues): ObjectPrinter {
  if (text === "") throw new CommandError("template format specified but no template given");
  let template: GoTemplate;
  try {
    template = new GoTemplate(text, { allowMissingKeys: values["allow-missing-template-keys"] });
  } catch (error) {
    throw new CommandError(`error parsing template ${text}, template: output:1: ${messageOf(error)}`, { cause: error });
  }
  return {
    format: (object) => {
      try {
        return template.format(object);
      } catch (error) {
        throw new CommandError(
          `error executing template ${JSON.stringify(text)}: template: output: ${messageOf(error)}`,
          { cause: error },
        );
      }
    },
  };
}

/** `subject` is what the file is called when it cannot be read. */
async function readTemplate(path: string, subject = "--template "): Promise<string> {
  if (path === "") throw new CommandError("template format specified but no template given");
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new CommandError(`error reading ${subject}${path}, open ${path}: no such file or directory\n`, { cause });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `pod/web`, `deployment.apps/web`. */
export function objectName(object: JsonObject): string {
  const apiVersion = String(object["apiVersion"] ?? "");
  const slash = apiVersion.indexOf("/");
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  const kind = qualifiedKind(String(object["kind"] ?? "<unknown>"), slash < 0 ? "" : apiVersion.slice(0, slash));
  return safeText(`${kind}/${String(metadata["name"] ?? "")}`);
}

function withoutManagedFields(object: JsonObject): JsonObject {
  const { metadata, items } = object;
  const stripped = isRecord(metadata) && "managedFields" in metadata ? { ...object, metadata: omit(metadata) } : object;
  if (!Array.isArray(items)) return stripped;
  return { ...stripped, items: items.map((item) => (isRecord(item) ? withoutManagedFields(item) : item)) };
}

function omit(metadata: JsonObject): JsonObject {
  const { managedFields: _managedFields, ...rest } = metadata;
  return rest;
}

/** Several objects as the list that `-o json|yaml` prints. */
export function listOf(objects: readonly JsonObject[]): JsonObject {
  return { apiVersion: "v1", items: objects, kind: "List", metadata: { resourceVersion: "" } };
}
