/** How a response's objects are to be shaped. */
export type View = "object" | "table" | "partial";

/** How a response is to be encoded. */
export type Encoding = "json" | "yaml";

export interface AcceptedForm {
  readonly view: View;
  readonly encoding: Encoding;
  /** `application/json;stream=watch` and its kin: the media type to answer with. */
  readonly contentType: string;
  /** The version of meta.k8s.io that a table or partial view is asked for. */
  readonly viewVersion: "v1" | "v1beta1";
}

const plainJson: AcceptedForm = {
  view: "object",
  encoding: "json",
  contentType: "application/json",
  viewVersion: "v1",
};

const encodings: Readonly<Record<string, Encoding>> = {
  "application/json": "json",
  "application/yaml": "yaml",
  "application/*": "json",
  "*/*": "json",
};

/** Media types that this server can answer with, for 406 messages. */
export const servedMediaTypes = ["application/json", "application/yaml"] as const;

const cache = new Map<string, AcceptedForm | undefined>();
const cacheLimit = 256;

/** The first form in an Accept header that can be served; undefined when there is none. */
export function negotiate(accept: string | undefined): AcceptedForm | undefined {
  if (accept === undefined || accept === "" || accept === "application/json" || accept === "*/*") return plainJson;
  if (cache.has(accept)) return cache.get(accept);
  const form = negotiateUncached(accept);
  if (cache.size < cacheLimit) cache.set(accept, form);
  return form;
}

function negotiateUncached(accept: string): AcceptedForm | undefined {
  const clauses = accept.split(",").map(parseClause);
  clauses.sort((a, b) => b.quality - a.quality);
  for (const clause of clauses) {
    const encoding = encodings[clause.mediaType];
    const view = viewOf(clause.parameters.get("as"));
    if (!encoding || !view) continue;
    const group = clause.parameters.get("g");
    const version = clause.parameters.get("v") ?? "v1";
    if (view !== "object" && group !== undefined && group !== "meta.k8s.io") continue;
    if (version !== "v1" && version !== "v1beta1") continue;
    return {
      view,
      encoding,
      contentType: encoding === "yaml" ? "application/yaml" : "application/json",
      viewVersion: version,
    };
  }
  return undefined;
}

interface Clause {
  readonly mediaType: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

function parseClause(text: string): Clause {
  const [mediaType = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map(
    rest.map((part) => {
      const equals = part.indexOf("=");
      return equals < 0 ? [part.toLowerCase(), ""] : [part.slice(0, equals).toLowerCase(), part.slice(equals + 1)];
    }),
  );
  const quality = Number(parameters.get("q") ?? "1");
  return { mediaType: mediaType.toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 0 };
}

function viewOf(as: string | undefined): View | undefined {
  switch (as) {
    case undefined:
    case "":
      return "object";
    case "Table":
      return "table";
    case "PartialObjectMetadata":
    case "PartialObjectMetadataList":
      return "partial";
    default:
      return undefined;
  }
}
