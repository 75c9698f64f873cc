import type { NamedRuleWithOperations } from "@kube-ts/api/admissionregistration/v1";
import type { ResourceName } from "./served-forms.ts";

/** What rules look at of a request. */
export interface RequestShape {
  readonly operation: string;
  readonly resource: ResourceName;
  readonly subresource: string;
  /** Whether it is about something in a namespace; a namespace itself is in none. */
  readonly namespaced: boolean;
  readonly name: string;
}

/** Whether a rule is about the request. */
export function ruleMatches(rule: NamedRuleWithOperations, request: RequestShape): boolean {
  const { resource, operation, name } = request;
  return (
    inScope(rule.scope, request.namespaced) &&
    includes(rule.operations, operation) &&
    includes(rule.apiGroups, resource.group) &&
    includes(rule.apiVersions, resource.version) &&
    (rule.resources ?? []).some((text) => resourceMatches(text, resource.resource, request.subresource)) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  );
}

function inScope(scope: string | undefined, namespaced: boolean): boolean {
  if (scope === undefined || scope === "*") return true;
  return namespaced ? scope === "Namespaced" : scope === "Cluster";
}

function includes(values: readonly string[] | undefined, value: string): boolean {
  return values !== undefined && (values.includes("*") || values.includes(value));
}

/** `pods` is the resource alone, `pods/*` the resource and all of its subresources. */
function resourceMatches(text: string, resource: string, subresource: string): boolean {
  const slash = text.indexOf("/");
  const [wanted, part] = slash < 0 ? [text, ""] : [text.slice(0, slash), text.slice(slash + 1)];
  return (wanted === "*" || wanted === resource) && (part === "*" || part === subresource);
}
