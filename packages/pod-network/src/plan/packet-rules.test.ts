import assert from "node:assert/strict";
import { test } from "node:test";
import { renderRestore } from "@kube-ts/iptables/restore-format";
import { ruleArguments } from "@kube-ts/iptables/rule";
import { parseSave } from "@kube-ts/iptables/save-format";
import { farNode, nearNode, ownNode } from "../testing/network-fixtures.ts";
import { canonicalCidr } from "./cluster-node.ts";
import { planFilterChanges } from "./filter-changes.ts";
import { packetRules } from "./packet-rules.ts";

const settings = {
  masquerade: true,
  clusterCidrs: canonicalCidr("10.244.0.0/16"),
  nonMasqueradeCidrs: canonicalCidr("172.30.0.0/16"),
};

test("pods keep their addresses towards pods, nodes and what is configured", () => {
  const [ipv4, ipv6] = packetRules(settings, ownNode, [nearNode, farNode]);
  const text = (rules: typeof ipv4) => rules?.chains[0]?.rules.map((rule) => ruleArguments(rule).join(" "));
  assert.deepEqual(text(ipv4), [
    "! -s 10.244.1.0/24 -m comment --comment not from pods of this node -j RETURN",
    "-d 10.244.0.0/16 -j RETURN",
    "-d 172.30.0.0/16 -j RETURN",
    "-d 192.0.2.1/32 -j RETURN",
    "-d 192.0.2.2/32 -j RETURN",
    "-d 198.51.100.3/32 -j RETURN",
    "-d 224.0.0.0/4 -j RETURN",
    "-m comment --comment pods outside the cluster -j MASQUERADE --random-fully",
  ]);
  assert.deepEqual(text(ipv6)?.slice(1, -1), [
    "-d 2001:db8::1/128 -j RETURN",
    "-d 2001:db8::2/128 -j RETURN",
    "-d 2001:db8:1::3/128 -j RETURN",
    "-d fd00:1::/64 -j RETURN",
    "-d fd00:2::/64 -j RETURN",
    "-d fd00:3::/64 -j RETURN",
    "-d ff00::/8 -j RETURN",
  ]);
});

test("without masquerading the chain is empty", () => {
  const [ipv4] = packetRules({ ...settings, masquerade: false }, ownNode, []);
  assert.deepEqual(ipv4?.chains[0]?.rules, []);
});

/** What iptables-save shows after the rules were written, under a rule of somebody else. */
function savedText(): string {
  const [ipv4] = packetRules(settings, ownNode, [nearNode]);
  const written = renderRestore(planFilterChanges(new Map(), ipv4?.chains ?? []));
  return written
    .replace("*nat", "*nat\n:POSTROUTING ACCEPT [0:0]")
    .replace("*filter", "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -s 10.9.0.0/16 -j DROP");
}

const damages: readonly [string, (text: string) => string, RegExp | undefined][] = [
  ["nothing", (text) => text, undefined],
  ["a jump is gone", (text) => text.replace(/^-A FORWARD .*POD.*\n/m, ""), /^-A FORWARD .* -j POD-NETWORK-FORWARD$/m],
  ["a rule is gone", (text) => text.replace(/^-A POD-NETWORK-MASQ -d 224.*\n/m, ""), /^:POD-NETWORK-MASQ/m],
  [
    "a rule was added",
    (text) => text.replace("COMMIT", "-A POD-NETWORK-MASQ -d 9.9.9.9/32 -j ACCEPT\nCOMMIT"),
    /^:POD-NETWORK-MASQ/m,
  ],
];
for (const [name, damage, repair] of damages) {
  test(`the packet filter is repaired: ${name}`, () => {
    const [ipv4] = packetRules(settings, ownNode, [nearNode]);
    const text = renderRestore(planFilterChanges(parseSave(damage(savedText())), ipv4?.chains ?? []));
    if (repair) assert.match(text, repair);
    else assert.equal(text, "");
    assert.doesNotMatch(text, /10\.9\.0\.0/);
  });
}
