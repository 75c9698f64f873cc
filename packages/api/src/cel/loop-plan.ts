import type { ComprehensionExpr } from "./ast.ts";
import { unitCosts } from "./call-cost.ts";
import { CelEvaluationError, isAbsorbable, noSuchOverload } from "./evaluation-error.ts";
import type { Evaluate, Frame } from "./frame.ts";
import type { Planner } from "./planner.ts";
import { ArrayList, CelList, CelMap, CelUint, EntryMap, mapKey, type Value } from "./values.ts";

/**
 * What upstream's expansion of the macro costs besides the predicate: the condition, asked before each turn, and the
 * step read the accumulator and call a function or two.
 */
const conditionCosts = { all: 2, exists: 3 } as const;
const stepCosts = { quantified: 1, counted: 2, kept: 2 + unitCosts.list, insertedValue: 3, insertedEntry: 2 } as const;

/** Called for each element; true ends the loop. */
type Turn = (frame: Frame) => boolean;
type Each = (frame: Frame, turn: Turn) => void;

interface LoopParts {
  readonly each: Each;
  readonly filter: Evaluate | undefined;
  readonly transform: Evaluate;
  /** Where the first variable is kept. */
  readonly keyIndex: number;
}

/** Plans a macro that walks over a list or map. */
export function planLoop(planner: Planner, expr: ComprehensionExpr): Evaluate {
  const range = planner.plan(expr.range);
  const names = expr.iterVar2 === undefined ? [expr.iterVar] : [expr.iterVar, expr.iterVar2];
  const parts = planner.scoped(names, ([first = 0, second]): LoopParts => {
    if (expr.transform === undefined) throw new TypeError("a loop has a transform");
    return {
      each: iteration(range, first, second),
      filter: expr.filter && planner.plan(expr.filter),
      transform: planner.plan(expr.transform),
      keyIndex: first,
    };
  });
  switch (expr.macro) {
    case "all":
      return quantifier(parts, false, conditionCosts.all);
    case "exists":
      return quantifier(parts, true, conditionCosts.exists);
    case "existsOne":
      return existsOne(parts);
    case "transformList":
      return transformList(parts);
    default:
      return transformMap(parts, expr.macro === "transformMapEntry");
  }
}

/** One variable is the element of a list or the key of a map; of two, the first is the index or key. */
function iteration(range: Evaluate, first: number, second: number | undefined): Each {
  return (frame, turn) => {
    const container = range(frame);
    if (container instanceof CelList) {
      for (let index = 0; index < container.size; index++) {
        const value = container.at(index);
        frame.locals[first] = second === undefined ? value : BigInt(index);
        if (second !== undefined) frame.locals[second] = value;
        if (turn(frame)) return;
      }
      return;
    }
    if (!(container instanceof CelMap)) throw noSuchOverload();
    for (const key of container.keys()) {
      frame.locals[first] = key;
      if (second !== undefined) frame.locals[second] = container.get(key);
      if (turn(frame)) return;
    }
  };
}

/** `all` and `exists`: an error counts only when no element decides. */
function quantifier({ each, transform }: LoopParts, decisive: boolean, conditionCost: number): Evaluate {
  return (frame) => {
    let decided = false;
    let failure: CelEvaluationError | undefined;
    each(frame, () => {
      frame.charge(conditionCost);
      if (decided) return true;
      frame.charge(stepCosts.quantified);
      try {
        const value = transform(frame);
        decided = value === decisive;
        if (typeof value !== "boolean") failure ??= noSuchOverload();
      } catch (error) {
        if (!isAbsorbable(error)) throw error;
        failure ??= error;
        // The call that met the error counts.
        frame.charge(1);
      }
      return false;
    });
    frame.charge(unitCosts.select);
    if (decided) return decisive;
    if (failure) throw failure;
    return !decisive;
  };
}

function holds(frame: Frame, predicate: Evaluate): boolean {
  const value = predicate(frame);
  if (typeof value !== "boolean") throw noSuchOverload();
  return value;
}

function existsOne({ each, transform }: LoopParts): Evaluate {
  return (frame) => {
    let count = 0;
    each(frame, () => {
      if (!holds(frame, transform)) return false;
      count++;
      frame.charge(stepCosts.counted);
      return false;
    });
    frame.charge(unitCosts.select + 1);
    return count === 1;
  };
}

function transformList({ each, filter, transform }: LoopParts): Evaluate {
  return (frame) => {
    const values: Value[] = [];
    each(frame, () => {
      if (filter !== undefined && !holds(frame, filter)) return false;
      frame.charge(stepCosts.kept);
      values.push(transform(frame));
      return false;
    });
    frame.charge(unitCosts.select);
    return new ArrayList(values);
  };
}

function transformMap({ each, filter, transform, keyIndex }: LoopParts, isEntry: boolean): Evaluate {
  return (frame) => {
    const entries = new Map<string, readonly [Value, Value]>();
    each(frame, () => {
      if (filter !== undefined && !holds(frame, filter)) return false;
      frame.charge(isEntry ? stepCosts.insertedEntry : stepCosts.insertedValue);
      const value = transform(frame);
      if (!isEntry) insert(entries, frame.locals[keyIndex] ?? null, value);
      else if (value instanceof CelMap) for (const key of value.keys()) insert(entries, key, value.get(key) ?? null);
      else throw noSuchOverload();
      return false;
    });
    frame.charge(unitCosts.select);
    return new EntryMap(entries);
  };
}

function insert(entries: Map<string, readonly [Value, Value]>, key: Value, value: Value): void {
  const text = mapKey(key);
  if (text === undefined) throw new CelEvaluationError("unsupported key type");
  if (entries.has(text)) {
    const shown = key instanceof CelUint ? String(key.value) : String(key);
    throw new CelEvaluationError(`insert failed: key ${shown} already exists`);
  }
  entries.set(text, [key, value]);
}
