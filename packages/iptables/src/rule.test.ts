import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRule } from "./parse-rule.ts";
import { ruleArguments, ruleKey } from "./rule.ts";
import type { Rule } from "./rule.ts";

/** A rule and how iptables-save 1.8.9 prints it, quotes left out. */
const rules: readonly (readonly [Rule, string])[] = [
  [
    { mark: { not: { value: 0x4000, mask: 0x4000 } }, target: { kind: "return" } },
    "-m mark ! --mark 0x4000/0x4000 -j RETURN",
  ],
  [{ target: { kind: "set-mark", mark: { value: 0x4000, mask: 0 } } }, "-j MARK --set-xmark 0x4000/0x0"],
  [{ target: { kind: "masquerade", fullyRandom: true } }, "-j MASQUERADE --random-fully"],
  [{ target: { kind: "masquerade", fullyRandom: false } }, "-j MASQUERADE"],
  [
    { source: { is: "10.244.0.2/32" }, comment: "default/web:http", target: { kind: "jump", chain: "KUBE-MARK-MASQ" } },
    "-s 10.244.0.2/32 -m comment --comment default/web:http -j KUBE-MARK-MASQ",
  ],
  [
    {
      source: { not: "10.244.0.0/16" },
      destination: { is: "10.96.0.10/32" },
      protocol: "tcp",
      destinationPort: 80,
      target: { kind: "jump", chain: "KUBE-MARK-MASQ" },
    },
    "! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ",
  ],
  [
    {
      destination: { not: "127.0.0.0/8" },
      destinationIsLocal: true,
      target: { kind: "jump", chain: "KUBE-NODEPORTS" },
    },
    "! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS",
  ],
  [{ sourceIsLocal: true, target: { kind: "accept" } }, "-m addrtype --src-type LOCAL -j ACCEPT"],
  [{ inInterface: { not: "cni+" }, target: { kind: "return" } }, "! -i cni+ -j RETURN"],
  [
    { recent: { list: "KUBE-SEP-A", action: "check", seconds: 10800 }, target: { kind: "jump", chain: "KUBE-SEP-A" } },
    "-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --mask 255.255.255.255 --rsource -j KUBE-SEP-A",
  ],
  [
    {
      protocol: "udp",
      recent: { list: "KUBE-SEP-A", action: "set" },
      target: { kind: "dnat", address: "[fd00::1]:53" },
    },
    "-p udp -m recent --set --name KUBE-SEP-A --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource -m udp -j DNAT --to-destination [fd00::1]:53",
  ],
  [
    { probability: 1 / 3, target: { kind: "jump", chain: "KUBE-SEP-A" } },
    "-m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-A",
  ],
  [
    { connectionState: { not: ["RELATED", "ESTABLISHED", "DNAT"] }, target: { kind: "drop" } },
    "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP",
  ],
  [
    { protocol: "sctp", destinationPort: 9, target: { kind: "reject" } },
    "-p sctp -m sctp --dport 9 -j REJECT --reject-with icmp-port-unreachable",
  ],
  [{ target: { kind: "reject" } }, "-j REJECT --reject-with icmp6-port-unreachable"],
  [{ comment: "counts" }, "-m comment --comment counts"],
];

for (const [rule, saved] of rules) {
  test(`read as saved: ${saved}`, () => {
    const parsed = parseRule(saved.split(" "));
    assert.ok(parsed);
    assert.equal(ruleKey(parsed), ruleKey(rule));
  });
  test(`read as written: ${ruleArguments(rule).join(" ")}`, () => {
    const parsed = parseRule(ruleArguments(rule));
    assert.ok(parsed);
    assert.equal(ruleKey(parsed), ruleKey(rule));
  });
}

const foreign = [
  "-m statistic --mode nth --every 3 -j DROP",
  "-s 10.0.0.1/32 -o eth0 -j ACCEPT",
  "-j DNAT --to-source 1.2.3.4",
  "-j REJECT --reject-with tcp-reset",
  "-m recent --rcheck --seconds 5 --name X -j DROP",
  "-m recent --set --name X --mask 255.255.255.0 --rsource",
  "! -p tcp -j DROP",
  "-p icmp -j DROP",
  "-m mark --mark zero -j DROP",
  "-p tcp -m tcp --dport 80:90 -j DROP",
  "-j MARK --set-mark 0x1",
  "-d",
];
for (const text of foreign) {
  test(`not in the project's language: ${text}`, () => assert.equal(parseRule(text.split(" ")), undefined));
}

test("different rules have different keys", () => {
  const keys = rules.map(([rule]) => ruleKey(rule));
  // The two REJECT rules differ in protocol, so that all are distinct.
  assert.equal(new Set(keys).size, keys.length);
});

test("a destination port needs a protocol", () => {
  assert.throws(() => ruleArguments({ destinationPort: 80 }), TypeError);
});
