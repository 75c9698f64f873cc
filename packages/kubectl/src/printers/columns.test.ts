import assert from "node:assert/strict";
import { test } from "node:test";
import { humanDuration } from "./age.ts";
import { CustomColumns } from "./custom-columns.ts";
import { formatJson } from "./json.ts";
import { sortByPath } from "./sort-by.ts";
import { alignTabs, describeLayout, tableLayout } from "./tab-writer.ts";
import { TablePrinter } from "./table.ts";
import { safeText } from "./terminal-text.ts";

const options = {
  wide: false,
  headers: true,
  namespaceColumn: false,
  kindPrefix: "",
  showLabels: false,
  labelColumns: [],
};
const table = {
  columns: [
    { name: "Name", priority: 0 },
    { name: "Ready", priority: 0 },
    { name: "Node", priority: 1 },
  ],
  rows: [
    { cells: ["web", "1/1", "n1"], object: { metadata: { name: "web", namespace: "ns", labels: { app: "a" } } } },
    { cells: ["a-long-name", "two\nlines", "n2"], object: { metadata: { name: "a-long-name" } } },
  ],
};

test("columns are as wide as their widest cell and three spaces", () => {
  assert.equal(
    new TablePrinter(options).format(table),
    "NAME          READY\nweb           1/1\na-long-name   two...\n",
  );
});

test("wide, labels, namespaces and kinds add to a table", () => {
  const printer = new TablePrinter({
    ...options,
    wide: true,
    namespaceColumn: true,
    kindPrefix: "pod",
    showLabels: true,
    labelColumns: ["x/app"],
  });
  assert.equal(
    printer.format({ ...table, rows: table.rows.slice(0, 1) }),
    "NAMESPACE   NAME      READY   NODE   APP   LABELS\nns          pod/web   1/1     n1           app=a\n",
  );
});

test("a watch keeps the widths of earlier rows", () => {
  const printer = new TablePrinter(options);
  printer.format(table);
  assert.equal(printer.format({ columns: [], rows: table.rows.slice(0, 1) }), "web           1/1\n");
});

test("a line without a cell ends the columns above it", () => {
  assert.equal(
    alignTabs("a:\tb\nlong-key:\tc\nplain\nx:\ty\n", describeLayout),
    "a:         b\nlong-key:  c\nplain\nx:  y\n",
  );
  assert.equal(alignTabs("A\tB\n\tx\n", tableLayout), "A     B\n      x\n");
});

test("custom columns print values and <none>", () => {
  const columns = CustomColumns.fromSpec("NAME:.metadata.name,PORTS:spec.ports[*].port,X:.spec.nope", true);
  const object = { metadata: { name: "s" }, spec: { ports: [{ port: 80 }, { port: 443 }] } };
  assert.equal(columns.format(object), "NAME   PORTS    X\ns      80,443   <none>\n");
  assert.throws(() => CustomColumns.fromSpec("NAME", true), /unexpected custom-columns spec: NAME/);
});

test("JSON has sorted keys and Go's escapes", () => {
  assert.equal(formatJson({ b: "<&>", a: [] }), '{\n    "a": [],\n    "b": "\\u003c\\u0026\\u003e"\n}\n');
});

test("control sequences in names become visible", () => {
  assert.equal(safeText("a\x1b[31mb\x07"), "a^[[31mb?");
});

test("sorting compares numbers, quantities and natural texts", () => {
  const sort = (values: readonly unknown[]) =>
    sortByPath(
      values.map((v) => ({ v })),
      ".v",
      (item) => item,
    ).map(({ v }) => v);
  assert.deepEqual(sort([10, 9, 1]), [1, 9, 10]);
  assert.deepEqual(sort(["1Gi", "100Mi", "2k"]), ["2k", "100Mi", "1Gi"]);
  assert.deepEqual(sort(["pod-10", "pod-9"]), ["pod-9", "pod-10"]);
  assert.throws(() => sort([undefined]), /couldn't find any field/);
});

test("ages have at most two units", () => {
  const texts = [0, 119, 120, 599, 600, 10_799, 10_800, 28_800, 172_800, 700_000, 63_072_000, 400_000_000].map((s) =>
    humanDuration(s * 1_000),
  );
  assert.deepEqual(texts, ["0s", "119s", "2m", "9m59s", "10m", "179m", "3h", "8h", "2d", "8d", "2y", "12y"]);
});
