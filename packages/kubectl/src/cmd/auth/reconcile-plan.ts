import type { PolicyRule, RoleRef, Subject } from "@kube-ts/api/rbac/v1";
import type { LabelSelector } from "@kube-ts/api/meta/v1";
import { jsonEqual } from "@kube-ts/api/json-value";
import { isRecord } from "@kube-ts/std/config-schema";
import type { JsonObject } from "../../session/api.ts";
import { metadataOf } from "../../builder/object-reference.ts";

/** What is to be done with an object, and which lines tell about it. */
export interface ReconcilePlan {
  readonly operation: "none" | "create" | "update" | "recreate";
  readonly object: JsonObject;
  readonly lines: readonly string[];
}

type Rule = PolicyRule;

const single = (values: readonly string[] | undefined): readonly string[] => values ?? [];

/** A rule as rules that allow one thing each. */
function broken(rule: Rule): Rule[] {
  const { verbs = [], resourceNames = [] } = rule;
  const resources = single(rule.apiGroups).flatMap((group) =>
    single(rule.resources).flatMap((resource) =>
      verbs.flatMap((verb) =>
        (resourceNames.length > 0 ? resourceNames : [undefined]).map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name !== undefined && { resourceNames: [name] }),
        })),
      ),
    ),
  );
  const urls = single(rule.nonResourceURLs).flatMap((url) =>
    verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })),
  );
  return [...resources, ...urls];
}

/** Whether what a broken-down rule allows is allowed by one of others. */
function covered(part: Rule, owners: readonly Rule[]): boolean {
  const has = (all: readonly string[] | undefined, wanted: readonly string[] | undefined) =>
    (wanted ?? []).every((each) => all?.includes("*") || all?.includes(each) || coversSubresource(all, each));
  return owners.some((owner) => {
    if (!has(owner.verbs, part.verbs)) return false;
    if (part.nonResourceURLs) return has(owner.nonResourceURLs, part.nonResourceURLs);
    const names = owner.resourceNames ?? [];
    const named = names.length === 0 || (part.resourceNames ?? []).some((each) => names.includes(each));
    return has(owner.apiGroups, part.apiGroups) && has(owner.resources, part.resources) && named;
  });
}

function coversSubresource(all: readonly string[] | undefined, wanted: string): boolean {
  const slash = wanted.indexOf("/");
  return slash >= 0 && all?.includes(`*${wanted.slice(slash)}`) === true;
}

function uncovered(wanted: readonly Rule[], owners: readonly Rule[]): Rule[] {
  return wanted.flatMap((rule) => broken(rule)).filter((part) => !covered(part, owners));
}

export interface ReconcileOptions {
  readonly removeExtraPermissions: boolean;
  readonly removeExtraSubjects: boolean;
}

/** What makes a role allow at least, or exactly, what is wanted. `current` is undefined for a role that is not there. */
export function planRole(
  wanted: JsonObject,
  current: JsonObject | undefined,
  { removeExtraPermissions: exact }: ReconcileOptions,
): ReconcilePlan {
  const rules = rulesOf(wanted);
  if (!current)
    return { operation: "create", object: wanted, lines: listed("missing rules added", rules.map(ruleText)) };
  const old = rulesOf(current);
  const missing = uncovered(rules, old);
  const extra = exact ? uncovered(old, rules) : [];
  const selectors = selectorsOf(wanted);
  const oldSelectors = selectorsOf(current);
  const missingSelectors = selectors.filter((each) => !oldSelectors.some((known) => jsonEqual(known, each)));
  const extraSelectors = exact ? oldSelectors.filter((each) => !selectors.some((known) => jsonEqual(known, each))) : [];
  const metadata = mergedMetadata(wanted, current);
  const changed =
    missing.length + extra.length + missingSelectors.length + extraSelectors.length > 0 ||
    !jsonEqual(metadata, metadataOf(current));
  const keptSelectors = exact ? selectors : [...oldSelectors, ...missingSelectors];
  const object = {
    ...current,
    metadata,
    rules: extra.length > 0 ? rules : [...old, ...missing],
    ...(keptSelectors.length > 0 && { aggregationRule: { clusterRoleSelectors: keptSelectors } }),
  };
  const lines = [
    ...listed("missing rules added", missing.map(ruleText)),
    ...listed("extra rules removed", extra.map(ruleText)),
    ...listed("missing aggregation rule selectors added", missingSelectors.map(selectorText)),
    ...listed("extra aggregation rule selectors removed", extraSelectors.map(selectorText)),
  ];
  return { operation: changed ? "update" : "none", object, lines };
}

