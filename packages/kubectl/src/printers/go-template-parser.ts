import { templateFunctions } from "./go-template-functions.ts";
import { type Piece, splitTemplate, TemplateError, type Token } from "./go-template-lexer.ts";

/** A value within a command. */
export type Operand =
  | { readonly kind: "dot" }
  | { readonly kind: "nil" }
  | { readonly kind: "value"; readonly value: string | number | boolean }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "pipe"; readonly pipe: Pipe }
  | { readonly kind: "chain"; readonly of: Operand; readonly fields: readonly string[] };

export interface Pipe {
  /** Variables that the pipeline sets; two only in a range. */
  readonly variables: readonly string[];
  readonly declares: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly pipe: Pipe }
  | {
      readonly kind: "if" | "with" | "range";
      readonly pipe: Pipe;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | { readonly kind: "break" | "continue" }
  | { readonly kind: "template"; readonly name: string; readonly pipe: Pipe | undefined };

export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  readonly definitions: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** Reads a Go template. Throws a TemplateError. */
export function parseGoTemplate(template: string): ParsedTemplate {
  const parser = new TemplateParser(splitTemplate(template));
  const nodes = parser.parseTop();
  return { nodes, definitions: parser.definitions };
}

/** How a block of nodes ended. */
interface Block {
  readonly nodes: TemplateNode[];
  readonly end: "end" | "else" | "eof";
  /** What follows the `else`. */
  readonly rest: readonly Token[];
}

class TemplateParser {
  readonly #pieces: readonly Piece[];
  readonly definitions = new Map<string, readonly TemplateNode[]>();
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  parseTop(): TemplateNode[] {
    const block = this.#block();
    if (block.end !== "eof") throw new TemplateError(`unexpected {{${block.end}}}`);
    return block.nodes;
  }

  #block(): Block {
    const nodes: TemplateNode[] = [];
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at];
      this.#at += 1;
      if (!piece) break;
      if (piece.kind === "text") {
        nodes.push(piece);
        continue;
      }
      const tokens = trim(piece.tokens);
      const [first] = tokens;
      const word = first?.kind === "word" ? first.text : "";
      const rest = trim(tokens.slice(1));
      if (word === "end" || word === "else") return { nodes, end: word, rest };
      const node = this.#action(word, rest, tokens);
      if (node) nodes.push(node);
    }
    return { nodes, end: "eof", rest: [] };
  }

  #action(word: string, rest: readonly Token[], tokens: readonly Token[]): TemplateNode | undefined {
    switch (word) {
      case "if":
      case "with":
      case "range":
        return this.#control(word, rest);
      case "break":
      case "continue":
        return { kind: word };
      case "template":
        return { kind: "template", ...templateCall(rest) };
      case "define":
        this.#define(nameOf(rest[0]));
        return undefined;
      case "block": {
        const call = templateCall(rest);
        this.#define(call.name);
        return { kind: "template", ...call };
      }
      default:
        return { kind: "print", pipe: parsePipe(tokens) };
    }
  }

  #define(name: string): void {
    const block = this.#block();
    if (block.end !== "end") throw new TemplateError("unexpected EOF");
    this.definitions.set(name, block.nodes);
  }

  #control(kind: "if" | "with" | "range", tokens: readonly Token[]): TemplateNode {
    if (tokens.length === 0) throw new TemplateError(`missing value for ${kind}`);
    const pipe = parsePipe(tokens);
    const body = this.#block();
    if (body.end === "eof") throw new TemplateError("unexpected EOF");
    if (body.end === "end") return { kind, pipe, body: body.nodes, otherwise: [] };
    const [chained] = body.rest;
    if (chained?.kind === "word" && chained.text === kind && kind !== "range") {
      return { kind, pipe, body: body.nodes, otherwise: [this.#control(kind, trim(body.rest.slice(1)))] };
    }
    const otherwise = this.#block();
    if (otherwise.end !== "end") throw new TemplateError(`expected end; found {{${otherwise.end}}}`);
    return { kind, pipe, body: body.nodes, otherwise: otherwise.nodes };
  }
}

function templateCall(tokens: readonly Token[]): { name: string; pipe: Pipe | undefined } {
  const rest = trim(tokens.slice(1));
  return { name: nameOf(tokens[0]), pipe: rest.length === 0 ? undefined : parsePipe(rest) };
}

function nameOf(token: Token | undefined): string {
  if (token?.kind === "value" && typeof token.value === "string") return token.value;
  throw new TemplateError("expected the name of a template");
}

function trim(tokens: readonly Token[]): readonly Token[] {
  const start = tokens.findIndex((token) => token.kind !== "space");
  const end = tokens.findLastIndex((token) => token.kind !== "space");
  return start < 0 ? [] : tokens.slice(start, end + 1);
}

function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === "symbol" && token.text === text;
}

function parsePipe(tokens: readonly Token[]): Pipe {
  const solid = trim(tokens);
  const assign = solid.findIndex((token) => isSymbol(token, ":=") || isSymbol(token, "="));
  const targets = assign < 0 ? [] : solid.slice(0, assign);
  const variables = targets.flatMap((token) => (token.kind === "variable" ? [token.text] : []));
  const reader = new PipeReader(solid.slice(assign + 1));
  const commands = reader.readCommands();
  if (!reader.done) throw new TemplateError("unexpected right paren");
  return { variables, declares: isSymbol(solid[assign], ":="), commands };
}

class PipeReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  readCommands(): Operand[][] {
    const commands: Operand[][] = [[]];
    while (!this.done && !isSymbol(this.#tokens[this.#at], ")")) {
      const token = this.#tokens[this.#at];
      if (token?.kind === "space") this.#at += 1;
      else if (isSymbol(token, "|")) {
        this.#at += 1;
        commands.push([]);
      } else commands.at(-1)?.push(this.#operand());
    }
    if (commands.some((command) => command.length === 0)) throw new TemplateError("missing value for command");
    return commands;
  }

  #operand(): Operand {
    const token = this.#tokens[this.#at];
    if (!token) throw new TemplateError("unexpected EOF");
    let operand: Operand = { kind: "dot" };
    const fields: string[] = [];
    this.#at += 1;
    if (token.kind === "field") fields.push(token.text);
    else operand = this.#primary(token);
    for (let next = this.#tokens[this.#at]; next?.kind === "field"; next = this.#tokens[this.#at]) {
      fields.push(next.text);
      this.#at += 1;
    }
    return fields.length === 0 ? operand : { kind: "chain", of: operand, fields };
  }

  #primary(token: Token): Operand {
    if (token.kind === "variable") return { kind: "variable", name: token.text };
    if (token.kind === "value") return { kind: "value", value: token.value };
    if (token.kind === "word") return wordOperand(token.text);
    if (isSymbol(token, ".")) return { kind: "dot" };
    if (isSymbol(token, "(")) {
      const commands = this.readCommands();
      if (!isSymbol(this.#tokens[this.#at], ")")) throw new TemplateError("unclosed left paren");
      this.#at += 1;
      return { kind: "pipe", pipe: { variables: [], declares: false, commands } };
    }
    throw new TemplateError(`unexpected ${token.kind === "symbol" ? `"${token.text}"` : token.kind} in operand`);
  }
}

function wordOperand(word: string): Operand {
  if (word === "true" || word === "false") return { kind: "value", value: word === "true" };
  if (word === "nil") return { kind: "nil" };
  if (word !== "and" && word !== "or" && !templateFunctions.has(word))
    throw new TemplateError(`function ${JSON.stringify(word)} not defined`);
  return { kind: "function", name: word };
}
