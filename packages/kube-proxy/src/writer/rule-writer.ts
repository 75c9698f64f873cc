import type { Iptables } from "@kube-ts/iptables/iptables";
import { countRules } from "@kube-ts/iptables/restore-format";
import type { Transaction } from "@kube-ts/iptables/restore-format";
import { splitTransaction } from "@kube-ts/iptables/split-transaction";
import type { SavedTables } from "@kube-ts/iptables/save-format";
import type { ProxyTable, RuleSet } from "../rules/rule-set.ts";
import { planChanges, planCleanup, planResync, proxyTables, sameRuleSets } from "./plan-changes.ts";
import type { PrintedForms } from "./plan-changes.ts";

/** What a write did. */
export interface WriteOutcome {
  /** Compared with what is in the tables, rather than with what was written last. */
  readonly full: boolean;
  /** Chains and jumps that had changed behind the writer's back, as `table/chain`. */
  readonly drifted: readonly string[];
  /** Number of rules written, by table. */
  readonly written: ReadonlyMap<ProxyTable, number>;
}

/** Brings the packet filter of one family to the desired rules. One call at a time. */
export class RuleWriter {
  readonly #iptables: Iptables;
  /** What is in the tables as far as known; undefined after a failure, which may have happened half way. */
  #applied: RuleSet | undefined;
  readonly #printedForms: PrintedForms = new WeakMap();
  /** What the tables looked like when they were last found to hold what they should. */
  #found: { readonly fingerprint: string; readonly rules: RuleSet } | undefined;

  constructor(iptables: Iptables) {
    this.#iptables = iptables;
  }

  /**
   * Writes what differs. With `resync` it reads the tables first, finds what others changed and repairs it. After
   * a failure, an `IptablesError`, the next call reads the tables in any case.
   */
  async write(desired: RuleSet, resync: boolean, signal: AbortSignal): Promise<WriteOutcome> {
    const before = this.#applied;
    if (resync || !before) return this.#compare(desired, before, signal);
    const plan = planChanges(before, desired);
    await this.#restore(plan, desired, signal);
    return { full: false, drifted: [], written: rulesByTable(plan) };
  }

  /** Tables that are as they were when they held just these rules need not be taken apart again. */
  async #compare(desired: RuleSet, before: RuleSet | undefined, signal: AbortSignal): Promise<WriteOutcome> {
    const { fingerprint, tables } = await this.#iptables.snapshot(signal);
    const found = this.#found;
    const isKnown = before && found?.fingerprint === fingerprint && sameRuleSets(found.rules, desired);
    const saved = isKnown ? undefined : tables();
    const plan = saved ? planResync(saved, desired, this.#printedForms) : [];
    await this.#restore(plan, desired, signal);
    this.#found = plan.length === 0 ? { fingerprint, rules: desired } : undefined;
    const drifted = saved && before ? changedChains(planResync(saved, before, this.#printedForms)) : [];
    return { full: true, drifted, written: rulesByTable(plan) };
  }

  async #restore(plan: Transaction, desired: RuleSet, signal: AbortSignal): Promise<void> {
    this.#applied = undefined;
    await restore(this.#iptables, plan, signal);
    this.#applied = desired;
  }
}

/**
 * Removes everything that a proxy has put into the tables of one family. `before` is told what is there, and
 * ends before anything is removed. Answers the chains that were removed, as `table/chain`.
 */
export async function cleanTables(
  iptables: Iptables,
  before: (saved: SavedTables) => Promise<void>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const saved = await iptables.save(signal);
  await before(saved);
  const plan = planCleanup(saved);
  await restore(iptables, plan, signal);
  return plan.flatMap((table) => (table.remove ?? []).map((name) => `${table.table}/${name}`));
}

/** Chains in one input; five thousand Services with five endpoints each take seconds this way, else minutes. */
const maxChains = 500;

async function restore(iptables: Iptables, plan: Transaction, signal: AbortSignal): Promise<void> {
  for (const part of splitTransaction(plan, maxChains)) await iptables.restore(part, signal);
}

function changedChains(plan: Transaction): readonly string[] {
  const names = plan.flatMap((table) => [
    ...[...(table.replace?.keys() ?? [])].map((name) => `${table.table}/${name}`),
    ...(table.insert ?? []).map((entry) => `${table.table}/${entry.chain}`),
    ...(table.delete ?? []).map((entry) => `${table.table}/${entry.chain}`),
    ...(table.remove ?? []).map((name) => `${table.table}/${name}`),
  ]);
  return [...new Set(names)];
}

function rulesByTable(plan: Transaction): ReadonlyMap<ProxyTable, number> {
  return new Map(proxyTables.map((name) => [name, countRules(plan.filter((table) => table.table === name))] as const));
}
