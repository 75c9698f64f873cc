import { isRecord } from "@kube-ts/std/config-schema";
import { parseResourceArguments } from "../builder/resource-arguments.ts";
import { apiVersionOf } from "../builder/resource-mapper.ts";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";

export const command = defineCommand({
  usage: "TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext]",
  description: "Describe fields and structure of various resources.",
  examples: "  # Get the documentation of a specific field of a resource\n  kubectl explain pods.spec.containers",
  flags: {
    "api-version": stringFlag("Use given api-version (group/version) of the resource."),
    output: stringFlag("Format in which to render the schema. Valid values are: (plaintext).", {
      short: "o",
      default: "plaintext",
    }),
    recursive: booleanFlag("When true, print the name of all the fields recursively.", { short: "R" }),
  },
  run: async (session, { flags, positional }) => {
    const [path] = positional;
    if (path === undefined) {
      throw new CommandError(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    }
    if (positional.length > 1) throw new CommandError(`We accept only this format: explain RESOURCE`);
    if (flags.output !== "plaintext") throw new CommandError(`unrecognized format: ${flags.output}`);
    parseResourceArguments([path]);
    const mapper = await session.mapper();
    const parts = path.split(".");
    // The longest beginning that names a resource counts, so that `deployments.apps` is not a field of deployments.
    const lengths = Array.from(parts.keys(), (index) => parts.length - index);
    const known =
      lengths.find((length) => length > 1 && mapper.findKnown(parts.slice(0, length).join(".")) !== undefined) ?? 1;
    const named = await mapper.resolvePlainly(parts.slice(0, known).join("."));
    const wanted = flags["api-version"];
    const resource = wanted === "" ? named : await mapper.forKind(wanted, named.kind);
    if (!resource) {
      throw new CommandError(`couldn't find resource for ${JSON.stringify(`${wanted}, Resource=${named.plural}`)}`);
    }
    const groupVersion = apiVersionOf(resource);
    const document = await (
      await session.api()
    ).json({ path: `/openapi/v3/${resource.group === "" ? "api" : "apis"}/${groupVersion}` });
    const schemas = new Schemas(document);
    const head = `${resource.group === "" ? "" : `GROUP:      ${resource.group}\n`}KIND:       ${resource.kind}\nVERSION:    ${resource.version}\n\n`;
    await session.terminal.write(safeText(head));
    const text = explain(schemas, schemas.ofKind(resource), parts.slice(known), flags.recursive);
    await session.terminal.write(safeText(text));
  },
});

/** The schemas of one OpenAPI document. */
class Schemas {
  readonly #all: JsonObject;

  constructor(document: JsonObject) {
    const components = isRecord(document["components"]) ? document["components"] : {};
    this.#all = isRecord(components["schemas"]) ? components["schemas"] : {};
  }

  ofKind({
    group,
    version,
    kind,
  }: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }): JsonObject {
    const found = Object.values(this.#all).find((schema) => {
      const kinds = isRecord(schema) ? schema["x-kubernetes-group-version-kind"] : undefined;
      return (
        Array.isArray(kinds) &&
        kinds.some(
          (each: unknown) =>
            isRecord(each) && each["group"] === group && each["version"] === version && each["kind"] === kind,
        )
      );
    });
    if (!isRecord(found)) throw new CommandError(`couldn't find resource for "${group}/${version}, Kind=${kind}"`);
    return found;
  }

  /** What a schema refers to; itself where it refers to nothing. */
  resolve(schema: JsonObject): JsonObject {
    const name = referenceOf(schema);
    const target = name === undefined ? undefined : this.#all[name];
    return isRecord(target) ? target : schema;
  }

  /** The schema whose fields a value has: that of the elements for lists and maps. */
  element(schema: JsonObject): JsonObject {
    const resolved = this.resolve(schema);
    for (const key of ["items", "additionalProperties"]) {
      const inner = resolved[key];
      if (isRecord(inner)) return this.element(inner);
    }
    return resolved;
  }

  typeName(schema: JsonObject): string {
    const name = referenceOf(schema);
    if (name !== undefined) return typeNameOf(name, this.resolve(schema));
    if (isRecord(schema["items"])) return `[]${this.typeName(schema["items"])}`;
    if (isRecord(schema["additionalProperties"])) return `map[string]${this.typeName(schema["additionalProperties"])}`;
    const { type } = schema;
    return typeof type === "string" && type !== "object" ? type : "Object";
  }
}

