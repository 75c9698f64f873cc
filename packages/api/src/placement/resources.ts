import type { ResourceAmounts } from "../resource-amounts.ts";

/** Amounts of resources: cpu in thousandths, bytes, and counts of everything else. */
export interface Resources {
  milliCpu: number;
  memory: number;
  ephemeralStorage: number;
  /** Extended resources and huge pages; undefined while there are none. */
  scalars: Map<string, number> | undefined;
}

export function noResources(): Resources {
  return { milliCpu: 0, memory: 0, ephemeralStorage: 0, scalars: undefined };
}

/** Amounts of the API as the scheduler counts them; `pods` is left to the node. */
export function resourcesOf(amounts: ResourceAmounts): Resources {
  const result = noResources();
  for (const [name, amount] of amounts) {
    if (name === "cpu") result.milliCpu = amount.milliValue();
    else if (name === "memory") result.memory = amount.value();
    else if (name === "ephemeral-storage") result.ephemeralStorage = amount.value();
    else if (name !== "pods") (result.scalars ??= new Map()).set(name, amount.value());
  }
  return result;
}

/** Adds `sign` times the amounts. */
export function accumulate(total: Resources, amounts: Resources, sign: 1 | -1): void {
  total.milliCpu += sign * amounts.milliCpu;
  total.memory += sign * amounts.memory;
  total.ephemeralStorage += sign * amounts.ephemeralStorage;
  if (!amounts.scalars) return;
  total.scalars ??= new Map();
  for (const [name, amount] of amounts.scalars) {
    total.scalars.set(name, (total.scalars.get(name) ?? 0) + sign * amount);
  }
}

export function copyResources(amounts: Resources): Resources {
  return { ...amounts, scalars: amounts.scalars && new Map(amounts.scalars) };
}

/** The amount of one resource by its API name. */
export function amountOf(amounts: Resources, name: string): number {
  if (name === "cpu") return amounts.milliCpu;
  if (name === "memory") return amounts.memory;
  if (name === "ephemeral-storage") return amounts.ephemeralStorage;
  return amounts.scalars?.get(name) ?? 0;
}
