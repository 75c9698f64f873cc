import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { createIptables } from "./iptables.ts";
import { parseRule } from "./parse-rule.ts";
import { ruleKey } from "./rule.ts";
import type { ToolRunner } from "./tool-process.ts";
import type { Rule } from "./rule.ts";
import { createNetworkNamespace } from "./testing/network-namespace.ts";

const signal = AbortSignal.timeout(60_000);
const uniqueName = () => `kube-ts-ipt-${randomBytes(4).toString("hex")}`;

const rulesOf = (local: string, remote: string, dnat: string): Rule[] => [
  { mark: { not: { value: 0x4000, mask: 0x4000 } }, target: { kind: "return" } },
  { target: { kind: "set-mark", mark: { value: 0x4000, mask: 0 } } },
  { target: { kind: "set-mark", mark: { value: 0x4000, mask: 0x4000 } } },
  {
    source: { not: remote },
    destination: { is: local },
    protocol: "tcp",
    destinationPort: 80,
    target: { kind: "return" },
  },
  { inInterface: { is: "cni+" }, target: { kind: "return" } },
  { sourceIsLocal: true, comment: 'say "hi" \\ there', target: { kind: "return" } },
  { destinationIsLocal: true, destination: { not: local }, target: { kind: "return" } },
  { connectionState: { not: ["RELATED", "ESTABLISHED", "DNAT"] }, target: { kind: "return" } },
  { connectionState: { is: ["NEW"] }, target: { kind: "return" } },
  ...[2, 3, 7, 10, 1000].map((n): Rule => ({ probability: 1 / n, target: { kind: "return" } })),
  { recent: { list: "KUBE-IPT-TEST", action: "check", seconds: 10800 }, target: { kind: "return" } },
  {
    protocol: "udp",
    recent: { list: "KUBE-IPT-TEST", action: "set" },
    target: { kind: "dnat", address: dnat },
  },
  { comment: "only counts" },
];

const families = [
  { family: "IPv4", rules: rulesOf("10.96.0.10/32", "10.244.0.0/16", "10.244.0.2:53") },
  { family: "IPv6", rules: rulesOf("fd00:96::10/128", "fd00:244::/64", "[fd00:244::2]:53") },
] as const;

/** Runs the tools of one backend instead of those that the host prefers. */
function withBackend(runner: ToolRunner, backend: "nft" | "legacy"): ToolRunner {
  const rename = (command: string) => command.replace(/^(ip6?tables)/, `$1-${backend}`);
  return (run, runSignal) => runner({ ...run, command: rename(run.command) }, runSignal);
}

const backends = families.flatMap((entry) => (["nft", "legacy"] as const).map((backend) => ({ ...entry, backend })));

for (const { family, rules, backend } of backends) {
  test(`${family} on ${backend}: what was written is read back equal`, async (t) => {
    await using namespace = await createNetworkNamespace(uniqueName(), signal);
    const iptables = createIptables({ family }, withBackend(namespace.runner, backend));
    const version = await iptables.version(signal).catch(() => undefined);
    if (!version) return t.skip(`no tools for ${backend}`);
    assert.equal(version.backend, backend);
    await iptables.restore([{ table: "nat", replace: new Map([["KUBE-TEST", rules]]) }], signal);
    const saved = (await iptables.save(signal)).get("nat")?.get("KUBE-TEST");
    assert.ok(saved);
    const keys = saved.rules.map((rule) => {
      const parsed = parseRule(rule.args);
      assert.ok(parsed, `not understood: ${rule.args.join(" ")}`);
      return ruleKey(parsed);
    });
    assert.deepEqual(keys, rules.map(ruleKey));
  });
}

test("a transaction leaves everything else alone and can be undone", async () => {
  await using namespace = await createNetworkNamespace(uniqueName(), signal);
  const iptables = createIptables({ family: "IPv4" }, namespace.runner);
  await namespace.run("iptables", "-t", "nat", "-N", "OTHER");
  await namespace.run("iptables", "-t", "nat", "-A", "OUTPUT", "-d", "192.0.2.1", "-j", "OTHER");
  const before = await namespace.run("iptables", "-t", "nat", "-S");

  const jump: Rule = { comment: "to the test", target: { kind: "jump", chain: "KUBE-TEST" } };
  const chains = new Map<string, Rule[]>([
    ["KUBE-TEST", [{ target: { kind: "jump", chain: "KUBE-TEST-NEXT" } }]],
    ["KUBE-TEST-NEXT", []],
  ]);
  await iptables.restore([{ table: "nat", replace: chains, insert: [{ chain: "OUTPUT", rule: jump }] }], signal);
  const saved = (await iptables.save(signal)).get("nat");
  const output = saved?.get("OUTPUT")?.rules ?? [];
  assert.deepEqual(
    output.map((rule) => rule.args.at(-1)),
    ["KUBE-TEST", "OTHER"],
  );
  assert.equal(saved?.get("KUBE-TEST")?.rules.length, 1);

  const [first] = output;
  assert.ok(first);
  const remove = ["KUBE-TEST", "KUBE-TEST-NEXT"];
  await iptables.restore([{ table: "nat", delete: [{ chain: "OUTPUT", rule: first }], remove }], signal);
  assert.equal(await namespace.run("iptables", "-t", "nat", "-S"), before);
});

test("a refused line is named and nothing of its table is applied", async () => {
  await using namespace = await createNetworkNamespace(uniqueName(), signal);
  const iptables = createIptables({ family: "IPv4" }, namespace.runner);
  const bad: Rule[] = [{ target: { kind: "return" } }, { destination: { is: "300.1.1.1/32" } }];
  const restore = iptables.restore([{ table: "nat", replace: new Map([["KUBE-TEST", bad]]) }], signal);
  await assert.rejects(restore, (error: unknown) => {
    assert.ok(error instanceof Error && "code" in error && "detail" in error);
    assert.equal(error.code, "invalid");
    assert.match(error.message, /300\.1\.1\.1.* at line 4 \(-A KUBE-TEST -d 300\.1\.1\.1\/32\)/);
    return true;
  });
  assert.equal((await iptables.save(signal)).get("nat")?.get("KUBE-TEST"), undefined);
});

test("a chain that is still used is not removed", async () => {
  await using namespace = await createNetworkNamespace(uniqueName(), signal);
  const iptables = createIptables({ family: "IPv4" }, namespace.runner);
  const chains = new Map<string, Rule[]>([
    ["KUBE-A", [{ target: { kind: "jump", chain: "KUBE-B" } }]],
    ["KUBE-B", []],
  ]);
  await iptables.restore([{ table: "filter", replace: chains }], signal);
  await assert.rejects(iptables.restore([{ table: "filter", remove: ["KUBE-B"] }], signal), { code: "in-use" });
  assert.equal((await iptables.save(signal)).get("filter")?.get("KUBE-A")?.rules.length, 1);
});

test("the version and backend are known", async () => {
  const { version, backend } = await createIptables({ family: "IPv4" }).version(signal);
  assert.match(version, /^1\.\d+\.\d+$/);
  assert.ok(backend === "nft" || backend === "legacy");
});
