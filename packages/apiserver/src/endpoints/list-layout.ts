import { formatYaml } from "@kube-ts/std/yaml";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";

/** The layout of a list for people: JSON that is indented, or YAML. */
interface Layout {
  /** The list with no items, up to where they begin. */
  head(list: unknown): string;
  item(item: unknown): string;
  readonly separator: string;
  readonly tail: string;
}

const emptyJson = "[]\n}";
const emptyYaml = " []\n";

const indentedJson: Layout = {
  head: (list) => `${JSON.stringify(list, null, 2).slice(0, -emptyJson.length)}[`,
  // A line break in JSON is never part of a value.
  item: (item) => `\n    ${JSON.stringify(item, null, 2).replaceAll("\n", "\n    ")}`,
  separator: ",",
  tail: "\n  ]\n}",
};

const yaml: Layout = {
  head: (list) => `${formatYaml(list).slice(0, -emptyYaml.length)}\n`,
  item: (item) => formatYaml([item]).replaceAll(/(^|\n)(?=[^\n])/g, "$1  "),
  separator: "",
  tail: "",
};

/**
 * The view with its lists laid out as the form asks: the same text as if the whole list were, made item by item. For lists
 * that have items, which stand last in them.
 */
export function laidOutView(view: ObjectView, { encoding }: AcceptedForm): ObjectView {
  const layout = encoding === "yaml" ? yaml : indentedJson;
  return {
    ...view,
    items: "made",
    itemSkip: () => 0,
    listHead: (metadata) => {
      const empty = Buffer.concat([view.listHead(metadata, 0), view.listTail]);
      return Buffer.from(layout.head(JSON.parse(empty.toString())));
    },
    item: (object) => Buffer.from(layout.item(JSON.parse(itemJson(view, object)))),
    separator: Buffer.from(layout.separator),
    listTail: Buffer.from(layout.tail),
  };
}

function itemJson(view: ObjectView, object: CachedObject): string {
  const item = view.item(object);
  const skip = view.itemSkip(object, item);
  return skip === 0 ? item.toString() : `{${item.toString("utf8", skip)}`;
}
