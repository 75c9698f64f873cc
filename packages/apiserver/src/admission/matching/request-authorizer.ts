import type { AskAuthorizerLater } from "@kube-ts/api/cel/authorizer-answers";
import type { AuthorizerQuestion } from "@kube-ts/api/cel/library/authorizer";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { UserInfo } from "../../auth/user.ts";

/** Answers the questions of expressions about the user of a request, or about a service account. */
export function requestAuthorizer(authorizer: Authorizer | undefined, user: UserInfo): AskAuthorizerLater {
  return async (question, signal) => {
    if (!authorizer) return { allowed: false, reason: "", error: "no authorizer available" };
    const attributes = attributesOf(question, subjectOf(question, user));
    const { decision, reason } = await authorizer.authorize(attributes, signal);
    return { allowed: decision === "allow", reason };
  };
}

function subjectOf({ serviceAccount }: AuthorizerQuestion, user: UserInfo): UserInfo {
  if (!serviceAccount) return user;
  const { namespace, name } = serviceAccount;
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  return { name: `system:serviceaccount:${namespace}:${name}`, uid: "", groups, extra: {} };
}

function attributesOf(question: AuthorizerQuestion, user: UserInfo) {
  const { verb, path } = question;
  if (path !== undefined) return { kind: "path", user, verb, path } as const;
  const { group = "", resource = "", subresource = "", namespace = "", name = "" } = question;
  const { fieldSelector, labelSelector } = question;
  return {
    kind: "resource",
    user,
    verb,
    group,
    version: "*",
    resource,
    subresource,
    namespace,
    name,
    ...(fieldSelector !== undefined && { fieldSelector }),
    ...(labelSelector !== undefined && { labelSelector }),
  } as const;
}
