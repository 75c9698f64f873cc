import assert from "node:assert/strict";
import { test } from "node:test";
import { builtInOffer, builtInWatchOffer, customOffer, documentOffer, plainJson, withLayout } from "./negotiation.ts";
import type { Offer } from "./negotiation.ts";

const protobuf = "application/vnd.kubernetes.protobuf";
const table = "as=Table;v=v1;g=meta.k8s.io";
const partial = "as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

const cases: readonly (readonly [string, Offer, string | undefined, string | undefined])[] = [
  ["objects", builtInOffer, undefined, "object json"],
  ["objects", builtInOffer, "*/*", "object json"],
  ["objects", builtInOffer, "application/*", "object json"],
  ["objects", builtInOffer, "application/json", "object json"],
  ["objects", builtInOffer, "application/yaml", "object yaml"],
  ["objects", builtInOffer, `${protobuf}, application/json`, "object protobuf"],
  ["objects", builtInOffer, `${protobuf},*/*`, "object protobuf"],
  ["objects", builtInOffer, `*/*, ${protobuf}`, "object protobuf"],
  ["objects", builtInOffer, `${protobuf};q=0.5, application/json`, "object json"],
  ["objects", builtInOffer, `application/json;${table},application/json`, "table json"],
  ["objects", builtInOffer, "application/json;as=Table;v=v1beta1;g=meta.k8s.io", "table json"],
  ["objects", builtInOffer, `${protobuf};${table},application/json;${table}`, "table json"],
  ["objects", builtInOffer, `${protobuf};${table}`, undefined],
  ["objects", builtInOffer, `${protobuf};${partial},application/json;${partial}`, "partial protobuf"],
  ["objects", builtInOffer, "application/json;as=Table;v=v7;g=meta.k8s.io,application/json", "object json"],
  ["objects", builtInOffer, "application/json;as=Table", undefined],
  ["objects", builtInOffer, "application/json;as=Sculpture;v=v1;g=meta.k8s.io", undefined],
  ["objects", builtInOffer, "text/html", undefined],
  ["objects", builtInOffer, "application/cbor", undefined],
  ["objects", builtInOffer, "text/html;q=0.9,application/yaml;q=0.5,application/json;q=0.4", "object yaml"],
  ["custom resources", customOffer, protobuf, undefined],
  ["custom resources", customOffer, `${protobuf},application/json`, "object json"],
  ["custom resources", customOffer, `${protobuf};${partial}`, "partial protobuf"],
  ["documents", documentOffer, `application/json;${table},application/json`, "object json"],
  ["watches", builtInWatchOffer, "application/json;stream=watch", "object json"],
  ["watches", builtInWatchOffer, `${protobuf};stream=watch`, "object protobuf"],
  ["watches", builtInWatchOffer, "application/json;stream=other", undefined],
  ["watches", builtInWatchOffer, "application/yaml", undefined],
];

for (const [what, offer, accept, expected] of cases) {
  test(`${what}: ${accept ?? "no Accept header"} is answered with ${expected ?? "406"}`, () => {
    const form = offer.accept(accept);
    assert.equal(form && `${form.view} ${form.encoding}`, expected);
  });
}

test("what is offered is told in upstream's order", () => {
  assert.deepEqual(builtInOffer.mediaTypes, ["application/json", "application/yaml", protobuf]);
  assert.deepEqual(builtInWatchOffer.mediaTypes, ["application/json;stream=watch", `${protobuf};stream=watch`]);
});

test("streams of JSON are plain JSON, those of protobuf say what they are", () => {
  assert.equal(builtInWatchOffer.accept(undefined)?.contentType, "application/json");
  assert.equal(builtInWatchOffer.accept(protobuf)?.contentType, `${protobuf};stream=watch`);
});

const layouts: readonly (readonly [string, string | undefined, boolean])[] = [
  ["", undefined, false],
  ["", "kubectl/v1.36.0", false],
  ["", "curl/7.88.1", true],
  ["", "Mozilla/5.0 (X11)", true],
  ["pretty=true", "kubectl/v1.36.0", true],
  ["pretty=0", "curl/7.88.1", false],
];

for (const [query, userAgent, pretty] of layouts) {
  test(`?${query} of ${userAgent ?? "an unknown client"} is ${pretty ? "indented" : "not indented"}`, () => {
    assert.equal(withLayout(plainJson, { query: new URLSearchParams(query), userAgent }).pretty, pretty);
  });
}
