import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StoredObject } from "./cached-object.ts";
import { ParsedForms } from "./parsed-forms.ts";

function stored(parsedForms: ParsedForms, name: string): StoredObject {
  const context = { attributesOf: () => ({ labels: {}, fields: {} }), parsedForms, encodedForms: parsedForms };
  const json = JSON.stringify({ metadata: { name } }).padEnd(100, " ");
  return new StoredObject(context, name, "", 1n, Buffer.from(json));
}

describe("ParsedForms", () => {
  it("keeps a form as long as there is room", () => {
    const forms = new ParsedForms(300);
    const objects = ["a", "b", "c"].map((name) => stored(forms, name));
    const first = objects.map((object) => object.parsed());
    assert.equal(forms.bytes, 300);
    for (const [index, object] of objects.entries()) assert.equal(object.parsed(), first[index]);
  });

  it("drops the oldest that was not used since", () => {
    const forms = new ParsedForms(300);
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => stored(forms, name));
    assert.ok(a && b && c && d);
    const before = [a, b, c].map((object) => object.parsed());
    assert.equal(a.parsed(), before[0]);
    d.parsed();
    assert.equal(forms.bytes, 300);
    assert.equal(a.parsed(), before[0], "it was used since");
    assert.notEqual(b.parsed(), before[1], "it was the oldest unused one");
    assert.deepEqual(b.parsed().metadata, { name: "b" });
  });

  it("stays within the bound whatever is used", () => {
    const forms = new ParsedForms(1_000);
    const objects = Array.from({ length: 5_000 }, (_, index) => stored(forms, `k${index}`));
    for (const [index, object] of objects.entries()) {
      object.parsed();
      objects[index % 7]?.parsed();
      assert.ok(forms.bytes <= 1_100, `${forms.bytes} bytes`);
    }
  });
});
