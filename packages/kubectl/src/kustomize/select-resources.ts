import { parseSelector } from "@kube-ts/api/selectors";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { Selector } from "./kustomization.ts";
import { type KustomizeResource, type ResourceId } from "./kustomize-resource.ts";

/** The resources that a selector means: its names are regular expressions for whole texts. Throws a CommandError. */
export function selectResources(resources: readonly KustomizeResource[], selector: Selector): KustomizeResource[] {
  const matches = identityMatcher(selector);
  return resources.filter(
    (each) =>
      each.allIds.some((id) => matches(id)) &&
      matchesMap(each.metadata["labels"], selector.labelSelector) &&
      matchesMap(each.metadata["annotations"], selector.annotationSelector),
  );
}

function identityMatcher(selector: Selector): (id: ResourceId) => boolean {
  const parts = (["group", "version", "kind", "name", "namespace"] as const).map(
    (field) => [field, anchored(selector[field])] as const,
  );
  return (id) =>
    parts.every(([field, pattern]) => {
      if (!pattern) return true;
      const value = field === "namespace" ? id.namespace || "default" : id[field];
      return pattern.test(id[field]) || pattern.test(value);
    });
}

function anchored(pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined || pattern === "") return undefined;
  try {
    return new RegExp(`^(?:${pattern.replace(/^\^/, "").replace(/\$$/, "")})$`);
  } catch (error) {
    throw new CommandError(`error parsing regexp: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function matchesMap(values: unknown, selector: string | undefined): boolean {
  if (selector === undefined || selector === "") return true;
  return parseSelector(selector).matches(isRecord(values) ? (values as Record<string, string>) : {});
}
