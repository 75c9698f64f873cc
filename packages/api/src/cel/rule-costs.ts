import { forbiddenField, internalField, invalidField, type FieldError } from "../field-error.ts";
import type { FieldPath } from "../field-path.ts";
import { unbounded } from "./cost-amounts.ts";
import type { CompiledRule } from "./rule-compilation.ts";
import { hasRules, type RuleTree } from "./rule-tree.ts";
import { additionalPropertiesOf, itemsOf, type CelSchema } from "./schema.ts";

/** What one rule may cost at most, repeated as often as the schema allows. */
export const staticRuleCostLimit = 10_000_000;
/** What all rules of a schema may cost at most. */
export const staticSchemaCostLimit = 100_000_000;
const mostExpensiveShown = 10;

/**
 * What is wrong with the rules of a schema: those that do not compile, that cost too much, and all together. The path
 * is that of the schema (`spec.versions[0].schema.openAPIV3Schema`).
 */
export function ruleErrors(tree: RuleTree, path: FieldPath): FieldError[] {
  const check = new RuleCheck();
  check.visit(tree, path, 1, undefined);
  return [...check.errors, ...check.totalErrors(path)];
}

interface Contribution {
  readonly path: FieldPath;
  readonly cost: number;
}

class RuleCheck {
  readonly errors: FieldError[] = [];
  readonly #contributions: Contribution[] = [];
  #total = 0;

  /** `repeats` is how often the schema can occur, undefined when nothing bounds it; `uncorrelated` where that begins. */
  visit(tree: RuleTree, path: FieldPath, repeats: number | undefined, uncorrelated: FieldPath | undefined): void {
    const { schema } = tree;
    if (tree.items) {
      const isMap = schema["x-kubernetes-list-type"] === "map";
      this.visit(tree.items, path.child("items"), multiplied(repeats, schema.maxItems), isMap ? uncorrelated : path);
    }
    const isAtomic = schema["x-kubernetes-map-type"] === "atomic";
    const within = isAtomic ? path : uncorrelated;
    if (tree.additionalProperties) {
      const inner = multiplied(repeats, schema.maxProperties);
      this.visit(tree.additionalProperties, path.child("additionalProperties"), inner, within);
    }
    for (const [name, property] of tree.properties)
      this.visit(property, path.child("properties").key(name), repeats, within);
    this.#invisible(tree, path);
    for (const [index, added] of tree.allOf.entries())
      this.visit(added, path.child("allOf").index(index), repeats, uncorrelated);
    const rules = path.child("x-kubernetes-validations");
    for (const [index, rule] of tree.rules.entries()) this.#rule(rule, rules.index(index), repeats, uncorrelated);
  }

  /** Rules of schemas that expressions cannot see would never be evaluated. */
  #invisible({ schema, items, additionalProperties, properties }: RuleTree, path: FieldPath): void {
    const values = additionalPropertiesOf(schema);
    const below: (readonly [schema: CelSchema | undefined, isVisible: boolean, path: FieldPath])[] = [
      [itemsOf(schema), items !== undefined, path.child("items")],
      [values, additionalProperties !== undefined, path.child("additionalProperties")],
    ];
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      below.push([property, properties.has(name), path.child("properties").key(name)]);
    }
    for (const [inner, isVisible, at] of below) {
      if (!inner || isVisible || !hasRules(inner)) continue;
      const problem = new Error("internal error: failed to determine type information for schema");
      this.errors.push(internalField(at.child("x-kubernetes-validations"), problem));
    }
  }

  #rule(rule: CompiledRule, path: FieldPath, repeats: number | undefined, uncorrelated: FieldPath | undefined): void {
    const cost = Math.min(unbounded, rule.maxCost * (repeats ?? rule.maxCardinality));
    if (cost > staticRuleCostLimit) {
      this.errors.push(forbiddenField(path.child("rule"), costText("estimated rule cost", cost, staticRuleCostLimit)));
    }
    this.#observe(path.child("rule"), cost);
    if (rule.error !== undefined) this.errors.push(invalidField(path.child("rule"), rule.source, rule.error));
    if (rule.messageError !== undefined) {
      this.errors.push(invalidField(path.child("messageExpression"), rule.source, rule.messageError));
    } else if (rule.messageProgram) {
      if (rule.messageMaxCost > staticRuleCostLimit) {
        const text = costText("estimated messageExpression cost", rule.messageMaxCost, staticRuleCostLimit);
        this.errors.push(forbiddenField(path.child("messageExpression"), text));
      }
      this.#observe(path.child("messageExpression"), rule.messageMaxCost);
    }
    if (rule.usesOldSelf && uncorrelated) {
      const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
      this.errors.push(invalidField(path.child("rule"), rule.source.rule, text));
    }
  }

  #observe(path: FieldPath, cost: number): void {
    this.#total = Math.min(unbounded, this.#total + cost);
    // What is below one part in a hundred is not worth naming.
    if (cost >= staticSchemaCostLimit / 100) this.#contributions.push({ path, cost });
  }

  totalErrors(path: FieldPath): FieldError[] {
    if (this.#total <= staticSchemaCostLimit) return [];
    const expensive = this.#contributions.toSorted((a, b) => b.cost - a.cost).slice(0, mostExpensiveShown);
    const contributed =
      "contributed to estimated rule & messageExpression cost total exceeding cost limit for entire OpenAPIv3 schema";
    const name = "x-kubernetes-validations estimated rule & messageExpression cost total for entire OpenAPIv3 schema";
    return [
      ...expensive.map((contribution) => forbiddenField(contribution.path, contributed)),
      forbiddenField(path, costText(name, this.#total, staticSchemaCostLimit)),
    ];
  }
}

function multiplied(repeats: number | undefined, bound: number | bigint | undefined): number | undefined {
  if (repeats === undefined || bound === undefined) return undefined;
  return Math.min(unbounded, repeats * Math.max(0, Number(bound)));
}

function costText(name: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const text = factor > 100 ? "more than 100x" : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  return (
    `${name} exceeds budget by factor of ${text} (try simplifying the rule, or adding maxItems, maxProperties, ` +
    "and maxLength where arrays, maps, and strings are declared)"
  );
}
