import assert from "node:assert/strict";
import { test } from "node:test";
import { renderRestore } from "@kube-ts/iptables/restore-format";
import { ruleArguments } from "@kube-ts/iptables/rule";
import type { Rule } from "@kube-ts/iptables/rule";
import type { SavedChain, SavedRule, SavedTables, TableName } from "@kube-ts/iptables/save-format";
import type { ProxyTable, RuleSet, TableRules } from "../rules/rule-set.ts";
import { buildRules } from "../rules/build-rules.ts";
import { endpointsByPort } from "../model/endpoint.ts";
import { servicePorts } from "../model/service-port.ts";
import { makeService, makeSlice, ruleOptions } from "../testing/proxy-fixtures.ts";
import { hasLoopbackGuard, planChanges, planCleanup, planResync, sameRuleSets } from "./plan-changes.ts";

const counters = { packets: 0n, bytes: 0n };
const builtIn: Readonly<Record<ProxyTable, readonly string[]>> = {
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
};

type MutableSaved = Map<TableName, Map<string, { policy: string | undefined; rules: SavedRule[] } & SavedChain>>;

/** The tables as they are once the rules are in place. */
function inPlace(rules: RuleSet | undefined): MutableSaved {
  const saved: MutableSaved = new Map();
  for (const [table, chains] of Object.entries(builtIn) as [ProxyTable, readonly string[]][]) {
    const own: TableRules | undefined = rules?.get(table);
    const names = [...chains, ...(own?.shared ?? []), ...(own?.chains.keys() ?? [])];
    const contents = names.map((name) => {
      const ensured = (own?.ensured ?? []).filter((entry) => entry.chain === name).map((entry) => entry.rule);
      const held = [...ensured.reverse(), ...(own?.chains.get(name) ?? [])];
      const policy = chains.includes(name) ? "ACCEPT" : undefined;
      return [name, { policy, counters, rules: held.map(savedRule) }] as const;
    });
    saved.set(table, new Map(contents));
  }
  return saved;
}

function savedRule(rule: Rule): SavedRule {
  return printed(...ruleArguments(rule));
}

function printed(...args: string[]): SavedRule {
  return { args, text: args.join(" ") };
}

function rulesWith(...ips: string[]): RuleSet {
  const endpoints = endpointsByPort([makeSlice(ips.map((ip) => ({ ip })))], "IPv4", "n1").get("ns/web:http/tcp") ?? [];
  return buildRules(
    servicePorts(makeService(), "IPv4").map((port) => ({ port, endpoints })),
    ruleOptions,
  ).rules;
}

const cluster = "KUBE-SVC-HMALVVKA6APKJPPY";
const second = "KUBE-SEP-W2BONUJLCZBKNJQR";

test("nothing is written when nothing changed", () => {
  assert.deepEqual(planChanges(rulesWith("10.244.1.2"), rulesWith("10.244.1.2")), []);
  assert.deepEqual(planResync(inPlace(rulesWith("10.244.1.2")), rulesWith("10.244.1.2")), []);
});

test("rules are the same only when they are in all chains, shared ones too", () => {
  const rules = rulesWith("10.244.1.2");
  const nat = rules.get("nat");
  assert.ok(nat);
  assert.equal(sameRuleSets(rules, rulesWith("10.244.1.2")), true);
  assert.equal(sameRuleSets(rules, rulesWith("10.244.1.3")), false);
  for (const other of [
    { ...nat, ensured: nat.ensured.slice(1) },
    { ...nat, ensured: nat.ensured.toReversed() },
    { ...nat, shared: [...nat.shared, "KUBE-OTHER"] },
  ]) {
    assert.equal(sameRuleSets(rules, new Map([...rules, ["nat", other]])), false);
    assert.equal(sameRuleSets(new Map([...rules, ["nat", other]]), rules), false);
  }
});

