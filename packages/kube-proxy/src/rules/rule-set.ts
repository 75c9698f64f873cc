import type { Rule } from "@kube-ts/iptables/rule";

/** The tables that the proxy writes to. */
export type ProxyTable = "filter" | "nat" | "mangle";

/** A rule that has to be in a chain that others write to as well. */
export interface EnsuredRule {
  readonly chain: string;
  readonly rule: Rule;
}

export interface TableRules {
  /** Chains of the proxy's own with all their rules. */
  readonly chains: ReadonlyMap<string, readonly Rule[]>;
  /** Chains that are created when absent and in which only the ensured rules are the proxy's. */
  readonly shared: readonly string[];
  /** In the order in which they are put at the head of their chains. */
  readonly ensured: readonly EnsuredRule[];
}

/** Everything that the proxy wants in the packet filter of one family. */
export type RuleSet = ReadonlyMap<ProxyTable, TableRules>;
