import { fieldErrorText } from "@kube-ts/api/field-error";
import type { AuthorizationAttributes } from "../authorizer.ts";
import { domainPathErrors } from "../jwt/extra-key.ts";
import { serviceAccountsGroup, splitServiceAccountUserName } from "../service-accounts/identity.ts";
import {
  type UserInfo,
  anonymousUser,
  authenticatedGroup,
  mastersGroup,
  nodesGroup,
  unauthenticatedGroup,
} from "../user.ts";
import { type ImpersonationMode, nodeOfUser } from "./impersonation-mode.ts";

type ResourceAttributes = AuthorizationAttributes & { readonly kind: "resource" };

/** From this many on, one question about all of them comes first. */
const manyQuestions = 4;

/** What has to be allowed: every question of `each`, or the one about `all` where there is one. */
export interface QuestionSet {
  readonly all?: ResourceAttributes;
  readonly each: readonly ResourceAttributes[];
}

/** What nobody may impersonate, and why; the question is the one that is answered with it. */
export class ImpossibleImpersonation extends Error {
  readonly attributes: ResourceAttributes;

  constructor(attributes: ResourceAttributes, message: string) {
    super(message);
    this.attributes = attributes;
  }
}

/**
 * The questions whether the requestor may act as the wanted user, one set for the name, uid, groups and extra each.
 * Throws ImpossibleImpersonation.
 */
export function identityQuestions(mode: ImpersonationMode, wanted: UserInfo, requestor: UserInfo): QuestionSet[] {
  const isLegacy = mode === "legacy";
  const verb = isLegacy ? "impersonate" : `impersonate:${mode}`;
  const ask = (group: string, resource: string, name: string, more: Partial<ResourceAttributes> = {}) =>
    ({
      kind: "resource",
      user: requestor,
      verb,
      group,
      version: "v1",
      resource,
      subresource: "",
      namespace: "",
      name,
      ...more,
    }) as const;
  const subjects = isLegacy ? "" : identityGroup;
  return [
    { each: [nameQuestion(mode, wanted, (resource, name, more) => ask(subjects, resource, name, more))] },
    { each: wanted.uid === "" ? [] : [ask(identityGroup, "uids", wanted.uid)] },
    groupQuestions(wanted.groups, isLegacy, (name) => ask(subjects, "groups", name)),
    extraQuestions(wanted.extra, isLegacy, (subresource, name) =>
      ask(identityGroup, "userextras", name, { subresource }),
    ),
  ];
}

const identityGroup = "authentication.k8s.io";

function nameQuestion(
  mode: ImpersonationMode,
  { name }: UserInfo,
  ask: (resource: string, name: string, more?: Partial<ResourceAttributes>) => ResourceAttributes,
): ResourceAttributes {
  const node = mode === "legacy" ? undefined : nodeOfUser(name);
  // The permission for the own node is one for any node: which one it is, the server has checked.
  if (node !== undefined) return ask("nodes", mode === "associated-node" ? "*" : node);
  const account = splitServiceAccountUserName(name);
  return account ? ask("serviceaccounts", account.name, { namespace: account.namespace }) : ask("users", name);
}

function groupQuestions(
  groups: readonly string[],
  isLegacy: boolean,
  ask: (name: string) => ResourceAttributes,
): QuestionSet {
  const each = groups.map(ask);
  if (isLegacy) return { each };
  if (groups.includes("")) {
    throw new ImpossibleImpersonation(ask(""), "impersonating the empty string group is not allowed");
  }
  if (groups.includes(mastersGroup)) {
    const problem = "impersonating the system:masters group is not allowed";
    throw new ImpossibleImpersonation(ask(mastersGroup), problem);
  }
  return groups.length >= manyQuestions ? { all: ask("*"), each } : { each };
}

function extraQuestions(
  extra: UserInfo["extra"],
  isLegacy: boolean,
  ask: (key: string, value: string) => ResourceAttributes,
): QuestionSet {
  const entries = Object.entries(extra);
  const each = entries.flatMap(([key, values]) => values.map((value) => ask(key, value)));
  if (isLegacy || entries.length === 0) return { each };
  const problem = extraProblem(entries);
  if (problem !== undefined) throw new ImpossibleImpersonation(ask("", ""), problem);
  const isLarge = entries.length >= manyQuestions || each.length >= manyQuestions;
  return isLarge ? { all: ask("*", "*"), each } : { each };
}

function extraProblem(entries: readonly (readonly [string, readonly string[]])[]): string | undefined {
  for (const [key, values] of entries) {
    if (key === "") return "impersonating the empty string key in extra is not allowed";
    const [invalid] = domainPathErrors(key, "extra.key");
    if (invalid) return `impersonating an invalid key in extra is not allowed: ${fieldErrorText(invalid)}`;
    if (key !== key.toLowerCase()) {
      return `impersonating a non-lowercase key in extra is not allowed: ${JSON.stringify(key)}`;
    }
    if (values.length === 0) return "impersonating empty values in extra is not allowed";
    if (values.includes("")) return "impersonating the empty string value in extra is not allowed";
  }
  return undefined;
}

/** The wanted user with the groups that follow from who it is. */
export function effectiveUser(mode: ImpersonationMode, wanted: UserInfo): UserInfo {
  const groups = new Set(impliedGroups(mode, wanted) ?? wanted.groups);
  if (wanted.name === anonymousUser.name) groups.add(unauthenticatedGroup);
  else if (!groups.has(unauthenticatedGroup)) groups.add(authenticatedGroup);
  return { ...wanted, groups: [...groups] };
}

function impliedGroups(mode: ImpersonationMode, { name, groups }: UserInfo): readonly string[] | undefined {
  if (mode !== "legacy" && nodeOfUser(name) !== undefined) return [nodesGroup];
  const account = groups.length === 0 ? splitServiceAccountUserName(name) : undefined;
  return account && [serviceAccountsGroup, `${serviceAccountsGroup}:${account.namespace}`];
}

/** Who asks for the own node: the same question for every pod of a service account, wherever it runs. */
export function associatedRequestor(requestor: UserInfo): UserInfo {
  const keys = Object.keys(requestor.extra).toSorted();
  return { ...requestor, extra: { "authentication.kubernetes.io/associated-node-keys": keys } };
}
