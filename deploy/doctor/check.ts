/** What a check found. Whoever must act is told what to do in one line. */
export type Outcome =
  | { readonly state: "PASS"; readonly detail?: string }
  | { readonly state: "FAIL" | "WARN"; readonly detail: string; readonly advice: string }
  /** It says nothing about this machine; the detail is why. */
  | { readonly state: "SKIP"; readonly detail: string };

/** One thing that ought to hold; what it finds depends on the view alone. */
export interface Check<V> {
  /** The benchmark's number, or a word and a number. */
  readonly id: string;
  readonly title: string;
  decide(view: V): Outcome;
}

export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
}

export function findings<V>(checks: readonly Check<V>[], view: V): readonly Finding[] {
  return checks.map(({ id, title, decide }) => ({ id, title, outcome: decide(view) }));
}

export const pass = (detail?: string): Outcome =>
  detail === undefined ? { state: "PASS" } : { state: "PASS", detail };
export const fail = (detail: string, advice: string): Outcome => ({ state: "FAIL", detail, advice });
export const warn = (detail: string, advice: string): Outcome => ({ state: "WARN", detail, advice });
export const skip = (detail: string): Outcome => ({ state: "SKIP", detail });

/** The first few of a list, and how many there are besides. */
export function some(names: readonly string[], shown = 4): string {
  const rest = names.length - shown;
  return rest > 0 ? `${names.slice(0, shown).join(", ")} and ${rest} more` : names.join(", ");
}
