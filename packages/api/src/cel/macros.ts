import { accumulator, operators, type Expr } from "./ast.ts";
import type { NodeFactory } from "./node-factory.ts";

/** A macro call that cannot be expanded; the offset is the culprit's. */
export class MacroError extends Error {
  override readonly name = "MacroError";
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

interface MacroCall {
  nodes: NodeFactory;
  offset: number;
  target: Expr | undefined;
  args: readonly Expr[];
}

type Expander = (call: MacroCall) => Expr | undefined;

/** Macros are found by name, by the number of arguments and by whether they are called on something. */
const macros = new Map<string, Expander>();

function receiver(name: string, arity: number, expander: Expander): void {
  macros.set(`${name}:${arity}:r`, expander);
}

/** What a call expands to; undefined when it is no macro. Throws `MacroError`. */
export function expandMacro(
  nodes: NodeFactory,
  offset: number,
  fn: string,
  target: Expr | undefined,
  args: readonly Expr[],
): Expr | undefined {
  return macros.get(`${fn}:${args.length}:${target ? "r" : "g"}`)?.({ nodes, offset, target, args });
}

function argument(call: MacroCall, index: number): Expr {
  const arg = call.args[index];
  if (arg === undefined) throw new MacroError(call.offset, "missing argument");
  return arg;
}

const notSimple = "argument must be a simple name";
const notIdentifier = "argument is not an identifier";

function iterVar(call: MacroCall, index: number, problem: string): string {
  const arg = argument(call, index);
  if (arg.kind !== "ident") throw new MacroError(arg.offset, problem);
  if (arg.name === accumulator || arg.name === "__result__") {
    throw new MacroError(arg.offset, "iteration variable overwrites accumulator variable");
  }
  return arg.name;
}

interface Loop {
  range: Expr;
  iterVar: string;
  iterVar2: string | undefined;
}

/** The range and variables of a macro with `variables` leading names. */
function loop(call: MacroCall, variables: 1 | 2, problem = notSimple): Loop {
  if (call.target === undefined) throw new MacroError(call.offset, "missing target");
  const first = iterVar(call, 0, problem);
  const second = variables === 2 ? iterVar(call, 1, problem) : undefined;
  if (first === second) throw new MacroError(argument(call, 1).offset, `duplicate variable name: ${first}`);
  return { range: call.target, iterVar: first, iterVar2: second };
}

function all(variables: 1 | 2): Expander {
  return (call) => {
    const { nodes, offset } = call;
    const transform = argument(call, variables);
    return nodes.comprehension(offset, {
      macro: "all",
      ...loop(call, variables),
      accuInit: nodes.literal(offset, true),
      condition: nodes.call(offset, operators.notStrictlyFalse, [nodes.accu(offset)]),
      step: nodes.call(offset, operators.and, [nodes.accu(offset), transform]),
      transform,
    });
  };
}

function exists(variables: 1 | 2): Expander {
  return (call) => {
    const { nodes, offset } = call;
    const transform = argument(call, variables);
    const negated = nodes.call(offset, operators.not, [nodes.accu(offset)]);
    return nodes.comprehension(offset, {
      macro: "exists",
      ...loop(call, variables),
      accuInit: nodes.literal(offset, false),
      condition: nodes.call(offset, operators.notStrictlyFalse, [negated]),
      step: nodes.call(offset, operators.or, [nodes.accu(offset), transform]),
      transform,
    });
  };
}

function existsOne(variables: 1 | 2): Expander {
  return (call) => {
    const { nodes, offset } = call;
    const transform = argument(call, variables);
    const one = nodes.call(offset, operators.add, [nodes.accu(offset), nodes.literal(offset, 1n)]);
    return nodes.comprehension(offset, {
      macro: "existsOne",
      ...loop(call, variables),
      accuInit: nodes.literal(offset, 0n),
      condition: nodes.literal(offset, true),
      step: nodes.call(offset, operators.conditional, [transform, one, nodes.accu(offset)]),
      result: nodes.call(offset, operators.equals, [nodes.accu(offset), nodes.literal(offset, 1n)]),
      transform,
    });
  };
}

function guarded(call: MacroCall, step: Expr, filter: Expr | undefined): Expr {
  const { nodes, offset } = call;
  return filter ? nodes.call(offset, operators.conditional, [filter, step, nodes.accu(offset)]) : step;
}

function collect(variables: 1 | 2, filtered: boolean): Expander {
  return (call) => {
    const { nodes, offset } = call;
    const filter = filtered ? argument(call, variables) : undefined;
    const transform = argument(call, filtered ? variables + 1 : variables);
    const appended = nodes.call(offset, operators.add, [nodes.accu(offset), nodes.list(offset, [transform])]);
    return nodes.comprehension(offset, {
      macro: "transformList",
      ...loop(call, variables, variables === 1 ? notIdentifier : notSimple),
      accuInit: nodes.list(offset, []),
      condition: nodes.literal(offset, true),
      step: guarded(call, appended, filter),
      filter,
      transform,
    });
  };
}

const filterMacro: Expander = (call) => {
  const { nodes, offset } = call;
  const parts = loop(call, 1, notIdentifier);
  const filter = argument(call, 1);
  const transform = nodes.ident(argument(call, 0).offset, parts.iterVar);
  const appended = nodes.call(offset, operators.add, [nodes.accu(offset), nodes.list(offset, [transform])]);
  return nodes.comprehension(offset, {
    macro: "transformList",
    ...parts,
    accuInit: nodes.list(offset, []),
    condition: nodes.literal(offset, true),
    step: guarded(call, appended, filter),
    filter,
    transform,
  });
};

function collectMap(entry: boolean, filtered: boolean): Expander {
  return (call) => {
    const { nodes, offset } = call;
    const parts = loop(call, 2);
    const filter = filtered ? argument(call, 2) : undefined;
    const transform = argument(call, filtered ? 3 : 2);
    const inserted = entry ? [transform] : [nodes.ident(offset, parts.iterVar), transform];
    const step = nodes.call(offset, operators.mapInsert, [nodes.accu(offset), ...inserted]);
    return nodes.comprehension(offset, {
      macro: entry ? "transformMapEntry" : "transformMap",
      ...parts,
      accuInit: nodes.map(offset, []),
      condition: nodes.literal(offset, true),
      step: guarded(call, step, filter),
      filter,
      transform,
    });
  };
}

function bind(nodes: NodeFactory, offset: number, name: string, init: Expr, result: Expr): Expr {
  return nodes.comprehension(offset, {
    macro: "bind",
    range: nodes.list(offset, []),
    iterVar: "#unused",
    accuVar: name,
    accuInit: init,
    condition: nodes.literal(offset, false),
    step: nodes.ident(offset, name),
    result,
  });
}

/** `target.optMap(v, f)` and `optFlatMap`: f of the value if there is one. */
function optional(flat: boolean): Expander {
  return (call) => {
    const { nodes, offset, target } = call;
    if (target === undefined) return undefined;
    const name = iterVar(call, 0, notSimple);
    const mapped = bind(nodes, offset, name, nodes.call(offset, "value", [], target), argument(call, 1));
    return nodes.call(offset, operators.conditional, [
      nodes.call(offset, "hasValue", [], target),
      flat ? mapped : nodes.call(offset, "optional.of", [mapped]),
      nodes.call(offset, "optional.none", []),
    ]);
  };
}

macros.set("has:1:g", ({ nodes, offset, args }) => {
  const [arg] = args;
  if (arg?.kind !== "select" || arg.testOnly)
    throw new MacroError(arg?.offset ?? offset, "invalid argument to has() macro");
  return nodes.select(offset, arg.operand, arg.field, true);
});
receiver("bind", 3, (call) => {
  if (call.target?.kind !== "ident" || call.target.name !== "cel") return undefined;
  const name = argument(call, 0);
  if (name.kind !== "ident") {
    throw new MacroError(name.offset, "cel.bind() variable names must be simple identifiers");
  }
  return bind(call.nodes, call.offset, name.name, argument(call, 1), argument(call, 2));
});
receiver("all", 2, all(1));
receiver("all", 3, all(2));
receiver("exists", 2, exists(1));
receiver("exists", 3, exists(2));
receiver("exists_one", 2, existsOne(1));
receiver("existsOne", 2, existsOne(1));
receiver("exists_one", 3, existsOne(2));
receiver("existsOne", 3, existsOne(2));
receiver("map", 2, collect(1, false));
receiver("map", 3, collect(1, true));
receiver("filter", 2, filterMacro);
receiver("transformList", 3, collect(2, false));
receiver("transformList", 4, collect(2, true));
receiver("transformMap", 3, collectMap(false, false));
receiver("transformMap", 4, collectMap(false, true));
receiver("transformMapEntry", 3, collectMap(true, false));
receiver("transformMapEntry", 4, collectMap(true, true));
receiver("optMap", 2, optional(false));
receiver("optFlatMap", 2, optional(true));
