/** What a client asked of one register, which holds a value or nothing. */
export type RegisterOperation =
  | { readonly kind: "create" | "replace"; readonly value: string }
  | { readonly kind: "delete" }
  | { readonly kind: "read" };

/** What the client was told; `unknown` when it cannot know whether the operation took place. */
export type RegisterOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "refused" }
  | { readonly kind: "found"; readonly value: string }
  | { readonly kind: "absent" }
  | { readonly kind: "unknown" };

/** One operation of a history; times are of one clock. */
export interface RegisterCall {
  readonly operation: RegisterOperation;
  readonly outcome: RegisterOutcome;
  readonly calledAt: number;
  readonly returnedAt: number;
}

type State = string | undefined;

/**
 * Whether some order of the calls explains what every client saw, where a call takes effect at one moment between its
 * call and its return (Wing and Gong's search, remembering what was tried). A call of unknown outcome may take effect
 * at any later moment, or never. The register starts empty. At most 200 calls.
 */
export function isLinearizable(calls: readonly RegisterCall[]): boolean {
  if (calls.length > 200) throw new Error(`too many calls to check: ${calls.length}`);
  const open = calls
    .map((call) => (call.outcome.kind === "unknown" ? { ...call, returnedAt: Infinity } : call))
    .filter(({ operation, outcome }) => operation.kind !== "read" || outcome.kind !== "unknown")
    .toSorted((a, b) => a.calledAt - b.calledAt);
  return explains(open, 0n, undefined, new Set());
}

/** Whether the calls that are not in `taken`, a set of bits, can follow from the state. */
function explains(calls: readonly RegisterCall[], taken: bigint, state: State, tried: Set<string>): boolean {
  const key = `${taken} ${state ?? ""}`;
  if (tried.has(key)) return false;
  tried.add(key);
  const left = calls.flatMap((call, index) => ((taken >> BigInt(index)) & 1n ? [] : [{ call, index }]));
  const firstReturn = Math.min(...left.map(({ call }) => call.returnedAt));
  // What is left, if anything, may never have taken place.
  if (firstReturn === Infinity) return true;
  for (const { call, index } of left) {
    if (call.calledAt > firstReturn) break;
    const next = step(call, state);
    if (next !== undefined && explains(calls, taken | (1n << BigInt(index)), next.state, tried)) return true;
  }
  return false;
}

/** The state after the call, or undefined when its outcome contradicts the state. */
function step({ operation, outcome }: RegisterCall, state: State): { readonly state: State } | undefined {
  if (operation.kind === "read") {
    const seen = outcome.kind === "found" ? outcome.value : undefined;
    return seen === state ? { state } : undefined;
  }
  const applies = operation.kind === "create" ? state === undefined : state !== undefined;
  if (outcome.kind === "unknown") return { state: applies ? after(operation) : state };
  if ((outcome.kind === "done") !== applies) return undefined;
  return { state: applies ? after(operation) : state };
}

function after(operation: RegisterOperation): State {
  return operation.kind === "create" || operation.kind === "replace" ? operation.value : undefined;
}
