/** What every node carries: its number within the expression and the UTF-16 offset that errors about it point at. */
interface NodeBase {
  readonly id: number;
  readonly offset: number;
  /** The longest way down from here; bounded by the parser, so that recursion over a tree is safe. */
  readonly height: number;
}

/** An unsigned integer literal, kept apart from the signed ones. */
export class UintLiteral {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

export type LiteralValue = null | boolean | bigint | number | string | Uint8Array | UintLiteral;

export interface LiteralExpr extends NodeBase {
  readonly kind: "literal";
  readonly value: LiteralValue;
}

export interface IdentExpr extends NodeBase {
  readonly kind: "ident";
  readonly name: string;
}

export interface SelectExpr extends NodeBase {
  readonly kind: "select";
  readonly operand: Expr;
  readonly field: string;
  /** True for `has(operand.field)`. */
  readonly testOnly: boolean;
}

/** A call. Operators are calls of the functions named in `operators`. */
export interface CallExpr extends NodeBase {
  readonly kind: "call";
  readonly fn: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
}

export interface ListExpr extends NodeBase {
  readonly kind: "list";
  readonly elements: readonly Expr[];
  /** Indexes of the elements written `?e`. */
  readonly optional: readonly number[];
}

export interface MapEntry {
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
  readonly offset: number;
}

export interface MapExpr extends NodeBase {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
}

export interface StructField {
  readonly name: string;
  readonly value: Expr;
  readonly optional: boolean;
  readonly offset: number;
}

export interface StructExpr extends NodeBase {
  readonly kind: "struct";
  readonly typeName: string;
  readonly fields: readonly StructField[];
}

/** Which macro a comprehension came from; the evaluator has a loop for each. */
export type ComprehensionKind =
  | "all"
  | "exists"
  | "existsOne"
  | "transformList"
  | "transformMap"
  | "transformMapEntry"
  | "bind";

/** A fold over a list or map, as macros expand to. */
export interface ComprehensionExpr extends NodeBase {
  readonly kind: "comprehension";
  readonly macro: ComprehensionKind;
  readonly range: Expr;
  readonly iterVar: string;
  readonly iterVar2: string | undefined;
  readonly accuVar: string;
  readonly accuInit: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
  /** The predicate that selects elements, and what is made of each. */
  readonly filter: Expr | undefined;
  readonly transform: Expr | undefined;
}

export type Expr =
  | LiteralExpr
  | IdentExpr
  | SelectExpr
  | CallExpr
  | ListExpr
  | MapExpr
  | StructExpr
  | ComprehensionExpr;

/** The accumulator's name: no identifier that can be written. */
export const accumulator = "@result";

/** Names of the functions that operators call. */
export const operators = {
  conditional: "_?_:_",
  and: "_&&_",
  or: "_||_",
  not: "!_",
  negate: "-_",
  equals: "_==_",
  notEquals: "_!=_",
  less: "_<_",
  lessEquals: "_<=_",
  greater: "_>_",
  greaterEquals: "_>=_",
  add: "_+_",
  subtract: "_-_",
  multiply: "_*_",
  divide: "_/_",
  modulo: "_%_",
  in: "@in",
  index: "_[_]",
  optionalIndex: "_[?_]",
  optionalSelect: "_?._",
  notStrictlyFalse: "@not_strictly_false",
  mapInsert: "cel.@mapInsert",
} as const;
