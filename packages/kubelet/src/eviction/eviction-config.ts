import { parseDuration } from "@kube-ts/std/duration";
import { Quantity } from "@kube-ts/api/quantity";
import type { KubeletConfiguration } from "../config/configuration-fields.ts";

/** What is watched; less of it is worse. */
const evictionSignals = [
  "memory.available",
  "nodefs.available",
  "nodefs.inodesFree",
  "imagefs.available",
  "imagefs.inodesFree",
  "pid.available",
] as const;
export type EvictionSignal = (typeof evictionSignals)[number];

/** An amount, or a share of the capacity. */
export type ThresholdValue =
  | { readonly type: "quantity"; readonly amount: number; readonly text: string }
  | { readonly type: "percent"; readonly share: number };

export interface EvictionThreshold {
  readonly signal: EvictionSignal;
  readonly value: ThresholdValue;
  /** How long the signal must be below before pods are evicted; 0 for a hard threshold. */
  readonly graceMs: number;
  /** How much more must be free before the threshold is left again. */
  readonly minReclaim: ThresholdValue | undefined;
}

export interface EvictionConfig {
  readonly thresholds: readonly EvictionThreshold[];
  readonly pressureTransitionMs: number;
  /** What a pod is given at most at a soft threshold, in seconds; negative for what it asks for. */
  readonly maxPodGraceSeconds: number;
}

const defaultHard: Readonly<Record<string, string>> = {
  "memory.available": "100Mi",
  "nodefs.available": "10%",
  "nodefs.inodesFree": "5%",
  "imagefs.available": "15%",
  "imagefs.inodesFree": "5%",
};

/** The eviction settings; what is wrong is added to `problems`. */
export function evictionConfig(configuration: KubeletConfiguration, problems: string[]): EvictionConfig {
  const { evictionHard, evictionSoft = {}, evictionSoftGracePeriod = {}, evictionMinimumReclaim = {} } = configuration;
  const merged = configuration.mergeDefaultEvictionSettings === true;
  const hard = merged || !evictionHard ? { ...defaultHard, ...evictionHard } : evictionHard;
  const minReclaims = new Map<EvictionSignal, ThresholdValue>();
  for (const [signal, text] of Object.entries(evictionMinimumReclaim)) {
    const parsed = parse("evictionMinimumReclaim", signal, text, problems);
    if (parsed) minReclaims.set(parsed.signal, parsed.value);
  }
  const build = (field: string, entries: Readonly<Record<string, string>>, graceOf: (signal: string) => number) =>
    Object.entries(entries).flatMap(([name, text]): EvictionThreshold[] => {
      const parsed = parse(field, name, text, problems);
      if (!parsed || isNever(parsed.value)) return [];
      return [{ ...parsed, graceMs: graceOf(name), minReclaim: minReclaims.get(parsed.signal) }];
    });
  const soft = build("evictionSoft", evictionSoft, (signal) => {
    const text = evictionSoftGracePeriod[signal];
    if (text === undefined)
      problems.push(
        `evictionSoftGracePeriod: grace period must be specified for the soft eviction threshold ${signal}`,
      );
    return text === undefined ? 0 : durationOf(signal, text, problems);
  });
  for (const signal of Object.keys(evictionSoftGracePeriod)) {
    if (!(signal in evictionSoft)) problems.push(`evictionSoftGracePeriod: ${signal} has no soft threshold`);
  }
  return {
    thresholds: [...build("evictionHard", hard, () => 0), ...soft],
    pressureTransitionMs: configuration.evictionPressureTransitionPeriod || 300_000,
    maxPodGraceSeconds: configuration.evictionMaxPodGracePeriod ?? 0,
  };
}

function parse(field: string, name: string, text: string, problems: string[]) {
  const signal = evictionSignals.find((one) => one === name);
  if (!signal) {
    problems.push(`${field}: unsupported eviction signal ${name}`);
    return undefined;
  }
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (percent) {
    const share = Number(percent[1]) / 100;
    if (share > 1) problems.push(`${field}[${name}]: Invalid value: ${JSON.stringify(text)}: must be at most 100%`);
    return { signal, value: { type: "percent" as const, share } };
  }
  try {
    const quantity = Quantity.parse(text);
    if (quantity.sign() < 0) throw new Error("must not be negative");
    return { signal, value: { type: "quantity" as const, amount: quantity.value(), text: quantity.toString() } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push(`${field}[${name}]: Invalid value: ${JSON.stringify(text)}: ${reason}`);
    return undefined;
  }
}

/** Nothing and everything turn a threshold off. */
function isNever(value: ThresholdValue): boolean {
  return value.type === "percent" ? value.share === 0 || value.share === 1 : value.amount === 0;
}

function durationOf(signal: string, text: string, problems: string[]): number {
  try {
    const ms = parseDuration(text);
    if (ms > 0) return ms;
    problems.push(`evictionSoftGracePeriod[${signal}]: Invalid value: ${JSON.stringify(text)}: must be positive`);
  } catch (error) {
    problems.push(`evictionSoftGracePeriod[${signal}]: ${error instanceof Error ? error.message : String(error)}`);
  }
  return 0;
}

/** The amount that a value means of a capacity. */
export function amountOf(value: ThresholdValue, capacity: number): number {
  return value.type === "quantity" ? value.amount : Math.floor(value.share * capacity);
}
