export interface TabWriterOptions {
  readonly minWidth: number;
  readonly padding: number;
  /** Columns never get narrower from one flush to the next. */
  readonly rememberWidths?: boolean;
}

/** How `get` and its relatives align columns. */
export const tableLayout: TabWriterOptions = { minWidth: 6, padding: 3, rememberWidths: true };
/** How `describe` aligns columns. */
export const describeLayout: TabWriterOptions = { minWidth: 0, padding: 2 };

/**
 * Aligns tab-terminated cells as Go's text/tabwriter does: a column is a run of adjacent lines that have a cell there;
 * the text after a line's last tab belongs to no column.
 */
export class TabWriter {
  readonly #options: TabWriterOptions;
  readonly #maxWidths: number[] = [];
  #text = "";

  constructor(options: TabWriterOptions) {
    this.#options = options;
  }

  write(text: string): void {
    this.#text += text;
  }

  /** What was written since the last flush, aligned. */
  flush(): string {
    const lines = this.#text.split("\n").map((line) => line.split("\t"));
    this.#text = "";
    const output: string[] = [];
    this.#format(lines, 0, lines.length, [], output);
    return output.join("\n");
  }

  #format(lines: readonly string[][], start: number, end: number, widths: number[], output: string[]): void {
    const column = widths.length;
    let begin = start;
    for (let at = start; at < end; at += 1) {
      if (column >= (lines[at]?.length ?? 0) - 1) continue;
      writeLines(lines.slice(begin, at), widths, output);
      begin = at;
      let width = this.#options.minWidth;
      for (; at < end; at += 1) {
        const line = lines[at] ?? [];
        if (column >= line.length - 1) break;
        width = Math.max(width, textWidth(line[column] ?? "") + this.#options.padding);
      }
      if (this.#options.rememberWidths) {
        width = Math.max(width, this.#maxWidths[column] ?? 0);
        this.#maxWidths[column] = width;
      }
      this.#format(lines, begin, at, [...widths, width], output);
      begin = at;
    }
    writeLines(lines.slice(begin, end), widths, output);
  }
}

function writeLines(lines: readonly string[][], widths: readonly number[], output: string[]): void {
  for (const line of lines) {
    const cells = line.map((cell, index) => {
      const width = widths[index];
      return width === undefined ? cell : cell + " ".repeat(Math.max(0, width - textWidth(cell)));
    });
    output.push(cells.join(""));
  }
}

function textWidth(text: string): number {
  // oxlint-disable-next-line no-control-regex -- the common case needs no splitting into characters
  return /^[\x00-\x7f]*$/.test(text) ? text.length : [...text].length;
}

/** Aligns one text. */
export function alignTabs(text: string, options: TabWriterOptions): string {
  const writer = new TabWriter(options);
  writer.write(text);
  return writer.flush();
}
