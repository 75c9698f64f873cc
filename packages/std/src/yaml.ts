import { parseAllDocuments, type ScalarTag, type Tags } from "yaml";

/** Text that is not YAML that Kubernetes accepts. */
export class YamlError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "YamlError";
  }
}

/** How often aliases may be expanded in one document before it counts as an attack. */
const maxAliasCount = 100;

/** Tags of YAML 1.1 that upstream's parser leaves as the text they are. */
const unresolvedTags: ReadonlySet<string> = new Set([
  "tag:yaml.org,2002:timestamp",
  "tag:yaml.org,2002:binary",
  "tag:yaml.org,2002:omap",
  "tag:yaml.org,2002:pairs",
  "tag:yaml.org,2002:set",
]);

const floatTag = "tag:yaml.org,2002:float";

/** YAML 1.2's notation of octal numbers, which upstream's parser reads as well. */
const octalTag: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => {
    const value = Number(text.replace(/^[-+]/, "").replaceAll("_", ""));
    return text.startsWith("-") ? -value : value;
  },
};

/** Bytes that are decoded into text. */
const binaryTag: ScalarTag = {
  tag: "tag:yaml.org,2002:binary",
  default: false,
  resolve: (text) => Buffer.from(text.replace(/\s/g, ""), "base64").toString("utf8"),
};

/**
 * The documents of a YAML (or JSON) stream as plain values, read as upstream reads them: YAML 1.1 scalars (`yes` is
 * true, `0777` is octal), but dates and `12:30:45` stay text. Empty documents are left out. Throws a YamlError on
 * malformed text, duplicate keys, or more aliases than a document may have.
 */
export function parseYamlDocuments(text: string): unknown[] {
  try {
    const documents = parseAllDocuments(text, { version: "1.1", customTags, logLevel: "error", merge: true });
    const values: unknown[] = [];
    for (const document of Array.isArray(documents) ? documents : []) {
      const [problem] = document.errors;
      if (problem) throw problem;
      const value: unknown = document.toJS({ maxAliasCount });
      if (value !== null && value !== undefined) values.push(value);
    }
    return values;
  } catch (error) {
    throw new YamlError(`error parsing YAML: ${firstLine(error)}`, { cause: error });
  }
}

/** The single document of a YAML (or JSON) text; null when it is empty. Throws a YamlError, also for several documents. */
export function parseYaml(text: string): unknown {
  const documents = parseYamlDocuments(text);
  if (documents.length > 1) throw new YamlError("error parsing YAML: expected one document, found several");
  return documents[0] ?? null;
}

function customTags(tags: Tags): Tags {
  const kept = tags.filter((tag) => {
    if (typeof tag === "string") return true;
    return !unresolvedTags.has(tag.tag) && !("format" in tag && tag.format === "TIME");
  });
  return [octalTag, binaryTag, ...kept.map((tag) => (isFloatTag(tag) ? finite(tag) : tag))];
}

function isFloatTag(tag: Tags[number]): tag is ScalarTag {
  return typeof tag === "object" && tag.tag === floatTag && "resolve" in tag;
}

/** JSON has no infinity: as a literal it is an error, and a number that is too large stays text. */
function finite(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    resolve: (text, onError, options) => {
      const value = tag.resolve(text, onError, options);
      const number = typeof value === "object" && value !== null && "value" in value ? value.value : value;
      if (typeof number !== "number" || Number.isFinite(number)) return value;
      if (/\d/.test(text)) return text;
      onError(`json: unsupported value: ${text}`);
      return text;
    },
  };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0]?.replace(/:$/, "") ?? message;
}
