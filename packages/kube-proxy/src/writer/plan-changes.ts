import { hash } from "node:crypto";
import { parseRule } from "@kube-ts/iptables/parse-rule";
import type { TableTransaction, Transaction } from "@kube-ts/iptables/restore-format";
import { ruleKey } from "@kube-ts/iptables/rule";
import type { Rule } from "@kube-ts/iptables/rule";
import type { SavedChain, SavedRule, SavedTable, SavedTables } from "@kube-ts/iptables/save-format";
import { loopbackGuardRule } from "../rules/base-rules.ts";
import { chain, isOwnedChain } from "../rules/chain-names.ts";
import type { EnsuredRule, ProxyTable, RuleSet, TableRules } from "../rules/rule-set.ts";

/**
 * How the tools print rules that were once found to be in place, as a digest. Rules and their arrays stay as long as
 * their Service does, so that keeping this makes most comparisons cheap.
 */
export type PrintedForms = WeakMap<readonly Rule[], string>;

/** The tables in the order in which they are written. */
export const proxyTables: readonly ProxyTable[] = ["filter", "nat", "mangle"];

/** From rules that are known to be in place to the desired ones: only chains that differ are written. */
export function planChanges(current: RuleSet, desired: RuleSet): Transaction {
  return proxyTables.flatMap((table) => {
    const before = current.get(table)?.chains ?? new Map<string, readonly Rule[]>();
    const after = desired.get(table)?.chains ?? new Map<string, readonly Rule[]>();
    const replace = new Map([...after].filter(([name, rules]) => !sameRules(before.get(name), rules)));
    const remove = [...before.keys()].filter((name) => !after.has(name));
    return nonEmpty({ table, replace, remove });
  });
}

/** Whether both ask for the same of the packet filter. */
export function sameRuleSets(one: RuleSet, other: RuleSet): boolean {
  if (planChanges(one, other).length > 0) return false;
  return proxyTables.every((table) => {
    const { shared = [], ensured = [] } = one.get(table) ?? {};
    const rules = other.get(table);
    return (
      shared.join() === rules?.shared.join() &&
      ensured.length === rules.ensured.length &&
      ensured.every((entry, index) => {
        const counterpart = rules.ensured[index];
        return counterpart !== undefined && ensuredKey(entry) === ensuredKey(counterpart);
      })
    );
  });
}

/**
 * From whatever is in the tables to the desired rules. Chains of the proxy's own that hold anything else are
 * rewritten, unwanted ones removed, missing rules in shared chains put at their head, and rules that lead from
 * other chains into the proxy's removed unless wanted. An empty plan means that nothing has drifted. `printedForms`
 * may be kept from call to call.
 */
export function planResync(
  saved: SavedTables,
  desired: RuleSet,
  printedForms: PrintedForms = new WeakMap(),
): Transaction {
  return proxyTables.flatMap((table) => {
    const rules = desired.get(table);
    const now = saved.get(table) ?? new Map<string, SavedChain>();
    return rules ? nonEmpty(planTable(table, now, rules, printedForms)) : [];
  });
}

/** Removes everything that the proxy ever puts into the tables. */
export function planCleanup(saved: SavedTables): Transaction {
  return proxyTables.flatMap((table) => {
    const now = saved.get(table) ?? new Map<string, SavedChain>();
    const firewall = now.get(chain.firewall);
    const ours = (name: string) => isOwnedChain(name) || (name === chain.firewall && guardsOnlyLoopback(firewall));
    const obsolete = [...now].flatMap(([name, { rules }]) => {
      if (ours(name)) return [];
      return rules.filter((rule) => isObsolete(name, rule, ours)).map((rule) => ({ chain: name, rule }));
    });
    return nonEmpty({ table, delete: obsolete, remove: [...now.keys()].filter(ours) });
  });
}

/** Whether the tables hold the rule that keeps loopback addresses private, which the proxy adds when it routes them. */
export function hasLoopbackGuard(saved: SavedTables): boolean {
  const rules = saved.get("filter")?.get(chain.firewall)?.rules ?? [];
  return rules.some(isLoopbackGuard);
}

