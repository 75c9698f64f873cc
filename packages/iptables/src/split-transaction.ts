import type { TableTransaction, Transaction } from "./restore-format.ts";
import type { Rule } from "./rule.ts";

/**
 * Cuts a transaction into several that touch at most `maxChains` chains each, to be applied in order: the nft
 * tools take time that grows with the square of the chains in one input. Chains are written before those that
 * jump to them, and removed last, so that after every part what is reachable is either as before or as wanted.
 * A transaction within the bound stays whole, and with that atomic.
 */
export function splitTransaction(transaction: Transaction, maxChains: number): readonly Transaction[] {
  const chains = transaction.reduce((count, table) => count + chainCount(table), 0);
  if (chains <= maxChains) return [transaction];
  return transaction.flatMap((table) => splitTable(table, maxChains).map((part) => [part]));
}

function chainCount(table: TableTransaction): number {
  return (table.replace?.size ?? 0) + (table.remove?.length ?? 0);
}

function splitTable(table: TableTransaction, maxChains: number): readonly TableTransaction[] {
  const name = { table: table.table };
  const replace = table.replace ?? new Map<string, readonly Rule[]>();
  const parts: TableTransaction[] = chunks(targetsFirst(replace), maxChains).map((names) => ({
    ...name,
    replace: new Map(names.map((chain) => [chain, replace.get(chain) ?? []])),
  }));
  const removed = chunks(table.remove ?? [], maxChains);
  return [
    ...parts,
    { ...name, delete: table.delete ?? [], insert: table.insert ?? [], append: table.append ?? [] },
    // Emptied first: a chain in a later part may still jump to one in an earlier part.
    ...removed.map((names) => ({ ...name, replace: new Map(names.map((chain) => [chain, []])) })),
    ...removed.map((names) => ({ ...name, remove: names })),
  ];
}

/** The chains in an order in which each comes after those of them that it jumps to. */
function targetsFirst(chains: ReadonlyMap<string, readonly Rule[]>): readonly string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string) => {
    const rules = chains.get(name);
    if (!rules || seen.has(name)) return;
    seen.add(name);
    for (const { target } of rules) {
      if (target?.kind === "jump") visit(target.chain);
    }
    ordered.push(name);
  };
  for (const name of chains.keys()) visit(name);
  return ordered;
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
