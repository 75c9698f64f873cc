import {
  accumulator,
  type ComprehensionKind,
  type Expr,
  type LiteralValue,
  type MapEntry,
  type StructField,
} from "./ast.ts";

/** Trees deeper than this are refused: checking and evaluation recurse. */
const maxHeight = 600;

/** The tree is too deep or has too many nodes. */
export class TreeLimitError extends Error {
  override readonly name = "TreeLimitError";
}

interface ComprehensionParts {
  macro: ComprehensionKind;
  range: Expr;
  iterVar: string;
  iterVar2?: string | undefined;
  accuVar?: string;
  accuInit: Expr;
  condition: Expr;
  step: Expr;
  result?: Expr;
  filter?: Expr | undefined;
  transform?: Expr | undefined;
}

/** Makes numbered nodes and keeps the tree within bounds. */
export class NodeFactory {
  #nextId = 0;

  /** How many nodes there are; ids are below it. */
  get count(): number {
    return this.#nextId;
  }

  literal(offset: number, value: LiteralValue): Expr {
    return { kind: "literal", id: this.#nextId++, offset, height: 1, value };
  }

  ident(offset: number, name: string): Expr {
    return { kind: "ident", id: this.#nextId++, offset, height: 1, name };
  }

  accu(offset: number): Expr {
    return this.ident(offset, accumulator);
  }

  select(offset: number, operand: Expr, field: string, testOnly = false): Expr {
    return { kind: "select", id: this.#nextId++, offset, height: above([operand]), operand, field, testOnly };
  }

  call(offset: number, fn: string, args: readonly Expr[], target?: Expr): Expr {
    const height = above(target === undefined ? args : [target, ...args]);
    return { kind: "call", id: this.#nextId++, offset, height, fn, target, args };
  }

  list(offset: number, elements: readonly Expr[], optional: readonly number[] = []): Expr {
    return { kind: "list", id: this.#nextId++, offset, height: above(elements), elements, optional };
  }

  map(offset: number, entries: readonly MapEntry[]): Expr {
    const height = above(entries.flatMap((entry) => [entry.key, entry.value]));
    return { kind: "map", id: this.#nextId++, offset, height, entries };
  }

  struct(offset: number, typeName: string, fields: readonly StructField[]): Expr {
    const height = above(fields.map((field) => field.value));
    return { kind: "struct", id: this.#nextId++, offset, height, typeName, fields };
  }

  comprehension(offset: number, parts: ComprehensionParts): Expr {
    const result = parts.result ?? this.accu(offset);
    return {
      kind: "comprehension",
      id: this.#nextId++,
      offset,
      height: above([parts.range, parts.accuInit, parts.condition, parts.step, result]),
      macro: parts.macro,
      range: parts.range,
      iterVar: parts.iterVar,
      iterVar2: parts.iterVar2,
      accuVar: parts.accuVar ?? accumulator,
      accuInit: parts.accuInit,
      condition: parts.condition,
      step: parts.step,
      result,
      filter: parts.filter,
      transform: parts.transform,
    };
  }
}

function above(children: readonly Expr[]): number {
  let height = 0;
  for (const child of children) if (child.height > height) height = child.height;
  if (height >= maxHeight) throw new TreeLimitError("max recursion depth exceeded");
  return height + 1;
}
