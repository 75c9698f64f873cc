import fc from "fast-check";

/** What the environment asks of all property tests. */
export interface PropertySettings {
  /** How often an ordinary property is tried. */
  readonly runs: number;
  /** Where the random values start; a failure prints the one that it had. */
  readonly seed: number | undefined;
}

/** Reads `KUBE_TS_PROPERTY_RUNS` and `KUBE_TS_PROPERTY_SEED`. Throws for what is no number. */
export function propertySettings(env: Readonly<Record<string, string | undefined>> = process.env): PropertySettings {
  return { runs: integerOf(env, "KUBE_TS_PROPERTY_RUNS") ?? 100, seed: integerOf(env, "KUBE_TS_PROPERTY_SEED") };
}

export interface PropertyOptions {
  /** Runs for each run of an ordinary property: less than one for a costly property, more for one that needs luck. */
  readonly share?: number;
}

/**
 * Tries a property on random values; throws with the smallest counterexample found and the seed that leads to it. The
 * number of runs and the seed come from the environment.
 */
export function checkProperty<Ts>(property: fc.IRawProperty<Ts, false>, options?: PropertyOptions): void;
export function checkProperty<Ts>(property: fc.IRawProperty<Ts, true>, options?: PropertyOptions): Promise<void>;
export function checkProperty<Ts>(
  property: fc.IRawProperty<Ts>,
  { share = 1 }: PropertyOptions = {},
): void | Promise<void> {
  const { runs, seed } = propertySettings();
  const numRuns = Math.max(1, Math.round(runs * share));
  return fc.assert(property, { numRuns, ...(seed !== undefined && { seed }) });
}

function integerOf(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === "") return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw new Error(`${name} is not a whole number: ${text}`);
  return Number(text);
}
