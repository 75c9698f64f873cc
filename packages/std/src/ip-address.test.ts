import assert from "node:assert/strict";
import { test } from "node:test";
import { cidrContains, formatCidr, formatIpAddress, ipFamilyOf, parseCidr, parseIpAddress } from "./ip-address.ts";

const canonical: readonly (readonly [string, string])[] = [
  ["0.0.0.0", "0.0.0.0"],
  ["10.96.0.1", "10.96.0.1"],
  ["255.255.255.255", "255.255.255.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["fd00::", "fd00::"],
  ["FD00:0:0:0:0:0:0:A", "fd00::a"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["64:ff9b::10.0.0.1", "64:ff9b::a00:1"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
];

for (const [text, expected] of canonical) {
  test(`address ${text} is written ${expected}`, () => {
    const address = parseIpAddress(text);
    assert.ok(address);
    assert.equal(formatIpAddress(address), expected);
  });
}

const refused = ["", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1 ", ":", ":::", "1:2:3:4:5:6:7", "1::2::3"];
for (const text of [...refused, "1:2:3:4:5:6:7:8::", "12345::", "fe80::1%eth0", "::1.2.3", "1.2.3.4::", "g::"]) {
  test(`${JSON.stringify(text)} is no address`, () => assert.equal(ipFamilyOf(text), undefined));
}

test("ranges are masked and know their members", () => {
  const pods = parseCidr("10.244.3.7/16");
  const wide = parseCidr("fd00:10::/48");
  const all = parseCidr("0.0.0.0/0");
  assert.ok(pods && wide && all);
  assert.equal(formatCidr(pods), "10.244.0.0/16");
  const member = (cidr: typeof pods, text: string) => {
    const address = parseIpAddress(text);
    return address !== undefined && cidrContains(cidr, address);
  };
  assert.equal(member(pods, "10.244.255.1"), true);
  assert.equal(member(pods, "10.245.0.0"), false);
  assert.equal(member(wide, "fd00:10:0:5::1"), true);
  assert.equal(member(wide, "fd00:11::1"), false);
  assert.equal(member(all, "8.8.8.8"), true);
  assert.equal(member(all, "fd00::1"), false);
});

for (const text of ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "fd00::/129", "x/8", "10.0.0.0/"]) {
  test(`${text} is no range`, () => assert.equal(parseCidr(text), undefined));
}
