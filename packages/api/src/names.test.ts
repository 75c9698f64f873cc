import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { addressBits, addressFamily, cidrContains, cidrErrors, ipAddressErrors, parseCidr } from "./ip-address.ts";
import * as names from "./names.ts";

suite("names", () => {
  const cases: [check: (value: string) => string[], valid: string[], invalid: string[]][] = [
    [
      names.dns1123LabelErrors,
      ["a", "a-b", "0a", "a".repeat(63)],
      ["", "A", "-a", "a-", "a.b", "a_b", "a\n", "a".repeat(64), "ä"],
    ],
    [
      names.dns1123SubdomainErrors,
      ["a", "a.b", "1.2-3.c", "a".repeat(253)],
      ["", "a..b", ".a", "a.", "A.b", "a".repeat(254)],
    ],
    [names.dns1035LabelErrors, ["a", "a1", "a-1"], ["", "1a", "a.b", "A", "a-"]],
    [names.wildcardDns1123SubdomainErrors, ["*.a", "*.a.b"], ["*", "*.", "a.b", "*.*.a", "*a.b"]],
    [
      names.qualifiedNameErrors,
      ["a", "A_b.c-1", "example.com/a"],
      ["", "/a", "a/", "a/b/c", "-a", "a".repeat(64), "A.com/b"],
    ],
    [names.labelValueErrors, ["", "a", "A_b.c-1"], ["-", "a b", "a".repeat(64)]],
    [names.portNameErrors, ["http", "a-1", "1a"], ["", "1", "a--b", "-a", "A", "a".repeat(16)]],
    [names.cIdentifierErrors, ["a", "_A1"], ["", "1a", "a-b"]],
    [names.envVarNameErrors, ["A", "a.b", "1 b-"], ["", "a=b", "ü"]],
    [names.configMapKeyErrors, ["a", "a.b", "__proto__"], ["", ".", "..", "..a", "a/b"]],
    [names.pathSegmentNameErrors, ["a", "a:b", "..."], [".", "..", "a/b", "a%b"]],
    [names.percentErrors, ["1%", "100%"], ["", "1", "%", "a%"]],
    [names.httpHeaderNameErrors, ["X-A"], ["", "a b", "a:"]],
  ];
  for (const [check, valid, invalid] of cases) {
    test(check.name, () => {
      for (const value of valid) assert.deepEqual(check(value), [], value);
      for (const value of invalid) assert.notEqual(check(value).length, 0, JSON.stringify(value));
    });
  }

  test("the texts are upstream's", () => {
    assert.deepEqual(names.dns1123LabelErrors("A"), [
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    assert.deepEqual(names.dns1123LabelErrors("a.b"), ["must not contain dots"]);
    assert.deepEqual(names.labelValueErrors("a".repeat(64)), ["must be no more than 63 bytes"]);
    assert.deepEqual(names.portNumberErrors(0), ["must be between 1 and 65535, inclusive"]);
    assert.deepEqual(names.pathSegmentNameErrors("a/b%"), ["may not contain '/'", "may not contain '%'"]);
    assert.equal(names.maskTrailingDash("abc-"), "aba");
  });

  test("limits count bytes", () => {
    assert.equal(names.labelValueErrors("ü".repeat(40))[0], "must be no more than 63 bytes");
  });
});

suite("IP addresses", () => {
  test("validity", () => {
    for (const value of ["10.0.0.1", "::1", "2001:db8::ffff"]) assert.deepEqual(ipAddressErrors(value), [], value);
    for (const value of ["", "10.0.0", "10.0.0.256", "fe80::1%eth0", "010.0.0.1", "::ffff:10.0.0.1", "a"])
      assert.equal(ipAddressErrors(value).length, 1, value);
    for (const value of ["10.0.0.0/8", "::/0", "10.0.0.1/32"]) assert.deepEqual(cidrErrors(value), [], value);
    for (const value of ["10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "/8"])
      assert.equal(cidrErrors(value).length, 1, value);
  });

  test("containment", () => {
    const inside = (block: string, address: string) => {
      const cidr = parseCidr(block);
      assert.ok(cidr);
      return cidrContains(cidr, address);
    };
    assert.equal(inside("10.244.0.0/16", "10.244.3.9"), true);
    assert.equal(inside("10.244.0.0/16", "10.245.0.1"), false);
    assert.equal(inside("0.0.0.0/0", "1.2.3.4"), true);
    assert.equal(inside("0.0.0.0/0", "::1"), false);
    assert.equal(inside("fd00::/8", "fd12::1"), true);
    assert.equal(addressBits("1.2.3.4"), 0x0102_0304n);
    assert.equal(addressFamily("::ffff:1.2.3.4"), 4);
    assert.equal(addressBits("1::8"), (1n << 112n) + 8n);
    assert.equal(addressFamily("::"), 6);
  });
});
