import assert from "node:assert/strict";
import { test } from "node:test";
import { base32 } from "./base32.ts";

test("the examples of RFC 4648, without padding", () => {
  const examples = {
    "": "",
    f: "MY",
    fo: "MZXQ",
    foo: "MZXW6",
    foob: "MZXW6YQ",
    fooba: "MZXW6YTB",
    foobar: "MZXW6YTBOI",
  };
  for (const [text, expected] of Object.entries(examples)) assert.equal(base32(Buffer.from(text)), expected);
  assert.equal(base32(Buffer.alloc(4, 0xff)), "777777Y");
});
