import { semanticEqual } from "../deep-equal.ts";
import { duplicateField, forbiddenField, invalidField, requiredField, type FieldError } from "../field-error.ts";
import { FieldPath } from "../field-path.ts";
import { goQuote } from "../go-quote.ts";
import type { CelProgram } from "./compile.ts";
import { correlateItems, correlateProperty } from "./correlation.ts";
import { CelCostError } from "./evaluation-error.ts";
import { appendSteps } from "./field-path-text.ts";
import type { CelBindings } from "./frame.ts";
import { toValue } from "./native-value.ts";
import type { CompiledRule } from "./rule-compilation.ts";
import type { RuleTree } from "./rule-tree.ts";
import type { CelValidationRule } from "./schema.ts";
import { CelOptional } from "./values.ts";

/** What the rules of one custom resource may cost together. */
export const runtimeCostBudget = 10_000_000;
const maxMessageBytes = 5 * 1024;

export interface RuleValidation {
  /** Undefined for the root of a resource. */
  readonly path: FieldPath | undefined;
  readonly value: unknown;
  /** Undefined when there is nothing to compare with. */
  readonly oldValue?: unknown;
  /** Default: `runtimeCostBudget`. */
  readonly budget?: number;
  /**
   * Takes the errors of values that an update leaves as they were; such errors do not fail it. Default: they do.
   * Transition rules are never let off.
   */
  readonly onRatcheted?: (error: FieldError) => void;
}

export interface RuleOutcome {
  readonly errors: readonly FieldError[];
  /** Negative when the budget ran out; rules after that were not evaluated. */
  readonly remainingBudget: number;
}

/** Evaluates the rules of a schema and of all below it on a value. */
export function validateRules(tree: RuleTree, validation: RuleValidation): RuleOutcome {
  const run = new RuleRun(validation);
  run.validate(tree, validation.path, validation.value, validation.oldValue, {
    correlated: validation.oldValue !== undefined,
    parentUnchanged: () => false,
    isRoot: true,
  });
  return { errors: run.errors, remainingBudget: run.budget };
}

type RulePath = FieldPath | undefined;
/** How upstream prints the path of the root. */
const noPath = "<nil>";

function childPath(path: RulePath, name: string): FieldPath {
  return path ? path.child(name) : FieldPath.of(name);
}

function keyPath(path: RulePath, key: string): FieldPath {
  return path ? path.key(key) : FieldPath.of(`[${key}]`);
}

function itemPath(path: RulePath, index: number): FieldPath {
  return path ? path.index(index) : FieldPath.of(`[${index}]`);
}

/** How a value relates to its old state, for ratcheting. */
interface Correlation {
  readonly correlated: boolean;
  /** Whether the nearest correlated value above is the same as before. */
  readonly parentUnchanged: () => boolean;
  readonly isRoot: boolean;
}

class RuleRun {
  readonly errors: FieldError[] = [];
  budget: number;
  readonly #onRatcheted: ((error: FieldError) => void) | undefined;

  constructor({ budget, onRatcheted }: RuleValidation) {
    this.budget = budget ?? runtimeCostBudget;
    this.#onRatcheted = onRatcheted;
  }

  validate(tree: RuleTree, path: RulePath, value: unknown, old: unknown, correlation: Correlation): void {
    if (value === null || value === undefined) return;
    this.#evaluateAll(tree, path, value, old, correlation);
    for (const added of tree.allOf) {
      if (this.budget < 0) return;
      this.validate(added, path, value, old, { ...correlation, correlated: false });
    }
    if (this.budget < 0) return;
    if (Array.isArray(value)) this.#items(tree, path, value, old, correlation);
    else if (typeof value === "object") this.#entries(tree, path, value as Record<string, unknown>, old, correlation);
  }

