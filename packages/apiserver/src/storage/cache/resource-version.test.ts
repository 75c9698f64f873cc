import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withResourceVersion } from "./resource-version.ts";

const own = '{"kind":"Pod","apiVersion":"v1","metadata":{';

const cases: readonly { readonly name: string; readonly bytes: string; readonly expected: string }[] = [
  {
    name: "splices into our own layout",
    bytes: `${own}"name":"a"},"spec":{}}`,
    expected: `${own}"resourceVersion":"42","name":"a"},"spec":{}}`,
  },
  {
    name: "splices into empty metadata",
    bytes: `${own}},"spec":{}}`,
    expected: `${own}"resourceVersion":"42"},"spec":{}}`,
  },
  {
    name: "replaces the version of served JSON",
    bytes: `${own}"resourceVersion":"7","name":"ä"}}`,
    expected: `${own}"resourceVersion":"42","name":"ä"}}`,
  },
  {
    name: "replaces the only field of metadata",
    bytes: `${own}"resourceVersion":"123456789"},"spec":1}`,
    expected: `${own}"resourceVersion":"42"},"spec":1}`,
  },
  {
    name: "leaves other resourceVersions alone",
    bytes: `${own}"name":"a"},"involvedObject":{"resourceVersion":"7"}}`,
    expected: `${own}"resourceVersion":"42","name":"a"},"involvedObject":{"resourceVersion":"7"}}`,
  },
  {
    name: "lays out anew what has another order of fields",
    bytes: '{"apiVersion":"x.io/v1","kind":"Widget","metadata":{"name":"a","resourceVersion":"7"},"spec":{"b":1}}',
    expected: '{"kind":"Widget","apiVersion":"x.io/v1","metadata":{"resourceVersion":"42","name":"a"},"spec":{"b":1}}',
  },
  {
    name: "is not fooled by an object before metadata",
    bytes: '{"kind":"Odd","data":{"metadata":{"x":1}},"metadata":{"name":"a"},"apiVersion":"v1"}',
    expected:
      '{"kind":"Odd","apiVersion":"v1","metadata":{"resourceVersion":"42","name":"a"},"data":{"metadata":{"x":1}}}',
  },
  {
    name: "is not fooled by metadata in a text",
    bytes: '{"kind":"\\"metadata\\":{","apiVersion":"v1","metadata":{"name":"a"}}',
    expected: '{"kind":"\\"metadata\\":{","apiVersion":"v1","metadata":{"resourceVersion":"42","name":"a"}}',
  },
];

describe("withResourceVersion", () => {
  for (const { name, bytes, expected } of cases) {
    it(name, () => assert.equal(withResourceVersion(Buffer.from(bytes), 42n).toString(), expected));
  }

  it("rejects what is not JSON", () => {
    assert.throws(() => withResourceVersion(Buffer.from("k8s\0protobuf"), 1n), SyntaxError);
  });

  it("shares no memory with what it was given", () => {
    const bytes = Buffer.from(`${own}"name":"a"}}`);
    const served = withResourceVersion(bytes, 1n);
    assert.notEqual(served.buffer, bytes.buffer);
    assert.equal(served.buffer.byteLength, served.length);
  });
});
