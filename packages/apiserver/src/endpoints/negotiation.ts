/** How a response's objects are to be shaped. */
export type View = "object" | "table" | "partial";

/** How a response is to be encoded. */
export type Encoding = "json" | "yaml" | "protobuf";

export interface AcceptedForm {
  readonly view: View;
  readonly encoding: Encoding;
  /** The media type to answer with. */
  readonly contentType: string;
  /** The version of meta.k8s.io that a table or partial view is asked for. */
  readonly viewVersion: "v1" | "v1beta1";
  /** Whether a partial view is asked for as a list, which only a list can be answered with. */
  readonly asList: boolean;
  /** Whether JSON is to be indented. */
  readonly pretty: boolean;
}

interface OfferOptions {
  /** Whether tables and metadata alone can be asked for. */
  readonly views?: boolean;
  readonly stream?: boolean;
  /** False where only metadata can be told in protobuf. */
  readonly objectsAsProtobuf?: boolean;
}

/** What a path can answer with. */
export class Offer {
  /** For 406 messages; the first is the default. */
  readonly mediaTypes: readonly string[];
  readonly #encodings: readonly Encoding[];
  readonly #views: boolean;
  readonly #objectsAsProtobuf: boolean;
  readonly #suffix: string;
  readonly #known = new Map<string, AcceptedForm | undefined>();

  constructor(encodings: readonly Encoding[], options: OfferOptions = {}) {
    this.#encodings = encodings;
    this.#views = options.views ?? false;
    this.#objectsAsProtobuf = options.objectsAsProtobuf ?? true;
    this.#suffix = options.stream ? ";stream=watch" : "";
    this.mediaTypes = encodings.map((encoding) => `application/${subtypes[encoding]}${this.#suffix}`);
  }

  /** The first form in an Accept header that can be served; undefined when there is none. */
  accept(header: string | undefined): AcceptedForm | undefined {
    const accepted = header || "*/*";
    if (this.#known.has(accepted)) return this.#known.get(accepted);
    const form = this.#find(accepted);
    if (this.#known.size < knownLimit) this.#known.set(accepted, form);
    return form;
  }

  #find(header: string): AcceptedForm | undefined {
    const clauses = header.split(",").map(parseClause);
    clauses.sort((a, b) => b.quality - a.quality || a.wildcards - b.wildcards);
    for (const { type, subtype, parameters } of clauses) {
      for (const encoding of this.#encodings) {
        if (type !== "*" && type !== "application") continue;
        if (subtype !== "*" && (type === "*" || subtype !== subtypes[encoding])) continue;
        const form = this.#formOf(encoding, parameters);
        if (form) return form;
      }
    }
    return undefined;
  }

  #formOf(encoding: Encoding, parameters: ReadonlyMap<string, string>): AcceptedForm | undefined {
    if (!["", "watch"].includes(parameters.get("stream") ?? "")) return undefined;
    const viewVersion = parameters.get("v") === "v1beta1" ? "v1beta1" : "v1";
    const view = this.#viewOf(encoding, parameters);
    if (!view) return undefined;
    const contentType = `application/${subtypes[encoding]}${encoding === "json" ? "" : this.#suffix}`;
    const asList = parameters.get("as") === "PartialObjectMetadataList";
    return { view, encoding, contentType, viewVersion, asList, pretty: parameters.get("pretty") === "1" };
  }

  #viewOf(encoding: Encoding, parameters: ReadonlyMap<string, string>): View | undefined {
    const as = parameters.get("as") ?? "";
    if (as === "" && !parameters.has("g") && !parameters.has("v")) {
      return encoding === "protobuf" && !this.#objectsAsProtobuf ? undefined : "object";
    }
    if (!this.#views || parameters.get("g") !== "meta.k8s.io") return undefined;
    if (parameters.get("v") !== "v1" && parameters.get("v") !== "v1beta1") return undefined;
    if (as === "Table") return encoding === "protobuf" ? undefined : "table";
    return as === "PartialObjectMetadata" || as === "PartialObjectMetadataList" ? "partial" : undefined;
  }
}

const knownLimit = 256;

const subtypes: Readonly<Record<Encoding, string>> = {
  json: "json",
  yaml: "yaml",
  protobuf: "vnd.kubernetes.protobuf",
};

/** Built-in kinds, as objects or lists. */
export const builtInOffer = new Offer(["json", "yaml", "protobuf"], { views: true });
/** Kinds without a protobuf message, such as custom resources; their metadata has one. */
export const customOffer = new Offer(["json", "yaml", "protobuf"], { views: true, objectsAsProtobuf: false });
/** Documents that are always sent as they are. */
export const documentOffer = new Offer(["json", "yaml", "protobuf"]);
export const builtInWatchOffer = new Offer(["json", "protobuf"], { views: true, stream: true });
export const customWatchOffer = new Offer(["json", "protobuf"], {
  views: true,
  stream: true,
  objectsAsProtobuf: false,
});

/** What a client gets that asks for nothing. */
export const plainJson: AcceptedForm = {
  view: "object",
  encoding: "json",
  contentType: "application/json",
  viewVersion: "v1",
  asList: false,
  pretty: false,
};

/** Media types of request bodies, for 415 messages. */
export const servedMediaTypes = documentOffer.mediaTypes;
export const customBodyTypes: readonly string[] = ["application/json", "application/yaml"];

/** The request's wishes about the layout of JSON. */
export interface LayoutWish {
  readonly query: URLSearchParams;
  readonly userAgent: string | undefined;
}

/** The form, indented for those who asked for it and for the programs with which people look at answers. */
export function withLayout(form: AcceptedForm, { query, userAgent }: LayoutWish): AcceptedForm {
  if (form.encoding !== "json" || form.pretty) return form;
  const asked = query.get("pretty");
  const pretty = asked ? trueTexts.has(asked) : userAgent !== undefined && peoplesPrograms.test(userAgent);
  return pretty ? { ...form, pretty } : form;
}

const trueTexts: ReadonlySet<string> = new Set(["1", "t", "T", "true", "True", "TRUE"]);
const peoplesPrograms = /^(?:curl|Wget|Mozilla\/5\.0)/;

interface Clause {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
  /** How unspecific the clause is. */
  readonly wildcards: number;
}

function parseClause(text: string): Clause {
  const [mediaType = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map(
    rest.map((part) => {
      const equals = part.indexOf("=");
      return equals < 0 ? [part.toLowerCase(), ""] : [part.slice(0, equals).toLowerCase(), part.slice(equals + 1)];
    }),
  );
  const [type = "", subtype = ""] = mediaType.toLowerCase().split("/");
  const quality = Number(parameters.get("q") ?? "1");
  const wildcards = Number(type === "*") + Number(subtype === "*" || mediaType === "*");
  return {
    type,
    subtype: mediaType === "*" ? "*" : subtype,
    parameters,
    quality: Number.isFinite(quality) ? quality : 0,
    wildcards,
  };
}
