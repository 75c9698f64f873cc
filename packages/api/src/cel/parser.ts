import { operators, type Expr, type LiteralValue, type MapEntry, type StructField } from "./ast.ts";
import { tokenize, type Token } from "./lexer.ts";
import { expandMacro, MacroError } from "./macros.ts";
import { NodeFactory, TreeLimitError } from "./node-factory.ts";
import { IssueList, type CelIssue } from "./source-error.ts";

/** Upstream's bounds on an expression. */
const maxCodePoints = 100_000;
const maxRecursion = 250;

/** Words that no identifier may be; after a dot all but the first four are fine. */
const literalWords = new Set(["true", "false", "null", "in"]);
const reservedWords = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);

const operand =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

const relations = new Map<string, string>([
  ["<", operators.less],
  ["<=", operators.lessEquals],
  [">=", operators.greaterEquals],
  [">", operators.greater],
  ["==", operators.equals],
  ["!=", operators.notEquals],
  ["in", operators.in],
]);
const sums = new Map<string, string>([
  ["+", operators.add],
  ["-", operators.subtract],
]);
const products = new Map<string, string>([
  ["*", operators.multiply],
  ["/", operators.divide],
  ["%", operators.modulo],
]);

function startsOperand({ type, text }: Token): boolean {
  if (type === "symbol") return "([{.-!".includes(text);
  return type !== "end" && text !== "in";
}

export interface ParsedExpression {
  readonly expr: Expr;
  /** One more than the largest node id. */
  readonly nodeCount: number;
}

/** Parses an expression and expands its macros; the issues when it is not one. Work and depth are bounded. */
export function parseExpression(source: string): ParsedExpression | { issues: readonly CelIssue[] } {
  if (source.length > maxCodePoints) {
    const size = Array.from(source).length;
    const message = `expression code point size exceeds limit: size: ${size}, limit ${maxCodePoints}`;
    if (size > maxCodePoints) return { issues: [{ message, offset: 0 }] };
  }
  const issues = new IssueList();
  const parser = new Parser(tokenize(source, issues), issues);
  const expr = parser.parse();
  if (expr === undefined || issues.issues.length > 0) return { issues: issues.issues };
  return { expr, nodeCount: parser.nodes.count };
}

class SyntaxFailure extends Error {
  override readonly name = "SyntaxFailure";
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

class Parser {
  readonly nodes = new NodeFactory();
  readonly #tokens: readonly Token[];
  readonly #issues: IssueList;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], issues: IssueList) {
    this.#tokens = tokens;
    this.#issues = issues;
  }

  parse(): Expr | undefined {
    try {
      const expr = this.#expression();
      const rest = this.#token();
      if (rest.type !== "end") {
        const how = this.#tokens[this.#at + 1]?.type === "end" ? "extraneous" : "mismatched";
        this.#issues.report(rest.offset, `Syntax error: ${how} input '${rest.text}' expecting <EOF>`);
      }
      return expr;
    } catch (error) {
      if (error instanceof SyntaxFailure) this.#issues.report(error.offset, error.message);
      else if (error instanceof TreeLimitError) this.#issues.report(-1, error.message);
      else throw error;
      return undefined;
    }
  }

