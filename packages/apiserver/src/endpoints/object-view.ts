import type { Table, TableRow } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { TableColumns } from "../registry/resource-definition.ts";
import { startsWith, typePrefixOf } from "../storage/cache/resource-version.ts";
import { metadataJson } from "../storage/cache/managed-fields-text.ts";
import { encodedObject } from "../storage/watch-cache.ts";
import type { CachedObject, ObjectEncoding } from "../storage/watch-cache.ts";
import type { AcceptedForm } from "./negotiation.ts";
import { bookmarkMetadata, jsonFraming } from "./watch-framing.ts";
import type { WatchFraming } from "./watch-framing.ts";

/** How the objects of one request are shown: as they are, as table rows, or as metadata alone. */
export interface ObjectView {
  /** One object on its own, or in a watch event. */
  single(object: CachedObject): Buffer;
  /** One object inside a list. */
  item(object: CachedObject): Buffer;
  /** How many of the first bytes of the object's item give way to one `{`; 0 for one that goes into a list as it is. */
  itemSkip(object: CachedObject, item: Buffer): number;
  /**
   * Where items come from: stored as they are served, encoded once and kept for all who read them, or made for this
   * list as it is sent.
   */
  readonly items: "stored" | "encoded" | "made";
  /** What precedes the items of a list; the metadata is JSON. `itemsBytes` is 0 where items are made for the list. */
  listHead(metadata: string, itemsBytes: number): Buffer;
  /** What stands between the items of a list. */
  readonly separator: Buffer;
  readonly listTail: Buffer;
  readonly framing: WatchFraming;
}

const jsonLists = {
  itemSkip: () => 0,
  items: "made",
  separator: Buffer.from(","),
  listTail: Buffer.from("]}\n"),
} as const;

/** The objects themselves, in the version that the URL asks for, which they are converted to where it is not the stored one. */
export function plainView(
  kind: string,
  apiVersion: string,
  served: (object: CachedObject) => Buffer,
  isConverted = false,
): ObjectView {
  const prefix = typePrefixOf(kind, apiVersion);
  const prefixBytesOf = (item: Buffer) => (startsWith(item, prefix) ? prefix.length : 0);
  return {
    single: served,
    item: served,
    listHead: (metadata) =>
      Buffer.from(`{"kind":"${kind}List","apiVersion":"${apiVersion}","metadata":${metadata},"items":[`),
    ...jsonLists,
    items: isConverted ? "encoded" : "stored",
    itemSkip: isConverted
      ? (_object, item) => prefixBytesOf(item)
      : (object, item) => object.typeBytes ?? prefixBytesOf(item),
    framing: jsonFraming({ kind, apiVersion }, served),
  };
}

/** Only type and metadata. */
export function partialView(version: AcceptedForm["viewVersion"]): ObjectView {
  return partialViews[version];
}

const partialViews: Readonly<Record<AcceptedForm["viewVersion"], ObjectView>> = {
  v1: makePartialView("v1"),
  v1beta1: makePartialView("v1beta1"),
};

function makePartialView(version: AcceptedForm["viewVersion"]): ObjectView {
  const kind = "PartialObjectMetadata";
  const apiVersion = `meta.k8s.io/${version}`;
  const encoding: ObjectEncoding = { encode: (object) => Buffer.from(partialJson(apiVersion, object)) };
  const render = (object: CachedObject) => encodedObject(object, encoding);
  return {
    single: render,
    item: render,
    listHead: (metadata) =>
      Buffer.from(`{"kind":"${kind}List","apiVersion":"${apiVersion}","metadata":${metadata},"items":[`),
    ...jsonLists,
    framing: jsonFraming({ kind, apiVersion }, render),
  };
}

function partialJson(apiVersion: string, object: CachedObject): string {
  return `{"kind":"PartialObjectMetadata","apiVersion":"${apiVersion}","metadata":${metadataJson(object.parsed().metadata)}}`;
}

export type IncludeObject = "None" | "Metadata" | "Object";

export interface TableOptions<T extends KubeObject> {
  readonly columns: TableColumns<T>;
  readonly version: AcceptedForm["viewVersion"];
  readonly includeObject: IncludeObject;
  readonly nowMs: number;
  /** The object in the version that the URL asks for. */
  readonly served: (object: CachedObject) => KubeObject;
}

/** Rows of a Table, one for each object. */
export function tableView<T extends KubeObject>(options: TableOptions<T>): ObjectView {
  const { columns, version, nowMs } = options;
  const apiVersion = `meta.k8s.io/${version}`;
  const row = (object: CachedObject): TableRow => {
    const { cells, conditions } = columns.row(object.parsed() as T, nowMs);
    const included = includedObject(object, options);
    return { cells, ...(conditions && { conditions }), ...(included && { object: included }) };
  };
  const rowJson = (object: CachedObject): string => {
    if (options.includeObject !== "Metadata") return JSON.stringify(row(object));
    const { cells, conditions } = columns.row(object.parsed() as T, nowMs);
    const rest = conditions ? `,"conditions":${JSON.stringify(conditions)}` : "";
    return `{"cells":${JSON.stringify(cells)}${rest},"object":${partialJson(apiVersion, object)}}`;
  };
  const definitions = JSON.stringify(columns.definitions);
  const single = (object: CachedObject): Table => ({
    kind: "Table",
    apiVersion,
    metadata: { resourceVersion: String(object.revision) },
    columnDefinitions: [...columns.definitions],
    rows: [row(object)],
  });
  return {
    single: (object) => Buffer.from(JSON.stringify(single(object))),
    item: (object) => Buffer.from(rowJson(object)),
    listHead: (metadata) =>
      Buffer.from(
        `{"kind":"Table","apiVersion":"${apiVersion}","metadata":${metadata},"columnDefinitions":${definitions},"rows":[`,
      ),
    ...jsonLists,
    framing: tableFraming(version, single),
  };
}

/** One row an event; the columns are told with the first. */
function tableFraming(version: AcceptedForm["viewVersion"], single: (object: CachedObject) => Table): WatchFraming {
  const apiVersion = `meta.k8s.io/${version}`;
  let isFirst = true;
  const shown = (table: Table) => {
    const tableOrRow = isFirst ? table : { ...table, columnDefinitions: null };
    isFirst = false;
    return tableOrRow;
  };
  const line = (type: string, object: object) => Buffer.from(`${JSON.stringify({ type, object })}\n`);
  return {
    isShared: false,
    frame: (type, object) => line(type, shown(single(object))),
    bookmark: (revision, initialEventsEnd) => {
      const metadata = bookmarkMetadata(revision, initialEventsEnd);
      const object = { kind: "PartialObjectMetadata", apiVersion, metadata };
      const { resourceVersion } = metadata;
      const table = { kind: "Table", apiVersion, metadata: { resourceVersion }, columnDefinitions: null };
      return line("BOOKMARK", { ...table, rows: [{ cells: [], object }] });
    },
    error: (status) => line("ERROR", status),
  };
}

function includedObject<T extends KubeObject>(
  object: CachedObject,
  options: TableOptions<T>,
): Record<string, unknown> | undefined {
  switch (options.includeObject) {
    case "None":
      return undefined;
    case "Object":
      return { ...options.served(object) };
    default:
      return {
        kind: "PartialObjectMetadata",
        apiVersion: `meta.k8s.io/${options.version}`,
        metadata: object.parsed().metadata,
      };
  }
}
