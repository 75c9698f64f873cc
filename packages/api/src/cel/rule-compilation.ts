import { compileCel, type CelProgram } from "./compile.ts";
import { unbounded } from "./cost-amounts.ts";
import { estimateCost } from "./cost-estimate.ts";
import { CelEnvironment, schemaVariable } from "./environment.ts";
import { FieldPathError, parseFieldPath, type FieldPathStep } from "./field-path-text.ts";
import { maxRequestSizeBytes, type SchemaDecl } from "./schema-decl.ts";
import type { CelSchema, CelValidationRule } from "./schema.ts";
import { boolType, optionalOf, stringType } from "./types.ts";

/** What a rule became. */
export interface CompiledRule {
  readonly source: CelValidationRule;
  /** Undefined when the rule is blank or wrong. */
  readonly program: CelProgram | undefined;
  /** Why the rule cannot be used. */
  readonly error: string | undefined;
  readonly messageProgram: CelProgram | undefined;
  readonly messageError: string | undefined;
  /** A rule that reads `oldSelf` is a transition rule. */
  readonly usesOldSelf: boolean;
  /** What one evaluation of the rule and of its message may cost at most. */
  readonly maxCost: number;
  readonly messageMaxCost: number;
  /** How often data of the schema fits into a request. */
  readonly maxCardinality: number;
  readonly fieldPath: readonly FieldPathStep[];
}

/** Compiles the rules of one schema, without those further down. */
export function compileRules(rules: readonly CelValidationRule[], schema: CelSchema, decl: SchemaDecl): CompiledRule[] {
  if (rules.length === 0) return [];
  const plain = environmentOf(decl, false);
  const optional = rules.some((rule) => rule.optionalOldSelf) ? environmentOf(decl, true) : plain;
  return rules.map((rule) => compileRule(rule, schema, decl, rule.optionalOldSelf ? optional : plain));
}

function environmentOf(decl: SchemaDecl, optionalOldSelf: boolean): CelEnvironment {
  const self = schemaVariable(decl);
  return new CelEnvironment({
    variables: { self, oldSelf: optionalOldSelf ? { type: optionalOf(decl.type) } : self },
  });
}

function compileRule(
  source: CelValidationRule,
  schema: CelSchema,
  decl: SchemaDecl,
  environment: CelEnvironment,
): CompiledRule {
  const base: CompiledRule = {
    source,
    program: undefined,
    error: undefined,
    messageProgram: undefined,
    messageError: undefined,
    usesOldSelf: false,
    maxCost: 0,
    messageMaxCost: 0,
    maxCardinality: Math.floor(maxRequestSizeBytes / (decl.minSizeBytes + 1)),
    fieldPath: [],
  };
  if (source.rule.trim() === "") return base;
  const compiled = compileCel(source.rule, environment);
  if ("errors" in compiled) return { ...base, error: `compilation failed: ${compiled.errors.message}` };
  const { ok: program } = compiled;
  if (program.type.kind !== boolType.kind) return { ...base, error: "cel expression must evaluate to a bool" };
  const maxCost = estimateCost(program.checked, decl).max;
  const path = pathOf(source, schema);
  if (typeof path === "string") return { ...base, error: path };
  const rule = { ...base, program, maxCost, usesOldSelf: program.uses("oldSelf"), fieldPath: path };
  return { ...rule, ...compileMessage(source, decl, environment) };
}

function pathOf(source: CelValidationRule, schema: CelSchema): FieldPathStep[] | string {
  if (source.fieldPath === undefined || source.fieldPath === "") return [];
  try {
    return parseFieldPath(source.fieldPath, schema);
  } catch (error) {
    if (error instanceof FieldPathError) return `invalid fieldPath: ${error.message}`;
    throw error;
  }
}

function compileMessage(
  { messageExpression }: CelValidationRule,
  decl: SchemaDecl,
  environment: CelEnvironment,
): Pick<CompiledRule, "messageProgram" | "messageError" | "messageMaxCost"> {
  const none = { messageProgram: undefined, messageError: undefined, messageMaxCost: 0 };
  if (messageExpression === undefined || messageExpression === "") return none;
  const compiled = compileCel(messageExpression, environment);
  if ("errors" in compiled) {
    return { ...none, messageError: `messageExpression compilation failed: ${compiled.errors.message}` };
  }
  const { ok: messageProgram } = compiled;
  if (messageProgram.type.kind !== stringType.kind) {
    return { ...none, messageError: "messageExpression must evaluate to a string" };
  }
  const messageMaxCost = Math.min(estimateCost(messageProgram.checked, decl).max, unbounded);
  return { messageProgram, messageError: undefined, messageMaxCost };
}
