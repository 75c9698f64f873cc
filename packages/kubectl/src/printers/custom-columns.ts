import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import { goValue } from "@kube-ts/api/go-value";
import { JsonPath, relaxedPath } from "@kube-ts/api/json-path/json-path";
import { TabWriter, tableLayout } from "./tab-writer.ts";
import { safeText } from "./terminal-text.ts";

interface Column {
  readonly header: string;
  readonly path: JsonPath;
}

/** Prints objects as rows of columns that the user named. */
export class CustomColumns {
  readonly #columns: readonly Column[];
  readonly #writer = new TabWriter(tableLayout);
  #headers: boolean;

  private constructor(columns: readonly Column[], headers: boolean) {
    this.#columns = columns;
    this.#headers = headers;
  }

  /** From `HEADER:path,HEADER:path`. Throws a CommandError. */
  static fromSpec(spec: string, headers: boolean): CustomColumns {
    if (spec === "") throw new CommandError("custom-columns format specified but no custom columns given");
    const columns = spec.split(",").map((part) => {
      const colon = part.indexOf(":");
      if (colon < 0) {
        throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
      }
      return column(part.slice(0, colon), part.slice(colon + 1));
    });
    return new CustomColumns(columns, headers);
  }

  /** From a template of two lines: headers, and the paths under them. Throws a CommandError. */
  static fromTemplate(template: string, headers: boolean): CustomColumns {
    const [titles = "", paths = ""] = template.split("\n");
    const headerCells = titles.split(/\s+/).filter((cell) => cell !== "");
    const pathCells = paths.split(/\s+/).filter((cell) => cell !== "");
    if (headerCells.length !== pathCells.length) {
      throw new CommandError(
        `number of headers (${headerCells.length}) and field specifications (${pathCells.length}) don't match`,
      );
    }
    return new CustomColumns(
      headerCells.map((header, index) => column(header, pathCells[index] ?? "")),
      headers,
    );
  }

  /** The rows of an object, or of the items of a list; the headers come before the first ones. */
  format(object: unknown): string {
    if (this.#headers) this.#writer.write(`${this.#columns.map(({ header }) => header).join("\t")}\n`);
    this.#headers = false;
    const items = isRecord(object) && Array.isArray(object["items"]) ? object["items"] : [object];
    for (const item of items) {
      this.#writer.write(`${this.#columns.map(({ path }) => cell(path, item)).join("\t")}\n`);
    }
    return this.#writer.flush();
  }
}

function column(header: string, path: string): Column {
  return { header, path: new JsonPath(relaxedPath(path), { allowMissingKeys: true }) };
}

function cell(path: JsonPath, item: unknown): string {
  const values = path.find(item).flat();
  if (values.length === 0) return "<none>";
  return values.map((value) => safeText(value === null ? "<none>" : goValue(value))).join(",");
}
