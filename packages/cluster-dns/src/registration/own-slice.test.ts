import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { isCurrent, ownSliceNames, ownSlices } from "./own-slice.ts";

const presence = { nodeName: "n1", addresses: ["192.0.2.1", "2001:db8::1"], port: 53, metricsPort: 9153 };

test("a server has a slice for each family in which it answers", () => {
  const slices = ownSlices(presence);
  assert.deepEqual(
    slices.map(({ name }) => name),
    ownSliceNames("n1"),
  );
  assert.deepEqual(
    slices.map(({ addressType, endpoints }) => [addressType, endpoints[0]?.addresses, endpoints[0]?.nodeName]),
    [
      ["IPv4", ["192.0.2.1"], "n1"],
      ["IPv6", ["2001:db8::1"], "n1"],
    ],
  );
  assert.deepEqual(
    slices[0]?.ports?.map(({ name, port }) => [name, port]),
    [
      ["dns", 53],
      ["dns-tcp", 53],
      ["metrics", 9153],
    ],
  );
  assert.deepEqual(ownSlices({ ...presence, addresses: [] }), []);
  const [only] = ownSlices({ ...presence, addresses: ["2001:db8::1"], metricsPort: 0 });
  assert.equal(only?.addressType, "IPv6");
  assert.equal(only?.ports?.length, 2);
});

test("what others add to a slice's metadata is left alone, all else counts", () => {
  const [wanted] = ownSlices(presence);
  assert.ok(wanted);
  const { name, labels, ...content } = wanted;
  const existing: EndpointSlice = { metadata: { name, labels: { ...labels, more: "x" }, generation: 3 }, ...content };
  assert.equal(isCurrent(existing, wanted), true);
  assert.equal(isCurrent({ ...existing, endpoints: [] }, wanted), false);
  assert.equal(isCurrent({ ...existing, ports: [] }, wanted), false);
  assert.equal(isCurrent({ ...existing, metadata: { name } }, wanted), false);
});