function isObsolete(chainName: string, rule: SavedRule, ours: (name: string) => boolean): boolean {
  const target = jumpTarget(rule);
  if (target !== undefined && ours(target)) return true;
  return chainName === chain.firewall && isLoopbackGuard(rule);
}

function isLoopbackGuard(rule: SavedRule): boolean {
  return savedKey(rule) === ruleKey(loopbackGuardRule);
}

function guardsOnlyLoopback(firewall: SavedChain | undefined): boolean {
  return firewall !== undefined && firewall.rules.every(isLoopbackGuard);
}

function planTable(
  table: ProxyTable,
  now: SavedTable,
  desired: TableRules,
  printedForms: PrintedForms,
): TableTransaction {
  const replace = new Map<string, readonly Rule[]>();
  for (const [name, rules] of desired.chains) {
    if (!holdsExactly(now.get(name), rules, printedForms)) replace.set(name, rules);
  }
  for (const name of desired.shared) {
    if (!now.has(name)) replace.set(name, []);
  }
  return {
    table,
    replace,
    delete: unwantedJumps(now, desired),
    insert: desired.ensured.filter((entry) => countRule(now.get(entry.chain), entry.rule) === 0),
    remove: [...now.keys()].filter((name) => isOwnedChain(name) && !desired.chains.has(name)),
  };
}

/** Rules from foreign chains into the proxy's that are not wanted, or stand there more than once. */
function unwantedJumps(now: SavedTable, desired: TableRules): readonly { chain: string; rule: SavedRule }[] {
  const wanted = new Set(desired.ensured.map(ensuredKey));
  const found: { chain: string; rule: SavedRule }[] = [];
  for (const [name, { rules }] of now) {
    if (isOwnedChain(name)) continue;
    for (const rule of rules) {
      const target = jumpTarget(rule);
      if (target === undefined || !isOwnedChain(target)) continue;
      const key = `${name}\0${savedKey(rule)}`;
      // The first of equal rules may stay.
      if (!wanted.delete(key)) found.push({ chain: name, rule });
    }
  }
  return found;
}

function ensuredKey(entry: EnsuredRule): string {
  return `${entry.chain}\0${ruleKey(entry.rule)}`;
}

function countRule(chain: SavedChain | undefined, rule: Rule): number {
  const key = ruleKey(rule);
  return (chain?.rules ?? []).filter((saved) => savedKey(saved) === key).length;
}

function holdsExactly(chain: SavedChain | undefined, rules: readonly Rule[], printedForms: PrintedForms): boolean {
  if (!chain || chain.rules.length !== rules.length) return false;
  const printed = hash("sha1", chain.rules.map((saved) => saved.text).join("\n"), "latin1");
  if (printedForms.get(rules) === printed) return true;
  const same = rules.every((rule, index) => {
    const saved = chain.rules[index];
    return saved !== undefined && savedKey(saved) === ruleKey(rule);
  });
  if (same) printedForms.set(rules, printed);
  return same;
}

function sameRules(before: readonly Rule[] | undefined, after: readonly Rule[]): boolean {
  if (before === after) return true;
  if (!before || before.length !== after.length) return false;
  return after.every((rule, index) => {
    const other = before[index];
    return other === rule || (other !== undefined && ruleKey(other) === ruleKey(rule));
  });
}

function savedKey(rule: SavedRule): string | undefined {
  const parsed = parseRule(rule.args);
  return parsed && ruleKey(parsed);
}

function jumpTarget(rule: SavedRule): string | undefined {
  const at = rule.args.indexOf("-j");
  return at < 0 ? undefined : rule.args[at + 1];
}

function nonEmpty(transaction: TableTransaction): readonly TableTransaction[] {
  const { replace, insert, remove } = transaction;
  const changes = (replace?.size ?? 0) + (insert?.length ?? 0) + (remove?.length ?? 0);
  return changes + (transaction.delete?.length ?? 0) === 0 ? [] : [transaction];
}
