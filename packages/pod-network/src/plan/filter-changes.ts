import { parseRule } from "@kube-ts/iptables/parse-rule";
import type { TableTransaction, Transaction } from "@kube-ts/iptables/restore-format";
import { ruleKey } from "@kube-ts/iptables/rule";
import type { Rule } from "@kube-ts/iptables/rule";
import type { SavedChain, SavedTables } from "@kube-ts/iptables/save-format";
import type { OwnedChain } from "./packet-rules.ts";

/** What to write so that the tables hold these chains as wanted, each reached once; nothing when they do. */
export function planFilterChanges(saved: SavedTables, chains: readonly OwnedChain[]): Transaction {
  return chains.flatMap((chain) => {
    const table = saved.get(chain.table);
    const changes: TableTransaction = {
      table: chain.table,
      replace: holdsExactly(table?.get(chain.name), chain.rules) ? new Map() : new Map([[chain.name, chain.rules]]),
      append: holds(table?.get(chain.from), chain.jump) ? [] : [{ chain: chain.from, rule: chain.jump }],
    };
    return (changes.replace?.size ?? 0) + (changes.append?.length ?? 0) > 0 ? [changes] : [];
  });
}

function holdsExactly(chain: SavedChain | undefined, rules: readonly Rule[]): boolean {
  if (!chain || chain.rules.length !== rules.length) return false;
  return rules.every((rule, index) => keyOf(chain.rules[index]?.args) === ruleKey(rule));
}

function holds(chain: SavedChain | undefined, rule: Rule): boolean {
  const wanted = ruleKey(rule);
  return chain?.rules.some(({ args }) => keyOf(args) === wanted) ?? false;
}

function keyOf(args: readonly string[] | undefined): string | undefined {
  const rule = args && parseRule(args);
  return rule && ruleKey(rule);
}
