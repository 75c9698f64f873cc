import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeHeaders, encodeHeaders } from "./hpack.ts";

/** Field lists and blocks of RFC 7541, appendix C, that refer to nothing remembered. */
const examples: readonly (readonly [hex: string, fields: Record<string, string>])[] = [
  ["040c2f73616d706c652f70617468", { ":path": "/sample/path" }],
  ["100870617373776f726406736563726574", { password: "secret" }],
  ["82", { ":method": "GET" }],
  ["828684410f7777772e6578616d706c652e636f6d", { ":method": "GET", ":scheme": "http", ":path": "/", ":authority": "www.example.com" }],
  ["828684418cf1e3c2e5f23a6ba0ab90f4ff", { ":method": "GET", ":scheme": "http", ":path": "/", ":authority": "www.example.com" }],
  [
    "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
    { ":status": "302", "cache-control": "private", date: "Mon, 21 Oct 2013 20:13:21 GMT", location: "https://www.example.com" },
  ],
]; // prettier-ignore

describe("header blocks", () => {
  it("are read as RFC 7541 has them", () => {
    for (const [hex, fields] of examples) {
      const decoded = decodeHeaders(Buffer.from(hex, "hex"));
      assert.deepEqual(decoded && Object.fromEntries(decoded), fields);
    }
  });

  it("are read as they were written, whatever their length", () => {
    const fields = [0, 1, 126, 127, 128, 300, 20_000].map((length) => [`name-${length}`, "v".repeat(length)] as const);
    assert.deepEqual(decodeHeaders(encodeHeaders(fields)), new Map(fields));
  });

  it("are refused when they are cut off, or refer to a table that is not kept", () => {
    for (const [hex] of examples.slice(0, 2)) {
      for (let size = 2; size < hex.length; size += 2) {
        assert.equal(decodeHeaders(Buffer.from(hex.slice(0, size), "hex")), undefined, hex.slice(0, size));
      }
    }
    for (const hex of ["80", "be", "ff00", "3fe11f", "7f8181818181", "0083ffffff", "0082fffe00"]) {
      assert.equal(decodeHeaders(Buffer.from(hex, "hex")), undefined, hex);
    }
  });
});
