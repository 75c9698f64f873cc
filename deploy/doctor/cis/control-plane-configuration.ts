import type { Check } from "../check.ts";
import { some } from "../check.ts";
import type { ClusterView } from "../cluster-view.ts";
import { cisCheck, flagCheck } from "./cis-check.ts";
import type { Verdict } from "./cis-check.ts";

const people = "whom credentials are given to is not written anywhere in the cluster";

interface PolicyRule {
  readonly level?: string;
  readonly resources?: readonly { readonly group?: string; readonly resources?: readonly string[] }[];
}

function rulesOf(policy: unknown): readonly PolicyRule[] {
  if (typeof policy !== "object" || policy === null || !("rules" in policy)) return [];
  return Array.isArray(policy.rules) ? (policy.rules as readonly PolicyRule[]) : [];
}

/** What must be recorded, and at which levels its content stays out of the log. */
const concerns: readonly { group: string; resource: string; levels: readonly string[] }[] = [
  { group: "", resource: "secrets", levels: ["Metadata"] },
  { group: "", resource: "configmaps", levels: ["Metadata"] },
  { group: "authentication.k8s.io", resource: "tokenreviews", levels: ["Metadata"] },
  { group: "", resource: "pods/exec", levels: ["Metadata", "Request", "RequestResponse"] },
  { group: "", resource: "pods/portforward", levels: ["Metadata", "Request", "RequestResponse"] },
  { group: "", resource: "services/proxy", levels: ["Metadata", "Request", "RequestResponse"] },
];

/** The level of the first rule that names the resource, or that names none. */
function levelOf(rules: readonly PolicyRule[], group: string, resource: string): string {
  const rule = rules.find(
    ({ resources, ...others }) =>
      (resources === undefined && Object.keys(others).every((key) => key === "level" || key === "omitStages")) ||
      resources?.some(
        (one) => (one.group ?? "") === group && (one.resources === undefined || matches(one.resources, resource)),
      ),
  );
  return rule?.level ?? "None";
}

function matches(patterns: readonly string[], resource: string): boolean {
  return patterns.some(
    (pattern) => pattern === resource || pattern === "*" || pattern === `${resource.split("/")[0]}/*`,
  );
}

function auditConcerns(policy: unknown): Verdict {
  const rules = rulesOf(policy);
  if (rules.length === 0) return { skip: "there is no audit policy: see 3.2.1" };
  const faults = concerns.flatMap(({ group, resource, levels }) => {
    const level = levelOf(rules, group, resource);
    return levels.includes(level) ? [] : [`${resource} at ${level}`];
  });
  return faults.length === 0 ? "ok" : { fault: some(faults) };
}

/** Section 3: how the control plane is configured. */
export const controlPlaneConfigurationChecks: readonly Check<ClusterView>[] = [
  ...["client certificates", "service account tokens", "bootstrap tokens"].map((credential, index) =>
    cisCheck(
      { id: `3.1.${index + 1}`, title: `people do not use ${credential}`, assessment: "manual", advice: "" },
      () => ({ skip: people }),
    ),
  ),
  flagCheck(
    "kube-apiserver",
    {
      id: "3.2.1",
      title: "there is an audit policy",
      assessment: "manual",
      advice: "write one and name it in --audit-policy-file",
    },
    (_flags, { auditPolicy }) =>
      rulesOf(auditPolicy).length > 0 ? "ok" : { fault: "there is none, or it has no rules" },
  ),
  flagCheck(
    "kube-apiserver",
    {
      id: "3.2.2",
      title: "the audit policy covers secrets, tokens and doors into pods",
      assessment: "manual",
      advice:
        "record secrets, configmaps and tokenreviews at Metadata; exec, port-forward and proxies at Metadata at least",
    },
    (_flags, { auditPolicy }) => auditConcerns(auditPolicy),
  ),
];
