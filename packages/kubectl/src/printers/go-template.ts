import { isRecord } from "@kube-ts/std/config-schema";
import { isTruthy, templateFunctions, templateText } from "./go-template-functions.ts";
import { TemplateError } from "./go-template-lexer.ts";
import {
  type Operand,
  type ParsedTemplate,
  parseGoTemplate,
  type Pipe,
  type TemplateNode,
} from "./go-template-parser.ts";

export { TemplateError };

/** Templates may call each other, but not without end. */
const maxDepth = 1_000;

type Scope = { readonly name: string; value: unknown }[];
type Flow = "next" | "break" | "continue";

/** A template in Go's text/template language over JSON values. */
export class GoTemplate {
  readonly #template: ParsedTemplate;
  readonly #allowMissingKeys: boolean;

  /** Throws a TemplateError when the template is malformed. */
  constructor(template: string, options: { readonly allowMissingKeys: boolean }) {
    this.#template = parseGoTemplate(template);
    this.#allowMissingKeys = options.allowMissingKeys;
  }

  /** What the template prints for a value. Throws a TemplateError. */
  format(value: unknown): string {
    const output: string[] = [];
    this.#run(this.#template.nodes, value, [{ name: "$", value }], output, 0);
    return output.join("");
  }

  #run(nodes: readonly TemplateNode[], dot: unknown, scope: Scope, output: string[], depth: number): Flow {
    for (const node of nodes) {
      const flow = this.#node(node, dot, scope, output, depth);
      if (flow !== "next") return flow;
    }
    return "next";
  }

  #node(node: TemplateNode, dot: unknown, scope: Scope, output: string[], depth: number): Flow {
    switch (node.kind) {
      case "text":
        output.push(node.text);
        return "next";
      case "print": {
        const value = this.#pipe(node.pipe, dot, scope);
        if (node.pipe.variables.length === 0) output.push(templateText(value));
        return "next";
      }
      case "break":
      case "continue":
        return node.kind;
      case "template":
        return this.#call(node, dot, scope, output, depth);
      case "range":
        return this.#range(node, dot, scope, output, depth);
      case "if":
      case "with": {
        const mark = scope.length;
        const value = this.#pipe(node.pipe, dot, scope);
        const holds = isTruthy(value);
        const inner = holds && node.kind === "with" ? value : dot;
        const flow = this.#run(holds ? node.body : node.otherwise, inner, scope, output, depth);
        scope.length = mark;
        return flow;
      }
    }
  }

  #call(node: TemplateNode & { kind: "template" }, dot: unknown, scope: Scope, output: string[], depth: number): Flow {
    const body = this.#template.definitions.get(node.name);
    if (!body) throw new TemplateError(`template ${JSON.stringify(node.name)} not defined`);
    if (depth >= maxDepth) throw new TemplateError("exceeded maximum template depth");
    const value = node.pipe === undefined ? undefined : this.#pipe(node.pipe, dot, scope);
    this.#run(body, value, [{ name: "$", value }], output, depth + 1);
    return "next";
  }

  #range(
    node: TemplateNode & { kind: "if" | "with" | "range" },
    dot: unknown,
    scope: Scope,
    output: string[],
    depth: number,
  ): Flow {
    const mark = scope.length;
    const { variables } = node.pipe;
    const value = this.#pipe({ ...node.pipe, variables: [] }, dot, scope);
    const entries = entriesOf(value);
    for (const [key, item] of entries) {
      const [first, second] = variables;
      if (second !== undefined && first !== undefined) {
        scope.push({ name: first, value: key }, { name: second, value: item });
      } else if (first !== undefined) scope.push({ name: first, value: item });
      const flow = this.#run(node.body, item, scope, output, depth);
      scope.length = mark;
      if (flow === "break") break;
    }
    return entries.length > 0 ? "next" : this.#run(node.otherwise, dot, scope, output, depth);
  }

  #pipe(pipe: Pipe, dot: unknown, scope: Scope): unknown {
    let value: unknown;
    for (const [index, command] of pipe.commands.entries()) {
      value = this.#command(command, dot, scope, index === 0 ? [] : [value]);
    }
    const [name] = pipe.variables;
    if (name === undefined) return value;
    const known = pipe.declares ? undefined : scope.findLast((entry) => entry.name === name);
    if (known) known.value = value;
    else if (pipe.declares) scope.push({ name, value });
    else throw new TemplateError(`undefined variable ${JSON.stringify(name)}`);
    return value;
  }

  #command(command: readonly Operand[], dot: unknown, scope: Scope, piped: readonly unknown[]): unknown {
    const [head, ...rest] = command;
    if (!head) throw new TemplateError("empty command");
    if (head.kind !== "function") {
      if (rest.length > 0 || piped.length > 0) throw new TemplateError("can't give argument to non-function");
      return this.#operand(head, dot, scope);
    }
    if (head.name === "and" || head.name === "or") return this.#shortCircuit(head.name, rest, dot, scope, piped);
    const call = templateFunctions.get(head.name);
    if (!call) throw new TemplateError(`function ${JSON.stringify(head.name)} not defined`);
    return call(...rest.map((operand) => this.#operand(operand, dot, scope)), ...piped);
  }

  #shortCircuit(
    name: string,
    operands: readonly Operand[],
    dot: unknown,
    scope: Scope,
    piped: readonly unknown[],
  ): unknown {
    let value: unknown;
    for (const operand of operands) {
      value = this.#operand(operand, dot, scope);
      if (isTruthy(value) === (name === "or")) return value;
    }
    return piped.length > 0 ? piped[0] : value;
  }

  #operand(operand: Operand, dot: unknown, scope: Scope): unknown {
    switch (operand.kind) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "value":
        return operand.value;
      case "variable": {
        const found = scope.findLast((entry) => entry.name === operand.name);
        if (!found) throw new TemplateError(`undefined variable ${JSON.stringify(operand.name)}`);
        return found.value;
      }
      case "function":
        return this.#command([operand], dot, scope, []);
      case "pipe":
        return this.#pipe(operand.pipe, dot, scope);
      case "chain":
        return operand.fields.reduce<unknown>(
          (value, field) => this.#field(value, field),
          this.#operand(operand.of, dot, scope),
        );
    }
  }

  #field(value: unknown, field: string): unknown {
    if (value === undefined) return undefined;
    if (value === null) throw new TemplateError(`nil pointer evaluating interface {}.${field}`);
    if (isRecord(value)) {
      if (Object.hasOwn(value, field)) return value[field];
      if (!this.#allowMissingKeys) throw new TemplateError(`map has no entry for key ${JSON.stringify(field)}`);
      return undefined;
    }
    throw new TemplateError(`can't evaluate field ${field} in type interface {}`);
  }
}

function entriesOf(value: unknown): [unknown, unknown][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((item, index): [unknown, unknown] => [index, item]);
  if (isRecord(value)) {
    return Object.keys(value)
      .toSorted()
      .map((key): [unknown, unknown] => [key, value[key]]);
  }
  if (typeof value === "number" && Number.isInteger(value)) {
    return Array.from({ length: Math.min(value, 1_000_000) }, (_none, index): [unknown, unknown] => [index, index]);
  }
  throw new TemplateError(`range can't iterate over ${templateText(value)}`);
}
