import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CachedObject, ObjectEncoding } from "../watch-cache.ts";
import { ObjectEvent } from "./cache-event.ts";
import { StoredObject } from "./cached-object.ts";
import { KeptForms } from "./kept-forms.ts";

class CountingEncoding implements ObjectEncoding {
  calls = 0;

  encode({ name }: CachedObject): Buffer {
    this.calls += 1;
    return Buffer.from(name.padEnd(100));
  }
}

function stored(encodedForms: KeptForms, name: string): StoredObject {
  const parsedForms = new KeptForms(1_000);
  const context = { attributesOf: () => ({ labels: {}, fields: {} }), parsedForms, encodedForms };
  return new StoredObject(context, name, "", 1n, Buffer.from(JSON.stringify({ metadata: { name } })));
}

describe("forms in other encodings", () => {
  it("are made once for each encoding", () => {
    const object = stored(new KeptForms(2_000), "a");
    const [one, other] = [new CountingEncoding(), new CountingEncoding()];
    for (let reads = 0; reads < 3; reads += 1) {
      assert.equal(object.encoded(one), object.encoded(one));
      object.encoded(other);
    }
    assert.deepEqual([one.calls, other.calls], [1, 1]);
  });

  it("are not kept when there is no room, and dropped when they are old", () => {
    const forms = new KeptForms(1_500);
    const encoding = new CountingEncoding();
    const objects = ["a", "b", "c", "d"].map((name) => stored(forms, name));
    for (let reads = 0; reads < 2; reads += 1) for (const object of objects) object.encoded(encoding);
    assert.ok(forms.bytes <= 1_500);
    assert.equal(encoding.calls, 6, "two forms have room");
    forms.age(1_000_000);
    forms.age(2_000_000);
    assert.equal(forms.bytes, 0);
    assert.equal(objects[0]?.encoded(encoding).toString().trim(), "a");
    assert.equal(encoding.calls, 7);
  });

  it("keep no more memory than they count", () => {
    const forms = new KeptForms(100_000);
    const encoding = { encode: () => Buffer.from("x".repeat(100)) };
    const objects = ["a", "b", "c"].map((name) => stored(forms, name));
    const kept = new Set(objects.map((object) => object.encoded(encoding).buffer));
    assert.ok([...kept].reduce((sum, { byteLength }) => sum + byteLength, 0) <= forms.bytes);
    assert.equal(objects[0]?.encoded(encoding).toString(), "x".repeat(100));
  });

  it("leave nothing parsed behind", () => {
    const forms = new KeptForms(1_000);
    const parsedForms = new KeptForms(1_000);
    const context = { attributesOf: () => ({ labels: {}, fields: {} }), parsedForms, encodedForms: forms };
    const object = new StoredObject(context, "a", "", 1n, Buffer.from('{"metadata":{"name":"a"}}'));
    const encoding = { encode: (read: CachedObject) => Buffer.from(JSON.stringify(read.parsed())) };
    assert.equal(object.encoded(encoding).toString(), '{"metadata":{"name":"a"}}');
    assert.equal(parsedForms.bytes, 0);
  });
});

describe("frames of an event", () => {
  it("are made once for each framing", () => {
    const event = ObjectEvent.put(stored(new KeptForms(1_000), "a"), undefined, 0);
    let calls = 0;
    const framing = { frame: (type: string) => Buffer.from(`${type} ${(calls += 1)}`) };
    const first = event.frame("ADDED", event.object, framing);
    assert.equal(event.frame("ADDED", event.object, framing), first);
    assert.match(event.frame("ADDED", event.object).toString(), /^\{"type":"ADDED","object":\{"metadata"/);
    assert.equal(event.frame("MODIFIED", event.object, framing).toString(), "MODIFIED 2");
    event.dropFrames();
    assert.equal(event.frame("ADDED", event.object, framing).toString(), "ADDED 3");
  });
});
