import type {
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from "@kube-ts/api/flowcontrol/v1";
import type { UserInfo } from "../../auth/user.ts";

/** Names to look up, or all there are. */
type Names = ReadonlySet<string> | "all";

/** What a rule says about requests for resources. */
export interface ResourceMatch {
  readonly verbs: Names;
  readonly groups: Names;
  /** `resource`, or `resource/subresource`. */
  readonly resources: Names;
  readonly clusterScope: boolean;
  readonly namespaces: Names;
}

/** What a rule says about other requests. */
export interface PathMatch {
  readonly verbs: Names;
  readonly all: boolean;
  readonly exact: ReadonlySet<string>;
  /** Each ends with a slash. */
  readonly prefixes: readonly string[];
}

export interface FlowRule {
  readonly subjects: SubjectMatch;
  readonly resources: readonly ResourceMatch[];
  readonly paths: readonly PathMatch[];
}

interface SubjectMatch {
  readonly everyone: boolean;
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** What names of service accounts of a namespace begin with. */
  readonly prefixes: readonly string[];
}

const wildcard = "*";
const serviceAccountPrefix = "system:serviceaccount:";

export function compileRule(rule: PolicyRulesWithSubjects): FlowRule {
  return {
    subjects: compileSubjects(rule.subjects ?? []),
    resources: (rule.resourceRules ?? []).map(compileResourceRule),
    paths: (rule.nonResourceRules ?? []).map(compilePathRule),
  };
}

export function matchesSubject({ everyone, users, groups, prefixes }: SubjectMatch, user: UserInfo): boolean {
  return (
    everyone ||
    users.has(user.name) ||
    user.groups.some((group) => groups.has(group)) ||
    prefixes.some((prefix) => user.name.startsWith(prefix))
  );
}

export function matchesResource(
  { verbs, groups, resources, clusterScope, namespaces }: ResourceMatch,
  verb: string,
  group: string,
  resource: string,
  namespace: string,
): boolean {
  if (!includes(verbs, verb) || !includes(resources, resource) || !includes(groups, group)) return false;
  return namespace === "" ? clusterScope : includes(namespaces, namespace);
}

export function matchesPath({ verbs, all, exact, prefixes }: PathMatch, verb: string, path: string): boolean {
  if (!includes(verbs, verb)) return false;
  return all || exact.has(path) || prefixes.some((prefix) => path.startsWith(prefix));
}

/** The namespaces that a rule treats unlike others. */
export function namedNamespaces({ resources }: FlowRule): string[] {
  return resources.flatMap(({ namespaces }) => (namespaces === "all" ? [] : [...namespaces]));
}

function includes(names: Names, name: string): boolean {
  return names === "all" || names.has(name);
}

function compileNames(names: readonly string[] | null | undefined): Names {
  return names?.length === 1 && names[0] === wildcard ? "all" : new Set(names);
}

function compileResourceRule(rule: ResourcePolicyRule): ResourceMatch {
  return {
    verbs: compileNames(rule.verbs),
    groups: compileNames(rule.apiGroups),
    resources: compileNames(rule.resources),
    clusterScope: rule.clusterScope ?? false,
    namespaces: compileNames(rule.namespaces),
  };
}

function compilePathRule({ verbs, nonResourceURLs }: NonResourcePolicyRule): PathMatch {
  const urls = nonResourceURLs ?? [];
  return {
    verbs: compileNames(verbs),
    all: urls.includes(wildcard),
    exact: new Set(urls),
    // A path stands for what is below it, too, with or without an asterisk.
    prefixes: urls.map((url) => url.replace(/\*$/, "")).map((url) => (url.endsWith("/") ? url : `${url}/`)),
  };
}

function compileSubjects(subjects: readonly Subject[]): SubjectMatch {
  const users = new Set<string>();
  const groups = new Set<string>();
  const prefixes: string[] = [];
  for (const { kind, user, group, serviceAccount } of subjects) {
    if (kind === "User" && user) users.add(user.name);
    else if (kind === "Group" && group) groups.add(group.name);
    else if (kind === "ServiceAccount" && serviceAccount) {
      const prefix = `${serviceAccountPrefix}${serviceAccount.namespace}:`;
      if (serviceAccount.name === wildcard) prefixes.push(prefix);
      else users.add(`${prefix}${serviceAccount.name}`);
    }
  }
  return { everyone: users.has(wildcard) || groups.has(wildcard), users, groups, prefixes };
}
