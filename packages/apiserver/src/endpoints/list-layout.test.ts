import assert from "node:assert/strict";
import { test } from "node:test";
import { formatYaml } from "@kube-ts/std/yaml";
import type { CachedObject } from "../storage/watch-cache.ts";
import { makeListBody, PiecePool, wholeBody } from "./list-body.ts";
import { laidOutView } from "./list-layout.ts";
import type { AcceptedForm } from "./negotiation.ts";
import { plainView } from "./object-view.ts";

const values = [
  "plain",
  "two\nlines\n",
  "\n  indented\n\n  after an empty line",
  '"quoted": \\n',
  "yes",
  "é\u2028中",
  "",
];

function object(index: number, value: string): CachedObject {
  const whole = {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: `c${index}`, labels: {} },
    data: { value, "a b": value },
    list: [{ nested: [value] }, [], {}],
  };
  const bytes = Buffer.from(JSON.stringify(whole));
  const { kind: _kind, apiVersion: _version, ...shown } = whole;
  const cached = { key: `c${index}`, name: `c${index}`, namespace: "", revision: 1n, bytes, labels: {}, fields: {} };
  return { ...cached, parsed: () => shown };
}

const objects = values.map((value, index) => object(index, value));
const metadata = { resourceVersion: "12", continue: "x" };
const list = { kind: "ConfigMapList", apiVersion: "v1", metadata, items: objects.map((each) => each.parsed()) };

for (const [encoding, text] of [
  ["json", JSON.stringify(list, null, 2)],
  ["yaml", formatYaml(list)],
] as const) {
  test(`a list as ${encoding} is laid out item by item as it would be as a whole`, async () => {
    const form = { encoding, pretty: true } as AcceptedForm;
    const view = laidOutView(
      plainView("ConfigMap", "v1", ({ bytes }) => bytes),
      form,
    );
    const signal = AbortSignal.timeout(5_000);
    const body = await makeListBody(objects, view, JSON.stringify(metadata), new PiecePool(), signal);
    assert.equal((await wholeBody(body, signal)).toString(), text);
  });
}
