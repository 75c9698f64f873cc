import { ruleArguments } from "./rule.ts";
import type { Rule } from "./rule.ts";
import { quoteArgument } from "./save-format.ts";
import type { SavedRule, TableName } from "./save-format.ts";

/** Changes to one table; iptables-restore commits them together or not at all. */
export interface TableTransaction {
  readonly table: TableName;
  /** Chains of a user and all their rules: created when absent, else emptied, then filled. */
  readonly replace?: ReadonlyMap<string, readonly Rule[]>;
  /** Rules taken out of chains, each given exactly as saved; an absent rule fails the transaction. */
  readonly delete?: readonly { readonly chain: string; readonly rule: Pick<SavedRule, "args"> }[];
  /** Rules put at the head of chains, one after the other: the last comes to stand first. */
  readonly insert?: readonly { readonly chain: string; readonly rule: Rule }[];
  /** Rules put at the end of chains, in this order. */
  readonly append?: readonly { readonly chain: string; readonly rule: Rule }[];
  /** Chains of a user that end, empty or not; nothing may jump to them once the rest is done. */
  readonly remove?: readonly string[];
}

/** Changes to several tables, committed table by table in this order. */
export type Transaction = readonly TableTransaction[];

/** Whether the transaction changes nothing. */
export function isEmptyTransaction(transaction: Transaction): boolean {
  return transaction.every(
    (table) =>
      (table.replace?.size ?? 0) === 0 &&
      (table.delete?.length ?? 0) === 0 &&
      (table.insert?.length ?? 0) === 0 &&
      (table.append?.length ?? 0) === 0 &&
      (table.remove?.length ?? 0) === 0,
  );
}

/** How many rules the transaction writes. */
export function countRules(transaction: Transaction): number {
  let count = 0;
  for (const table of transaction) {
    count += (table.insert?.length ?? 0) + (table.append?.length ?? 0);
    for (const rules of table.replace?.values() ?? []) count += rules.length;
  }
  return count;
}

/** The transaction as text for `iptables-restore --noflush`. */
export function renderRestore(transaction: Transaction): string {
  const lines: string[] = [];
  for (const table of transaction) {
    if (isEmptyTransaction([table])) continue;
    lines.push(`*${table.table}`);
    // Declaring a chain under --noflush empties it.
    for (const chain of table.replace?.keys() ?? []) lines.push(`:${chainName(chain)} - [0:0]`);
    for (const chain of table.remove ?? []) lines.push(`:${chainName(chain)} - [0:0]`);
    for (const { chain, rule } of table.delete ?? []) lines.push(command("-D", chain, rule.args));
    for (const [chain, rules] of table.replace ?? []) {
      for (const rule of rules) lines.push(command("-A", chain, ruleArguments(rule)));
    }
    for (const { chain, rule } of table.insert ?? []) lines.push(command("-I", chain, ruleArguments(rule)));
    for (const { chain, rule } of table.append ?? []) lines.push(command("-A", chain, ruleArguments(rule)));
    for (const chain of table.remove ?? []) lines.push(`-X ${chainName(chain)}`);
    lines.push("COMMIT");
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function command(option: string, chain: string, args: readonly string[]): string {
  return [option, chainName(chain), ...args.map(quoteArgument)].join(" ");
}

/** The kernel's limit for the name of a chain that can be jumped to. */
const maxChainNameLength = 28;

function chainName(name: string): string {
  if (name.length > maxChainNameLength || !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) {
    throw new TypeError(`bad chain name ${JSON.stringify(name)}`);
  }
  return name;
}
