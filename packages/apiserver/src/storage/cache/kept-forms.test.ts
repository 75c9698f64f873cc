import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StoredObject } from "./cached-object.ts";
import { KeptForms } from "./kept-forms.ts";

function stored(parsedForms: KeptForms, name: string): StoredObject {
  const context = { attributesOf: () => ({ labels: {}, fields: {} }), parsedForms, encodedForms: parsedForms };
  const json = JSON.stringify({ metadata: { name } }).padEnd(25, " ");
  return new StoredObject(context, name, "", 1n, Buffer.from(json));
}

describe("KeptForms", () => {
  it("keeps a form as long as there is room", () => {
    const forms = new KeptForms(300);
    const objects = ["a", "b", "c"].map((name) => stored(forms, name));
    const first = objects.map((object) => object.parsed());
    assert.equal(forms.bytes, 300);
    for (const [index, object] of objects.entries()) assert.equal(object.parsed(), first[index]);
  });

  it("makes room for new forms by what is old and was not used since", () => {
    const forms = new KeptForms(300);
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => stored(forms, name));
    assert.ok(a && b && c && d);
    const before = [a, b, c].map((object) => object.parsed());
    forms.age(61_000);
    assert.equal(a.parsed(), before[0]);
    const parsed = d.parsed();
    assert.equal(d.parsed(), parsed);
    assert.equal(forms.bytes, 300);
    assert.equal(a.parsed(), before[0], "it was used since");
    assert.notEqual(b.parsed(), before[1], "it was the oldest unused one");
    assert.deepEqual(b.parsed().metadata, { name: "b" });
  });

  it("keeps what it has when more comes at once than fits", () => {
    const forms = new KeptForms(300);
    const objects = ["a", "b", "c", "d"].map((name) => stored(forms, name));
    const first = objects.map((object) => object.parsed());
    const again = objects.map((object, index) => object.parsed() === first[index]);
    assert.deepEqual(again, [true, true, true, false]);
  });

  it("drops what was not used for two minutes", () => {
    const forms = new KeptForms(1_000);
    const [a, b] = ["a", "b"].map((name) => stored(forms, name));
    assert.ok(a && b);
    const before = [a.parsed(), b.parsed()];
    forms.age(119_000);
    a.parsed();
    forms.age(121_000);
    assert.equal(forms.bytes, 100);
    assert.deepEqual([a.parsed() === before[0], b.parsed() === before[1]], [true, false]);
    forms.age(242_000);
    forms.age(363_000);
    assert.equal(forms.bytes, 0);
  });

  it("stays within the bound whatever is used", () => {
    const forms = new KeptForms(1_000);
    const objects = Array.from({ length: 5_000 }, (_, index) => stored(forms, `k${index}`));
    for (const [index, object] of objects.entries()) {
      if (index % 100 === 0) forms.age(index * 1_000);
      object.parsed();
      objects[index % 7]?.parsed();
      assert.ok(forms.bytes <= 1_000, `${forms.bytes} bytes`);
    }
  });
});