  #items(tree: RuleTree, path: RulePath, value: readonly unknown[], old: unknown, correlation: Correlation): void {
    if (!tree.items) return;
    const oldOf = correlateItems(tree.schema, old);
    for (const [index, item] of value.entries()) {
      if (this.budget < 0) return;
      const oldItem = oldOf(item);
      this.validate(tree.items, itemPath(path, index), item, oldItem, below(correlation, value, old, oldItem));
    }
  }

  #entries(
    tree: RuleTree,
    path: RulePath,
    value: Record<string, unknown>,
    old: unknown,
    correlation: Correlation,
  ): void {
    for (const [name, item] of Object.entries(value)) {
      if (this.budget < 0) return;
      const property = tree.properties.get(name);
      const subtree = property ?? tree.additionalProperties;
      if (!subtree) continue;
      const oldItem = correlateProperty(tree.schema, old, name);
      // The version an object is read in shows in these two, so they cannot tell whether it changed.
      const isVersion = correlation.isRoot && (name === "apiVersion" || name === "kind");
      const inner = isVersion ? unrelated : below(correlation, value, old, oldItem);
      this.validate(subtree, property ? childPath(path, name) : keyPath(path, name), item, oldItem, inner);
    }
  }

  #evaluateAll(tree: RuleTree, path: RulePath, value: unknown, old: unknown, correlation: Correlation): void {
    if (tree.rules.length === 0) return;
    const type = tree.schema.type ?? "";
    if (this.budget <= 0) return this.#outOfBudget(invalidField(path ?? noPath, type, outOfBudget));
    const oldSelf = old === null ? undefined : old;
    const unchanged = (): boolean =>
      correlation.correlated ? semanticEqual(value, old) : correlation.parentUnchanged();
    for (const rule of tree.rules) {
      if (this.budget < 0) return;
      if (rule.error !== undefined) {
        this.errors.push(invalidField(path ?? noPath, type, `rule compile error: ${rule.error}`));
        continue;
      }
      const optional = rule.source.optionalOldSelf ?? false;
      if (!rule.program || (rule.usesOldSelf && oldSelf === undefined && !optional)) continue;
      const failure = this.#evaluate(rule, rule.program, tree, path, value, oldSelf);
      if (!failure) continue;
      if (this.#onRatcheted && !rule.usesOldSelf && failure.ratchets && unchanged()) this.#onRatcheted(failure.error);
      else this.errors.push(failure.error);
    }
  }

  #outOfBudget(error: FieldError): void {
    this.errors.push(error);
    this.budget = -1;
  }

  #evaluate(
    rule: CompiledRule,
    program: CelProgram,
    tree: RuleTree,
    path: RulePath,
    value: unknown,
    oldSelf: unknown,
  ): { error: FieldError; ratchets: boolean } | undefined {
    const type = tree.schema.type ?? "";
    const bindings = bindingsOf(rule, tree, value, oldSelf);
    const result = program.evaluate(bindings);
    if (result.cost > this.budget) {
      this.budget = -1;
      return { error: invalidField(path ?? noPath, type, outOfBudget), ratchets: false };
    }
    this.budget -= result.cost;
    if (!result.ok) {
      if (result.error instanceof CelCostError) this.budget = -1;
      return { error: invalidField(path ?? noPath, type, failureText(result.error, rule.source)), ratchets: false };
    }
    if (result.value === true) return undefined;
    const at = appendSteps(path, rule.fieldPath) ?? noPath;
    const message = this.#message(rule, bindings);
    if (message instanceof MessageFailure) return { error: invalidField(at, type, message.text), ratchets: true };
    return { error: errorOf(rule.source, at, type, message ?? defaultMessage(rule.source)), ratchets: true };
  }

  /** The text of the message expression; undefined when it gives none that can be used. */
  #message({ messageProgram, source }: CompiledRule, bindings: CelBindings): string | MessageFailure | undefined {
    if (!messageProgram) return undefined;
    const result = messageProgram.evaluate(bindings);
    if (result.cost > this.budget) {
      this.budget = -1;
      return new MessageFailure(
        "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run",
      );
    }
    this.budget -= result.cost;
    if (!result.ok) {
      if (!(result.error instanceof CelCostError)) return undefined;
      this.budget = -1;
      const text = goQuote(source.messageExpression ?? "");
      return new MessageFailure(
        `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${text}`,
      );
    }
    if (typeof result.value !== "string") return undefined;
    const message = result.value.trim();
    const isUsable = message !== "" && !message.includes("\n") && Buffer.byteLength(message) <= maxMessageBytes;
    return isUsable ? message : undefined;
  }
}

const outOfBudget = "validation failed due to running out of cost budget, no further validation rules will be run";
const unrelated: Correlation = { correlated: false, parentUnchanged: () => false, isRoot: false };

/** A message expression that cost too much; its text takes the place of the message. */
class MessageFailure {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function below(correlation: Correlation, value: unknown, old: unknown, oldItem: unknown): Correlation {
  let same: boolean | undefined;
  return {
    correlated: correlation.correlated && oldItem !== undefined,
    parentUnchanged: correlation.correlated ? () => (same ??= semanticEqual(value, old)) : correlation.parentUnchanged,
    isRoot: false,
  };
}

function bindingsOf({ source }: CompiledRule, { decl }: RuleTree, self: unknown, oldSelf: unknown): CelBindings {
  if (!source.optionalOldSelf) return oldSelf === undefined ? { self } : { self, oldSelf };
  return { self, oldSelf: oldSelf === undefined ? CelOptional.none : new CelOptional(toValue(oldSelf, decl)) };
}

function ruleText({ message, rule }: CelValidationRule): string {
  return message === undefined || message === "" ? rule.trim() : message.trim();
}

function defaultMessage(rule: CelValidationRule): string {
  return rule.message === undefined || rule.message === "" ? `failed rule: ${ruleText(rule)}` : rule.message.trim();
}

function failureText(error: Error, rule: CelValidationRule): string {
  if (error instanceof CelCostError) {
    return `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${ruleText(rule)}`;
  }
  if (error.message.startsWith("no such overload")) {
    return `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${ruleText(rule)}`;
  }
  return `${error.message} evaluating rule: ${ruleText(rule)}`;
}

function errorOf({ reason }: CelValidationRule, path: FieldPath | string, type: string, detail: string): FieldError {
  switch (reason) {
    case "FieldValueForbidden":
      return forbiddenField(path, detail);
    case "FieldValueRequired":
      return requiredField(path, detail);
    case "FieldValueDuplicate":
      return duplicateField(path, type);
    default:
      return invalidField(path ?? noPath, type, detail);
  }
}
