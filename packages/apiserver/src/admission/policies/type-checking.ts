import type {
  ExpressionWarning,
  NamedRuleWithOperations,
  ParamKind,
  ValidatingAdmissionPolicy,
} from "@kube-ts/api/admissionregistration/v1";
import { compileCel } from "@kube-ts/api/cel/compile";
import { CelEnvironment, type CelVariable, dynVariable } from "@kube-ts/api/cel/environment";
import { admissionVariables, authorizerVariables, composedVariables } from "@kube-ts/api/cel/known-variables";
import { type CelType, dynType } from "@kube-ts/api/cel/types";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import type { KindName, ResourceName } from "../matching/served-forms.ts";

/** A kind with what expressions see of its objects. */
export interface CheckedKind {
  readonly kind: KindName;
  readonly variable: CelVariable;
}

/** The types of what the server serves. */
export interface CheckedKinds {
  ofResource(resource: ResourceName): CheckedKind | undefined;
  ofParams(paramKind: ParamKind): CelVariable | undefined;
}

/** More kinds than these are not checked. */
const maxKinds = 10;

/** What is wrong with the validations of a policy for the kinds that its rules name. */
export function typeWarnings({ spec }: ValidatingAdmissionPolicy, kinds: CheckedKinds): ExpressionWarning[] {
  const checked = kindsToCheck(spec.matchConstraints?.resourceRules ?? [], kinds);
  if (checked.length === 0) return [];
  const params = spec.paramKind && (kinds.ofParams(spec.paramKind) ?? dynVariable);
  const environments = checked.map((each) => ({
    ...each,
    environment: environmentOf(each.variable, params, spec.variables ?? []),
  }));
  const warningOf = (fieldRef: string, expression: string): ExpressionWarning[] => {
    const warning = environments
      .map(({ kind, environment }) => {
        const compiled = compileCel(expression, environment);
        return "errors" in compiled ? `${apiVersionOf(kind)}, Kind=${kind.kind}: ${compiled.errors.message}\n` : "";
      })
      .join("");
    return warning === "" ? [] : [{ fieldRef, warning }];
  };
  return (spec.validations ?? []).flatMap(({ expression, messageExpression }, index) => [
    ...warningOf(`spec.validations[${index}].expression`, expression),
    ...(messageExpression ? warningOf(`spec.validations[${index}].messageExpression`, messageExpression) : []),
  ]);
}

/** The kinds that the rules name; rules that could mean any number of kinds are left out. */
function kindsToCheck(rules: readonly NamedRuleWithOperations[], kinds: CheckedKinds): CheckedKind[] {
  const found = new Map<string, CheckedKind>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of rules) {
    if (apiGroups.includes("*") || apiVersions.includes("*") || resources.some(isOpen)) continue;
    for (const group of apiGroups) {
      for (const version of apiVersions) {
        for (const resource of resources) {
          const checked = kinds.ofResource({ group, version, resource });
          if (checked) found.set(`${apiVersionOf(checked.kind)}/${checked.kind.kind}`, checked);
          if (found.size === maxKinds) return sorted(found);
        }
      }
    }
  }
  return sorted(found);
}

function isOpen(resource: string): boolean {
  return resource.includes("*") || resource.includes("/");
}

function sorted(found: ReadonlyMap<string, CheckedKind>): CheckedKind[] {
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, checked]) => checked);
}

function environmentOf(
  object: CelVariable,
  params: CelVariable | undefined,
  variables: readonly { readonly name: string; readonly expression: string }[],
): CelEnvironment {
  const types: Record<string, CelType> = {};
  const make = () =>
    new CelEnvironment({
      variables: {
        ...admissionVariables,
        ...authorizerVariables,
        object,
        oldObject: object,
        ...(params && { params }),
        variables: composedVariables({ ...types }),
      },
    });
  for (const { name, expression } of variables) {
    const compiled = compileCel(expression, make());
    types[name] = "errors" in compiled ? dynType : compiled.ok.type;
  }
  return make();
}