/** What makes a binding have at least, or exactly, the wanted subjects. Another role needs another binding. */
export function planBinding(
  wanted: JsonObject,
  current: JsonObject | undefined,
  { removeExtraSubjects: exact }: ReconcileOptions,
): ReconcilePlan {
  const subjects = subjectsOf(wanted);
  if (!current) {
    return { operation: "create", object: wanted, lines: listed("missing subjects added", subjects.map(subjectText)) };
  }
  if (!jsonEqual(refOf(wanted), refOf(current))) return { operation: "recreate", object: wanted, lines: [] };
  const old = subjectsOf(current);
  const missing = subjects.filter((each) => !old.some((known) => jsonEqual(known, each)));
  const extra = exact ? old.filter((each) => !subjects.some((known) => jsonEqual(known, each))) : [];
  const metadata = mergedMetadata(wanted, current);
  const changed = missing.length + extra.length > 0 || !jsonEqual(metadata, metadataOf(current));
  const object = { ...current, metadata, subjects: extra.length > 0 ? subjects : [...old, ...missing] };
  const lines = [
    ...listed("missing subjects added", missing.map(subjectText)),
    ...listed("extra subjects removed", extra.map(subjectText)),
  ];
  return { operation: changed ? "update" : "none", object, lines };
}

function rulesOf({ rules }: JsonObject): Rule[] {
  return Array.isArray(rules) ? (rules as Rule[]) : [];
}

function selectorsOf({ aggregationRule }: JsonObject): LabelSelector[] {
  const selectors = isRecord(aggregationRule) ? aggregationRule["clusterRoleSelectors"] : undefined;
  return Array.isArray(selectors) ? (selectors as LabelSelector[]) : [];
}

/** Subjects with what the API adds to them, so that they can be compared. */
function subjectsOf({ subjects }: JsonObject): Subject[] {
  return (Array.isArray(subjects) ? (subjects as Subject[]) : []).map((subject) =>
    subject.apiGroup === undefined && subject.kind !== "ServiceAccount"
      ? { ...subject, apiGroup: "rbac.authorization.k8s.io" }
      : subject,
  );
}

function refOf({ roleRef }: JsonObject): RoleRef {
  const { kind = "", name = "", apiGroup = "rbac.authorization.k8s.io" } = (roleRef ?? {}) as Partial<RoleRef>;
  return { apiGroup, kind, name };
}

function mergedMetadata(wanted: JsonObject, current: JsonObject): JsonObject {
  const metadata: JsonObject = { ...metadataOf(current) };
  for (const field of ["labels", "annotations"]) {
    const added = metadataOf(wanted)[field];
    const known = metadata[field];
    if (isRecord(added)) metadata[field] = { ...(isRecord(known) ? known : {}), ...added };
  }
  return metadata;
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`\t${title}:`, ...lines.map((line) => `\t\t${line}`)];
}

const list = (values: readonly string[] | undefined) => `[${(values ?? []).join(" ")}]`;

function ruleText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): string {
  return `{Verbs:${list(verbs)} APIGroups:${list(apiGroups)} Resources:${list(resources)} ResourceNames:${list(resourceNames)} NonResourceURLs:${list(nonResourceURLs)}}`;
}

function subjectText({ kind, apiGroup = "", name, namespace = "" }: Subject): string {
  return `{Kind:${kind} APIGroup:${apiGroup} Name:${name} Namespace:${namespace}}`;
}

function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}:${value}`);
  return `{MatchLabels:map[${labels.toSorted().join(" ")}] MatchExpressions:[${matchExpressions.map((each) => `{Key:${each.key} Operator:${each.operator} Values:${list(each.values)}}`).join(" ")}]}`;
}
