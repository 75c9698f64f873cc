import assert from "node:assert/strict";
import { test } from "node:test";
import { negotiate } from "./negotiation.ts";

const cases: readonly (readonly [string | undefined, string | undefined])[] = [
  [undefined, "object json"],
  ["*/*", "object json"],
  ["application/json", "object json"],
  ["application/yaml", "object yaml"],
  ["application/vnd.kubernetes.protobuf, application/json", "object json"],
  ["application/json;as=Table;v=v1;g=meta.k8s.io,application/json", "table json"],
  ["application/json;as=Table;v=v1beta1;g=meta.k8s.io", "table json"],
  ["application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", "partial json"],
  ["application/json;as=Table;v=v7;g=meta.k8s.io,application/json", "object json"],
  ["application/json;as=Sculpture;v=v1;g=meta.k8s.io", undefined],
  ["text/html", undefined],
  ["text/html;q=0.9,application/yaml;q=0.5,application/json;q=0.4", "object yaml"],
];

for (const [accept, expected] of cases) {
  test(`${accept ?? "no Accept header"} is answered with ${expected ?? "406"}`, () => {
    const form = negotiate(accept);
    assert.equal(form && `${form.view} ${form.encoding}`, expected);
  });
}
