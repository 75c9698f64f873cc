import type { CelVariable } from "./environment.ts";
import { CelCostError, CelEvaluationError } from "./evaluation-error.ts";
import { toValue } from "./native-value.ts";
import type { Value } from "./values.ts";

/** What variables are bound to: JSON data or values. */
export type CelBindings = Readonly<Record<string, unknown>>;

/** Evaluates a node. Throws `CelEvaluationError`. */
export type Evaluate = (frame: Frame) => Value;

/** A variable that a program reads, and where a frame keeps it. */
export interface VariableSlot {
  readonly name: string;
  readonly variable: CelVariable;
}

/** The state of one evaluation: variables, loop variables, and what was spent. */
export class Frame {
  readonly locals: (Value | undefined)[] = [];
  cost = 0;
  readonly #bindings: CelBindings;
  readonly #slots: readonly VariableSlot[];
  readonly #variables: (Value | undefined)[] = [];
  readonly #limit: number;

  constructor(slots: readonly VariableSlot[], bindings: CelBindings, limit: number) {
    this.#slots = slots;
    this.#bindings = bindings;
    this.#limit = limit;
  }

  /** Adds to the cost. Throws `CelCostError` when it passes the limit. */
  charge(cost: number): void {
    this.cost += cost;
    if (this.cost > this.#limit) throw new CelCostError();
  }

  variable(index: number): Value {
    const known = this.#variables[index];
    if (known !== undefined) return known;
    const slot = this.#slots[index];
    const raw = slot && Object.hasOwn(this.#bindings, slot.name) ? this.#bindings[slot.name] : undefined;
    if (slot === undefined || raw === undefined)
      throw new CelEvaluationError(`no such attribute(s): ${slot?.name ?? ""}`);
    const value = toValue(raw, slot.variable.decl);
    this.#variables[index] = value;
    return value;
  }
}
