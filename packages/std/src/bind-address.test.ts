import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { listenHost, parseBindAddress, plainAddress } from "./bind-address.ts";

const good: readonly [string, { host: string; port: number } | undefined][] = [
  ["", undefined],
  ["192.0.2.1", { host: "192.0.2.1", port: 9 }],
  ["::1", { host: "::1", port: 9 }],
  ["192.0.2.1:80", { host: "192.0.2.1", port: 80 }],
  ["[2001:db8::1]:80", { host: "2001:db8::1", port: 80 }],
];
for (const [text, expected] of good) {
  test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseBindAddress(text, 9), expected));
}

for (const text of ["localhost:80", "192.0.2.1:0", "192.0.2.1:70000", "[::1]"]) {
  test(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseBindAddress(text, 9), /must be/));
}

test("the unspecified IPv4 address stands for both families where there is IPv6", () => {
  const families = Object.values(networkInterfaces()).flatMap((found) => found?.map(({ family }) => family) ?? []);
  assert.equal(listenHost("0.0.0.0"), families.includes("IPv6") ? "::" : "0.0.0.0");
  assert.equal(listenHost("127.0.0.1"), "127.0.0.1");
  assert.equal(listenHost("::"), "::");
});

test("IPv4 addresses of peers lose their prefix", () => {
  assert.equal(plainAddress("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(plainAddress("2001:db8::1"), "2001:db8::1");
  assert.equal(plainAddress("192.0.2.1"), "192.0.2.1");
});
