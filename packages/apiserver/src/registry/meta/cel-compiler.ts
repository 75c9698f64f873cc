import { type CelProgram, compileCel } from "@kube-ts/api/cel/compile";
import { estimateCost } from "@kube-ts/api/cel/cost-estimate";
import {
  CelEnvironment,
  type CelVariable,
  dynVariable,
  kubernetesLibraries,
  mutationLibraries,
  mutationStructType,
} from "@kube-ts/api/cel/environment";
import { admissionVariables, authorizerVariables, deviceVariable } from "@kube-ts/api/cel/known-variables";
import { schemaDecl } from "@kube-ts/api/cel/schema-decl";
import type { CelSchema } from "@kube-ts/api/cel/schema";
import {
  type CelType,
  boolType,
  dynType,
  isDynOrError,
  listOf,
  nullType,
  objectType,
  sameType,
  stringType,
} from "@kube-ts/api/cel/types";
import type {
  AdmissionExpressionUse,
  CompileExpression,
  ExpressionProblem,
  NamedExpression,
} from "./compile-expression.ts";

/** Compiles the expressions of policies, webhooks and device selectors. */
export const compileExpression: CompileExpression = (expression, use) =>
  use.environment === "device" ? deviceProblem(expression) : admissionProblem(expression, use);

const patchType = mutationStructType("JSONPatch");
const configurationType = mutationStructType("Object");

/** What an expression may result in; undefined for anything. */
const resultTypes: Record<AdmissionExpressionUse["result"], readonly CelType[] | undefined> = {
  bool: [boolType],
  string: [stringType],
  stringOrNull: [stringType, nullType],
  any: undefined,
  applyConfiguration: configurationType && [configurationType],
  patch: patchType && [listOf(patchType)],
};

function admissionProblem(expression: string, use: AdmissionExpressionUse): ExpressionProblem | undefined {
  const compiled = compileAdmission(expression, use);
  if (typeof compiled === "string") return invalid(compiled);
  const wanted = resultTypes[use.result];
  if (!wanted || wanted.some((type) => sameType(type, compiled.type))) return undefined;
  const [only] = wanted;
  const expected = wanted.length === 1 && only ? typeText(only) : `one of [${wanted.map(typeText).join(" ")}]`;
  return invalid(`must evaluate to ${expected} but got ${typeText(compiled.type)}`);
}

/** The expression ready to be evaluated, or why it cannot be. */
export function compileAdmission(expression: string, use: AdmissionExpressionUse): CelProgram | string {
  const { hasParams, hasAuthorizer, variables } = use;
  const changes = use.result === "applyConfiguration" || use.result === "patch";
  const environment = new CelEnvironment({
    variables: {
      ...admissionVariables,
      ...(hasParams && { params: dynVariable }),
      ...(hasAuthorizer && authorizerVariables),
      ...(variables && { variables: variablesBefore(variables.count, variables.all, hasParams) }),
    },
    libraries: changes ? mutationLibraries : kubernetesLibraries,
    ...(changes && { structType: mutationStructType }),
  });
  return programOf(expression, environment);
}

function programOf(expression: string, environment: CelEnvironment): CelProgram | string {
  const compiled = compileCel(expression, environment);
  return "errors" in compiled ? `compilation failed: ${compiled.errors.message}` : compiled.ok;
}

interface KnownVariables {
  readonly types: CelType[];
  /** Which of the variables have a name. */
  readonly places: Map<string, number[]>;
}

/** The types of the variables of each policy, as far as they were asked for: each is compiled once. */
const knownVariables = new WeakMap<readonly NamedExpression[], KnownVariables>();

/** The object `variables` that an expression after the first `count` variables sees. */
function variablesBefore(count: number, all: readonly NamedExpression[], hasParams: boolean): CelVariable {
  const known = knownVariables.get(all) ?? { types: [], places: new Map<string, number[]>() };
  knownVariables.set(all, known);
  for (let index = known.types.length; index < count; index += 1) {
    const { name, expression } = all[index] ?? { name: "", expression: "" };
    const use = { environment: "admission", result: "any", hasParams, hasAuthorizer: true } as const;
    const compiled = compileAdmission(expression, { ...use, variables: { all, count: index } });
    known.types.push(typeof compiled === "string" ? dynType : compiled.type);
    const places = known.places.get(name);
    if (places) places.push(index);
    else known.places.set(name, [index]);
  }
  const typeOf = (name: string) => {
    const place = known.places.get(name)?.findLast((index) => index < count);
    return place === undefined ? undefined : known.types[place];
  };
  return { type: objectType("kubernetes.variables", typeOf) };
}

const maxDeviceCost = 1_000_000;
const valuesByDomain = (value: CelSchema): CelSchema => ({
  type: "object",
  maxProperties: 32,
  additionalProperties: { type: "object", maxProperties: 32, additionalProperties: value },
});
/** The bounds of what a driver can say about a device. */
const deviceDecl = schemaDecl(
  {
    type: "object",
    properties: {
      driver: { type: "string", maxLength: 63 },
      attributes: valuesByDomain({ "x-kubernetes-int-or-string": true, maxLength: 64 }),
      capacity: valuesByDomain({ "x-kubernetes-int-or-string": true, maxLength: 64 }),
      allowMultipleAllocations: { type: "boolean" },
    },
  },
  { name: "kubernetes.DRADevice" },
);
const deviceEnvironment = new CelEnvironment({ variables: { device: deviceVariable } });

function deviceProblem(expression: string): ExpressionProblem | undefined {
  const program = programOf(expression, deviceEnvironment);
  if (typeof program === "string") return invalid(program);
  if (!sameType(program.type, boolType) && !isDynOrError(program.type)) {
    return invalid(`must evaluate to bool or the unknown type, not ${typeText(program.type)}`);
  }
  if (deviceDecl && estimateCost(program.checked, deviceDecl).max > maxDeviceCost) {
    return { reason: "forbidden", detail: "too complex, exceeds cost limit" };
  }
  return undefined;
}

function invalid(detail: string): ExpressionProblem {
  return { reason: "invalid", detail };
}

/** The type by the name that it has at run time. */
function typeText({ name, params }: CelType): string {
  return params.length === 0 ? name : `${name}(${params.map(typeText).join(", ")})`;
}
