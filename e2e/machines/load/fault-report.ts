/** What was measured of one fault: figures by name, as they are to be printed. */
export type FaultFigures = Readonly<Record<string, string>>;

/** Collects figures per fault and prints them as a table, one row per fault. */
export class FaultReport {
  readonly #rows: { readonly fault: string; readonly figures: FaultFigures }[] = [];

  add(fault: string, figures: FaultFigures): void {
    this.#rows.push({ fault, figures });
  }

  /** The table; columns are in the order in which they were first named. */
  format(): string {
    const columns = [...new Set(this.#rows.flatMap(({ figures }) => Object.keys(figures)))];
    const lines = [
      ["FAULT", ...columns.map((column) => column.toUpperCase())],
      ...this.#rows.map(({ fault, figures }) => [fault, ...columns.map((column) => figures[column] ?? "-")]),
    ];
    const widths = ["", ...columns].map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
    const pad = (line: readonly string[]) => line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("   ");
    return `${lines.map((line) => pad(line).trimEnd()).join("\n")}\n`;
  }
}

/** A duration as reports have it. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