function typeNameOf(name: string, schema: JsonObject): string {
  const short = name.split(".").at(-1) ?? name;
  return short === "Time" || short === "MicroTime" ? String(schema["type"] ?? short) : short;
}

function referenceOf(schema: JsonObject): string | undefined {
  const [inner] = Array.isArray(schema["allOf"]) ? schema["allOf"] : [];
  const reference = schema["$ref"] ?? (isRecord(inner) ? inner["$ref"] : undefined);
  return typeof reference === "string" ? reference.slice(reference.lastIndexOf("/") + 1) : undefined;
}

function explain(schemas: Schemas, kind: JsonObject, path: readonly string[], recursive: boolean): string {
  let schema = kind;
  for (const name of path) {
    const fields = propertiesOf(schemas.element(schema));
    const next = fields[name];
    if (!isRecord(next)) throw new CommandError(`field ${JSON.stringify(path.at(-1))} does not exist`);
    schema = next;
  }
  const fields = propertiesOf(schemas.element(schema));
  const last = path.at(-1);
  let text = last === undefined ? "" : `FIELD: ${last} <${schemas.typeName(schema)}>\n`;
  const values = Array.isArray(schema["enum"]) ? schema["enum"].map(String) : [];
  if (last !== undefined)
    text += values.length > 0 ? `ENUM:\n${values.map((value) => `    ${value}\n`).join("")}\n` : "\n\n";
  const described = descriptions(schemas, schema);
  text += `DESCRIPTION:\n${
    described.length === 0 ? "    <empty>\n" : `${described.map((each) => indent(wrap(each), 4)).join("")}    \n`
  }`;
  if (Object.keys(fields).length === 0) return `${text}\n`;
  return `${text}FIELDS:\n${listFields(schemas, schemas.element(schema), recursive, 1, new Set())}\n`;
}

/** What a field says, then what its type says. */
function descriptions(schemas: Schemas, schema: JsonObject): string[] {
  const element = schemas.element(schema);
  const own = schema["description"];
  const inherited = element === schema ? undefined : element["description"];
  const found = [own, inherited].filter((each): each is string => typeof each === "string" && each !== "");
  return found;
}

function propertiesOf(schema: JsonObject): JsonObject {
  return isRecord(schema["properties"]) ? schema["properties"] : {};
}

function listFields(
  schemas: Schemas,
  schema: JsonObject,
  recursive: boolean,
  level: number,
  seen: ReadonlySet<JsonObject>,
): string {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const fields = propertiesOf(schema);
  return Object.keys(fields)
    .toSorted()
    .map((name) => {
      const field = isRecord(fields[name]) ? fields[name] : {};
      const pad = "  ".repeat(level);
      let text = `${pad}${name}\t<${schemas.typeName(field)}>${required.includes(name) ? " -required-" : ""}\n`;
      const values = Array.isArray(field["enum"]) ? field["enum"].map((each) => String(each) || '""') : [];
      if (values.length > 0)
        text += `${pad}enum: ${values.slice(0, maxEnumValues).join(", ")}${values.length > maxEnumValues ? ", ...." : ""}\n`;
      const element = schemas.element(field);
      if (!recursive) {
        const [own = "<no description>"] = descriptions(schemas, field);
        return `${text}${indent(wrap(own), 4)}\n`;
      }
      if (seen.has(element)) return text;
      return text + listFields(schemas, element, true, level + 1, new Set([...seen, element]));
    })
    .join("");
}

const maxEnumValues = 4;
const wrapWidth = 76;

/** Breaks lines between words; blank lines stay. */
function wrap(text: string): string {
  return text
    .split("\n")
    .map((line) => {
      const lines: string[] = [];
      let current = "";
      for (const word of line.split(/\s+/).filter((each) => each !== "")) {
        if (current !== "" && current.length + 1 + word.length > wrapWidth) {
          lines.push(current);
          current = word;
        } else current = current === "" ? word : `${current} ${word}`;
      }
      return [...lines, current].join("\n");
    })
    .join("\n");
}

function indent(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => `${" ".repeat(width)}${line}\n`)
    .join("");
}
