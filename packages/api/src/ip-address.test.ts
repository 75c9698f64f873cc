import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canonicalCidrErrors, canonicalIpAddressErrors, cidrErrors, ipAddressErrors } from "./ip-address.ts";

describe("addresses in canonical form", () => {
  for (const [value, ...errors] of [
    ["10.0.0.1"],
    ["2001:db8::1"],
    ["x", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"],
    ["10.0.0.01", "must not have leading 0s"],
    ["::ffff:10.0.0.1", "must not be an IPv4-mapped IPv6 address"],
    ["2001:DB8::1", 'must be in canonical form ("2001:db8::1")'],
  ] as const) {
    it(value, () => assert.deepEqual(canonicalIpAddressErrors(value), errors));
  }
});

describe("ranges in canonical form", () => {
  for (const [value, ...errors] of [
    ["10.0.0.0/8"],
    ["2001:db8::/64"],
    ["10.0.0.0", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"],
    ["10.0.0.0/08", "must not have leading 0s in IP or prefix length"],
    ["::ffff:10.0.0.0/8", "must not have an IPv4-mapped IPv6 address"],
    ["10.1.0.0/8", "must not have bits set beyond the prefix length"],
    ["2001:DB8::/64", 'must be in canonical form ("2001:db8::/64")'],
  ] as const) {
    it(value, () => assert.deepEqual(canonicalCidrErrors(value), errors));
  }
});

describe("addresses and ranges that are not canonical", () => {
  it("are accepted where older fields take them", () => {
    assert.deepEqual(ipAddressErrors("2001:DB8::1"), []);
    assert.deepEqual(cidrErrors("2001:DB8::/64"), []);
  });
});