test("a new endpoint rewrites its Service's chain and no other", () => {
  const plan = planChanges(rulesWith("10.244.1.2"), rulesWith("10.244.1.2", "10.244.2.2"));
  assert.deepEqual(
    plan.map((table) => [table.table, [...(table.replace?.keys() ?? [])], table.remove]),
    [["nat", [cluster, second], []]],
  );
});

test("an endpoint that went away takes its chain with it", () => {
  const plan = planChanges(rulesWith("10.244.1.2", "10.244.2.2"), rulesWith("10.244.1.2"));
  assert.deepEqual(
    plan.map((table) => [table.table, [...(table.replace?.keys() ?? [])], table.remove]),
    [["nat", [cluster], [second]]],
  );
});

test("the last endpoint's end moves the Service from the nat table to a refusal", () => {
  const plan = planChanges(rulesWith("10.244.2.2"), rulesWith());
  const text = renderRestore(plan);
  assert.match(text, /-A KUBE-SERVICES -d 10\.96\.0\.10\/32 -p tcp .*has no endpoints.* -j REJECT/);
  assert.ok(text.includes(`-X ${cluster}`));
  assert.ok(text.includes(`-X ${second}`));
});

test("an empty host gets everything, and the jumps in upstream's order", () => {
  const plan = planResync(inPlace(undefined), rulesWith("10.244.1.2"));
  const text = renderRestore(plan);
  const jumps = text.split("\n").filter((line) => line.startsWith("-I "));
  assert.deepEqual(
    jumps.map((line) => `${line.split(" ")[1]} ${line.split(" ").at(-1)}`),
    [
      "INPUT KUBE-EXTERNAL-SERVICES",
      "FORWARD KUBE-EXTERNAL-SERVICES",
      "INPUT KUBE-NODEPORTS",
      "FORWARD KUBE-SERVICES",
      "OUTPUT KUBE-SERVICES",
      "FORWARD KUBE-FORWARD",
      "INPUT KUBE-PROXY-FIREWALL",
      "OUTPUT KUBE-PROXY-FIREWALL",
      "FORWARD KUBE-PROXY-FIREWALL",
      "KUBE-FIREWALL DROP",
      "INPUT KUBE-FIREWALL",
      "OUTPUT KUBE-FIREWALL",
      "OUTPUT KUBE-SERVICES",
      "PREROUTING KUBE-SERVICES",
      "POSTROUTING KUBE-POSTROUTING",
    ],
  );
});

const damages: readonly (readonly [string, (saved: MutableSaved) => void])[] = [
  ["a flushed table", (saved) => saved.get("filter")?.forEach((chain) => chain.rules.splice(0))],
  ["a lost table", (saved) => saved.set("nat", inPlace(undefined).get("nat") ?? new Map())],
  ["a lost jump", (saved) => saved.get("nat")?.get("PREROUTING")?.rules.splice(0)],
  ["a doubled jump", (saved) => double(saved.get("nat")?.get("OUTPUT")?.rules)],
  ["a lost chain", (saved) => void saved.get("nat")?.delete(cluster)],
  ["a changed rule", (saved) => void saved.get("nat")?.get(second)?.rules.splice(0, 1, printed("-j", "RETURN"))],
  ["an added rule", (saved) => void saved.get("nat")?.get("KUBE-SERVICES")?.rules.push(printed("-j", "RETURN"))],
  ["rules in another order", (saved) => void saved.get("nat")?.get(second)?.rules.reverse()],
  ["a lost canary", (saved) => void saved.get("mangle")?.delete("KUBE-PROXY-CANARY")],
  ["a lost loopback guard", (saved) => saved.get("filter")?.get("KUBE-FIREWALL")?.rules.splice(0)],
  [
    "a leftover chain with a jump to it",
    (saved) => {
      const nat = saved.get("nat");
      nat?.set("KUBE-SVC-OLD", { policy: undefined, counters, rules: [] });
      nat?.get("PREROUTING")?.rules.push(printed("-j", "KUBE-SVC-OLD"));
    },
  ],
];

function double(rules: SavedRule[] | undefined): void {
  rules?.push(...rules);
}

