import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import { quoteList } from "../tokens/token-authenticator.ts";

/** A rule in the one-line form of upstream's messages. */
export function describeRule(rule: PolicyRule): string {
  const parts: [string, readonly string[] | undefined][] = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ];
  const texts = parts.flatMap(([name, values]) => (values?.length ? [`${name}:${quoteList(values)}`] : []));
  return `{${texts.join(", ")}}`;
}

/** The rule as rules of one verb on one resource (of one name) or one path each. */
function splitRule(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const parts: PolicyRule[] = [];
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const part = { verbs: [verb], apiGroups: [group], resources: [resource] };
        if (resourceNames.length === 0) parts.push(part);
        for (const name of resourceNames) parts.push({ ...part, resourceNames: [name] });
      }
    }
  }
  for (const url of nonResourceURLs) for (const verb of verbs) parts.push({ verbs: [verb], nonResourceURLs: [url] });
  return parts;
}

/** Those parts of the wanted rules that no single held rule covers. */
export function uncoveredRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(splitRule).filter((part) => !held.some((rule) => covers(rule, part)));
}

/** Whether the rule grants everything that the part, which has one of each, grants. */
function covers(rule: PolicyRule, part: PolicyRule): boolean {
  if (!coversAll(rule.verbs, part.verbs)) return false;
  if (part.nonResourceURLs?.length) return part.nonResourceURLs.every((url) => coversUrl(rule, url));
  return (
    coversAll(rule.apiGroups ?? [], part.apiGroups ?? []) &&
    (part.resources ?? []).every((resource) => coversResource(rule.resources ?? [], resource)) &&
    coversNames(rule.resourceNames ?? [], part.resourceNames ?? [])
  );
}

function coversAll(held: readonly string[], wanted: readonly string[]): boolean {
  return held.includes("*") || wanted.every((item) => held.includes(item));
}

function coversResource(held: readonly string[], wanted: string): boolean {
  if (held.includes("*") || held.includes(wanted)) return true;
  const slash = wanted.indexOf("/");
  return slash >= 0 && held.includes(`*${wanted.slice(slash)}`);
}

/** No names at all means every name. */
function coversNames(held: readonly string[], wanted: readonly string[]): boolean {
  if (held.length === 0) return true;
  return wanted.length > 0 && wanted.every((name) => held.includes(name));
}

function coversUrl(rule: PolicyRule, url: string): boolean {
  return (rule.nonResourceURLs ?? []).some((pattern) => urlMatches(pattern, url));
}

/** Whether a path (or a narrower pattern) falls under a pattern, which may end in an asterisk. */
export function urlMatches(pattern: string, url: string): boolean {
  if (pattern === "*" || pattern === url) return true;
  return pattern.endsWith("*") && url.startsWith(pattern.replace(/\*+$/, ""));
}

/** Merges rules that differ in nothing but their verbs, as far as each is about one resource. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const merged = new Map<string, PolicyRule>();
  const others: PolicyRule[] = [];
  for (const rule of rules) {
    const key = simpleKey(rule);
    const known = key === undefined ? undefined : merged.get(key);
    if (known) known.verbs.push(...rule.verbs.filter((verb) => !known.verbs.includes(verb)));
    else if (key === undefined) others.push(rule);
    else merged.set(key, { ...rule, verbs: [...rule.verbs] });
  }
  return [...others, ...merged.values()];
}

/** What a rule about a single resource, or a single object of it, is about. */
function simpleKey(rule: PolicyRule): string | undefined {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const simple = apiGroups.length === 1 && resources.length === 1 && resourceNames.length < 2;
  return simple && nonResourceURLs.length === 0 ? [...apiGroups, ...resources, ...resourceNames].join("\0") : undefined;
}
