import type { ResourceList } from "./core/v1.ts";
import { Quantity } from "./quantity.ts";

/** Amounts by resource name, parsed. */
export type ResourceAmounts = Map<string, Quantity>;

export function parseResources(list: ResourceList | undefined): ResourceAmounts {
  const amounts: ResourceAmounts = new Map();
  for (const name in list) {
    const text = list[name];
    if (text !== undefined) amounts.set(name, Quantity.parse(text));
  }
  return amounts;
}

export function formatResources(amounts: ReadonlyMap<string, Quantity>): ResourceList {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, amount.toString()]));
}

/** Adds every amount of `added` to `total`. */
export function addResources(total: ResourceAmounts, added: ReadonlyMap<string, Quantity>): void {
  for (const [name, amount] of added) {
    const current = total.get(name);
    total.set(name, current === undefined ? amount : current.add(amount));
  }
}

/** Raises the amounts of `total` to those of `other` where they are lower. */
export function maxResources(total: ResourceAmounts, other: ReadonlyMap<string, Quantity>): void {
  for (const [name, amount] of other) {
    const current = total.get(name);
    if (current === undefined || amount.compare(current) > 0) total.set(name, amount);
  }
}