for (const [name, damage] of damages) {
  test(`repairs ${name}`, () => {
    const desired = rulesWith("10.244.1.2", "10.244.2.2");
    const saved = inPlace(desired);
    damage(saved);
    const plan = planResync(saved, desired);
    assert.notDeepEqual(plan, []);
    assert.deepEqual(planResync(applyPlan(saved, plan), desired), []);
  });
}

test("foreign chains and rules are left alone", () => {
  const desired = rulesWith("10.244.1.2");
  const saved = inPlace(desired);
  const own: SavedRule = printed("-d", "192.0.2.1/32", "-j", "DOCKER");
  saved.get("nat")?.set("DOCKER", { policy: undefined, counters, rules: [own] });
  saved.get("nat")?.get("PREROUTING")?.rules.push(own);
  saved
    .get("filter")
    ?.get("KUBE-FIREWALL")
    ?.rules.push(printed("-m", "mark", "--mark", "0x8000/0x8000", "-j", "DROP"));
  assert.deepEqual(planResync(saved, desired), []);
});

test("cleanup removes all of ours and nothing else", () => {
  const saved = inPlace(rulesWith("10.244.1.2"));
  const own: SavedRule = printed("-j", "DOCKER");
  saved.get("nat")?.set("DOCKER", { policy: undefined, counters, rules: [own] });
  saved.get("nat")?.get("PREROUTING")?.rules.push(own);
  assert.equal(hasLoopbackGuard(saved), true);
  const left = applyPlan(saved, planCleanup(saved));
  const expected = inPlace(undefined);
  expected.get("nat")?.set("DOCKER", { policy: undefined, counters, rules: [own] });
  expected.get("nat")?.get("PREROUTING")?.rules.push(own);
  assert.deepEqual(left, expected);
  assert.deepEqual(planCleanup(left), []);
  assert.equal(hasLoopbackGuard(left), false);
});

test("cleanup leaves a firewall chain that another program uses, without our rule", () => {
  const saved = inPlace(rulesWith("10.244.1.2"));
  const foreign: SavedRule = printed("-m", "mark", "--mark", "0x8000/0x8000", "-j", "DROP");
  saved.get("filter")?.get("KUBE-FIREWALL")?.rules.push(foreign);
  const filter = applyPlan(saved, planCleanup(saved)).get("filter");
  assert.deepEqual(filter?.get("KUBE-FIREWALL")?.rules, [foreign]);
  assert.deepEqual(
    filter?.get("INPUT")?.rules.map((rule) => rule.args),
    [["-j", "KUBE-FIREWALL"]],
  );
});

/** What iptables-restore would make of the tables. */
function applyPlan(saved: SavedTables, plan: ReturnType<typeof planResync>): MutableSaved {
  const next: MutableSaved = new Map(
    [...saved].map(([table, chains]) => [
      table,
      new Map([...chains].map(([name, chain]) => [name, { ...chain, rules: [...chain.rules] }])),
    ]),
  );
  for (const change of plan) {
    const chains = next.get(change.table);
    assert.ok(chains);
    for (const name of change.remove ?? []) chains.get(name)?.rules.splice(0);
    for (const [name, rules] of change.replace ?? []) {
      chains.set(name, { policy: undefined, counters, rules: rules.map(savedRule) });
    }
    for (const { chain, rule } of change.delete ?? []) {
      const rules = chains.get(chain)?.rules;
      const at = rules?.findIndex((candidate) => candidate.args.join(" ") === rule.args.join(" ")) ?? -1;
      assert.notEqual(at, -1);
      rules?.splice(at, 1);
    }
    for (const { chain, rule } of change.insert ?? []) chains.get(chain)?.rules.unshift(savedRule(rule));
    for (const name of change.remove ?? []) chains.delete(name);
    for (const { rules } of chains.values()) {
      for (const rule of rules) assert.ok(!change.remove?.includes(rule.args.at(-1) ?? ""), "removed while used");
    }
  }
  return next;
}