  #token(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new SyntaxFailure(0, "Syntax error: unexpected end of expression");
    return token;
  }

  #next(): Token {
    const token = this.#token();
    this.#at++;
    return token;
  }

  #is(text: string): boolean {
    const token = this.#token();
    return token.text === text && (token.type === "symbol" || token.type === "ident");
  }

  #take(text: string): Token | undefined {
    return this.#is(text) ? this.#next() : undefined;
  }

  #expect(text: string): Token {
    const token = this.#take(text);
    if (token) return token;
    const found = this.#token();
    if (found.type === "end") throw new SyntaxFailure(found.offset, `Syntax error: missing '${text}' at '<EOF>'`);
    throw new SyntaxFailure(found.offset, `Syntax error: mismatched input '${found.text}' expecting '${text}'`);
  }

  #enter(message = "max recursion depth exceeded"): void {
    this.#depth++;
    if (this.#depth > maxRecursion) throw new SyntaxFailure(-1, message);
  }

  #expression(): Expr {
    this.#enter(`expression recursion limit exceeded: ${maxRecursion}`);
    const depth = this.#depth;
    let result = this.#logical("||", operators.or, () => this.#conjunction());
    const question = this.#take("?");
    if (question) {
      const whenTrue = this.#logical("||", operators.or, () => this.#conjunction());
      this.#expect(":");
      result = this.nodes.call(question.offset, operators.conditional, [result, whenTrue, this.#expression()]);
    }
    this.#depth = depth - 1;
    return result;
  }

  #conjunction(): Expr {
    return this.#logical("&&", operators.and, () => this.#chain(relations, () => this.#sum()));
  }

  /** `a && b && …` as a balanced tree, as upstream builds it, so that long ones stay shallow. */
  #logical(symbol: string, fn: string, next: () => Expr): Expr {
    const terms = [next()];
    const offsets: number[] = [];
    for (let token = this.#take(symbol); token; token = this.#take(symbol)) {
      offsets.push(token.offset);
      terms.push(next());
    }
    return this.#balanced(fn, terms, offsets, 0, terms.length);
  }

  #balanced(fn: string, terms: readonly Expr[], offsets: readonly number[], from: number, to: number): Expr {
    const [only] = terms.slice(from, from + 1);
    if (to - from === 1 && only) return only;
    const middle = from + ((to - from + 1) >> 1);
    const left = this.#balanced(fn, terms, offsets, from, middle);
    return this.nodes.call(offsets[middle - 1] ?? 0, fn, [left, this.#balanced(fn, terms, offsets, middle, to)]);
  }

  #sum(): Expr {
    return this.#chain(sums, () => this.#chain(products, () => this.#unary()));
  }

  /** `a op b op c`, grouped from the left. */
  #chain(ops: ReadonlyMap<string, string>, next: () => Expr): Expr {
    const depth = this.#depth;
    let left = next();
    for (;;) {
      const token = this.#token();
      const fn = token.type === "symbol" || token.type === "ident" ? ops.get(token.text) : undefined;
      if (fn === undefined) break;
      this.#next();
      this.#enter();
      left = this.nodes.call(token.offset, fn, [left, next()]);
    }
    this.#depth = depth;
    return left;
  }

  #unary(): Expr {
    const first = this.#token();
    if (first.type !== "symbol" || (first.text !== "!" && first.text !== "-")) return this.#member();
    if (first.text === "-" && this.#numberFollows()) return this.#member();
    let count = 0;
    while (this.#is(first.text) && !(count > 0 && first.text === "-" && this.#numberFollows())) {
      this.#next();
      count++;
    }
    const inner = this.#member();
    if (count % 2 === 0) return inner;
    return this.nodes.call(first.offset, first.text === "!" ? operators.not : operators.negate, [inner]);
  }

  #numberFollows(): boolean {
    const type = this.#tokens[this.#at + 1]?.type;
    return type === "int" || type === "float";
  }

  #member(): Expr {
    const depth = this.#depth;
    let expr = this.#primary();
    for (;;) {
      const token = this.#token();
      if (token.type !== "symbol" || (token.text !== "." && token.text !== "[")) break;
      this.#next();
      this.#enter();
      expr = token.text === "." ? this.#selection(expr, token) : this.#index(expr, token);
    }
    this.#depth = depth;
    return expr;
  }

  #selection(target: Expr, dot: Token): Expr {
    const optional = this.#take("?");
    const name = this.#next();
    if (name.type === "ident" && literalWords.has(name.text)) {
      throw new SyntaxFailure(name.offset, `Syntax error: mismatched input '${name.text}' expecting IDENTIFIER`);
    }
    if (name.type !== "ident") {
      const input = name.type === "end" ? "." : `.${name.text}`;
      throw new SyntaxFailure(name.offset, `Syntax error: no viable alternative at input '${input}'`);
    }
    if (optional) {
      return this.nodes.call(dot.offset, operators.optionalSelect, [
        target,
        this.nodes.literal(name.offset, name.text),
      ]);
    }
    const open = this.#take("(");
    return open ? this.#call(open, name.text, target) : this.nodes.select(dot.offset, target, name.text);
  }

  #index(target: Expr, open: Token): Expr {
    const fn = this.#take("?") ? operators.optionalIndex : operators.index;
    const index = this.#expression();
    this.#expect("]");
    return this.nodes.call(open.offset, fn, [target, index]);
  }

  #call(open: Token, name: string, target: Expr | undefined): Expr {
    const args: Expr[] = [];
    while (!this.#is(")")) {
      args.push(this.#expression());
      if (!this.#take(",")) break;
    }
    this.#expect(")");
    try {
      return (
        expandMacro(this.nodes, open.offset, name, target, args) ?? this.nodes.call(open.offset, name, args, target)
      );
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      this.#issues.report(error.offset, error.message);
      return this.nodes.call(open.offset, name, args, target);
    }
  }

  #primary(): Expr {
    const token = this.#next();
    if (token.type === "symbol") return this.#bracketed(token);
    if (token.type === "ident") return this.#named(token);
    if (token.type === "end") return this.#unexpected(token);
    return this.#literal(token, token.offset, 1n);
  }

  /** A token that cannot start an operand: it is skipped if what follows can, and left if it is an operator. */
  #unexpected(token: Token): Expr {
    const next = this.#tokens[this.#at];
    if (token.type !== "end" && next && startsOperand(next)) {
      this.#issues.report(token.offset, `Syntax error: extraneous input '${token.text}' expecting ${operand}`);
      return this.#unary();
    }
    const failure = new SyntaxFailure(
      token.offset,
      `Syntax error: mismatched input '${token.text}' expecting ${operand}`,
    );
    if (!relations.has(token.text) && !sums.has(token.text) && !products.has(token.text)) throw failure;
    this.#issues.report(failure.offset, failure.message);
    this.#at--;
    return this.nodes.literal(token.offset, null);
  }

  #bracketed(token: Token): Expr {
    if (token.text === "(") {
      const expr = this.#expression();
      this.#expect(")");
      return expr;
    }
    if (token.text === "[") return this.#list(token);
    if (token.text === "{") return this.#map(token);
    if (token.text === "-") {
      const number = this.#next();
      if (number.type === "int" || number.type === "float") return this.#literal(number, token.offset, -1n);
      return this.#unexpected(number);
    }
    if (token.text === "." && this.#token().type === "ident") return this.#named(this.#next(), ".");
    return this.#unexpected(token);
  }

  #literal(token: Token, offset: number, sign: bigint): Expr {
    let value: LiteralValue = token.value ?? null;
    if (token.type === "int" && typeof value === "bigint") {
      value *= sign;
      if (value >= 2n ** 63n || value < -(2n ** 63n)) this.#issues.report(offset, "invalid int literal");
    } else if (typeof value === "number" && sign < 0) value = -value;
    return this.nodes.literal(offset, value);
  }

  #named(token: Token, prefix = ""): Expr {
    const { text, offset } = token;
    if (text === "true" || text === "false") return this.nodes.literal(offset, text === "true");
    if (text === "null") return this.nodes.literal(offset, null);
    if (text === "in") return this.#unexpected(token);
    const struct = this.#structName(text);
    if (struct) return this.#struct(prefix + struct);
    const open = this.#take("(");
    if (reservedWords.has(text)) {
      this.#issues.report(offset, `reserved identifier: ${text}`);
      if (!open) return this.nodes.literal(offset, null);
    }
    return open ? this.#call(open, prefix + text, undefined) : this.nodes.ident(offset, prefix + text);
  }

  /** The name of the type when what follows the first word is the rest of `a.b.c{`, which is then consumed. */
  #structName(first: string): string | undefined {
    let at = this.#at;
    const names = [first];
    while (this.#tokens[at]?.text === "." && this.#tokens[at + 1]?.type === "ident") {
      names.push(this.#tokens[at + 1]?.text ?? "");
      at += 2;
    }
    const open = this.#tokens[at];
    if (open?.type !== "symbol" || open.text !== "{") return undefined;
    this.#at = at;
    return names.join(".");
  }

  #struct(typeName: string): Expr {
    const open = this.#expect("{");
    const fields: StructField[] = [];
    while (!this.#is("}")) {
      const optional = this.#take("?") !== undefined;
      const name = this.#next();
      if (name.type !== "ident")
        throw new SyntaxFailure(name.offset, `Syntax error: mismatched input '${name.text}' expecting IDENTIFIER`);
      const colon = this.#expect(":");
      fields.push({ name: name.text, value: this.#expression(), optional, offset: colon.offset });
      if (!this.#take(",")) break;
    }
    this.#expect("}");
    return this.nodes.struct(open.offset, typeName, fields);
  }

  #list(open: Token): Expr {
    const elements: Expr[] = [];
    const optional: number[] = [];
    while (!this.#is("]")) {
      if (this.#take("?")) optional.push(elements.length);
      elements.push(this.#expression());
      if (!this.#take(",")) break;
    }
    this.#expect("]");
    return this.nodes.list(open.offset, elements, optional);
  }

  #map(open: Token): Expr {
    const entries: MapEntry[] = [];
    while (!this.#is("}")) {
      const optional = this.#take("?") !== undefined;
      const key = this.#expression();
      const colon = this.#expect(":");
      entries.push({ key, value: this.#expression(), optional, offset: colon.offset });
      if (!this.#take(",")) break;
    }
    this.#expect("}");
    return this.nodes.map(open.offset, entries);
  }
}
