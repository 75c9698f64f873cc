import { fn, method, type CelLibrary } from "../declarations.ts";
import { CelEvaluationError } from "../evaluation-error.ts";
import { dns1123LabelErrors, dns1123SubdomainErrors } from "../../names.ts";
import { boolType, objectType, stringType, type CelType } from "../types.ts";
import { CelOpaque } from "../values.ts";

export const authorizerType: CelType = objectType("kubernetes.authorization.Authorizer");
const pathCheckType: CelType = objectType("kubernetes.authorization.PathCheck");
const groupCheckType: CelType = objectType("kubernetes.authorization.GroupCheck");
export const resourceCheckType: CelType = objectType("kubernetes.authorization.ResourceCheck");
const decisionType: CelType = objectType("kubernetes.authorization.Decision");

/** What an expression asks the authorizer. */
export interface AuthorizerQuestion {
  /** Unset for the user of the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  /** Set for a question about a path; the rest is then unset. */
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface AuthorizerAnswer {
  readonly allowed: boolean;
  readonly reason: string;
  /** Set when the authorizer failed. */
  readonly error?: string;
}

/** Answers at once; see `CelUnanswered` for authorizers that have to wait. */
export type AskAuthorizer = (question: AuthorizerQuestion) => AuthorizerAnswer;

type Subject = AuthorizerQuestion["serviceAccount"];

/** The `authorizer` variable: answers about the user of the request. */
export class CelAuthorizer extends CelOpaque {
  override readonly type = authorizerType;
  readonly ask: AskAuthorizer;
  readonly subject: Subject | undefined;

  constructor(ask: AskAuthorizer, subject?: Subject) {
    super();
    this.ask = ask;
    this.subject = subject;
  }

  override equals(other: CelOpaque): boolean {
    return this === other;
  }
}

/** The `authorizer.requestResource` variable, and what `group().resource()` gives: a question in the making. */
export class CelResourceCheck extends CelOpaque {
  override readonly type = resourceCheckType;
  readonly authorizer: CelAuthorizer;
  readonly parts: Omit<AuthorizerQuestion, "verb" | "path" | "serviceAccount">;

  constructor(authorizer: CelAuthorizer, parts: Omit<AuthorizerQuestion, "verb" | "path" | "serviceAccount">) {
    super();
    this.authorizer = authorizer;
    this.parts = parts;
  }

  override equals(other: CelOpaque): boolean {
    return this === other;
  }

  with(parts: Partial<AuthorizerQuestion>): CelResourceCheck {
    return new CelResourceCheck(this.authorizer, { ...this.parts, ...parts });
  }
}

class CelPathCheck extends CelOpaque {
  override readonly type = pathCheckType;
  readonly authorizer: CelAuthorizer;
  readonly path: string;

  constructor(authorizer: CelAuthorizer, path: string) {
    super();
    this.authorizer = authorizer;
    this.path = path;
  }

  override equals(other: CelOpaque): boolean {
    return this === other;
  }
}

class CelGroupCheck extends CelOpaque {
  override readonly type = groupCheckType;
  readonly authorizer: CelAuthorizer;
  readonly group: string;

  constructor(authorizer: CelAuthorizer, group: string) {
    super();
    this.authorizer = authorizer;
    this.group = group;
  }

  override equals(other: CelOpaque): boolean {
    return this === other;
  }
}

class CelDecision extends CelOpaque {
  override readonly type = decisionType;
  readonly answer: AuthorizerAnswer;

  constructor(answer: AuthorizerAnswer) {
    super();
    this.answer = answer;
  }

  override equals(other: CelOpaque): boolean {
    return this === other;
  }
}

function ask({ ask, subject }: CelAuthorizer, question: AuthorizerQuestion): CelDecision {
  return new CelDecision(ask(subject ? { ...question, serviceAccount: subject } : question));
}

function nonEmpty(what: string, text: string): string {
  if (text.trim() === "") throw new CelEvaluationError(`${what} must not be empty`);
  return text;
}

function serviceAccount(authorizer: CelAuthorizer, namespace: string, name: string): CelAuthorizer {
  if (dns1123SubdomainErrors(name).length > 0) throw new CelEvaluationError("Invalid service account name");
  if (dns1123LabelErrors(namespace).length > 0) throw new CelEvaluationError("Invalid service account namespace");
  return new CelAuthorizer(authorizer.ask, { namespace, name });
}

function refine(
  name: "subresource" | "namespace" | "name" | "fieldSelector" | "labelSelector",
  id: string,
): CelLibrary["overloads"][number] {
  return method(
    name,
    id,
    [resourceCheckType, stringType],
    resourceCheckType,
    (check: CelResourceCheck, value: string) => check.with({ [name]: value }),
  );
}

/** Questions to the authorizer. */
export const authorizerLibrary: CelLibrary = {
  overloads: [
    method(
      "path",
      "authorizer_path",
      [authorizerType, stringType],
      pathCheckType,
      (authorizer: CelAuthorizer, path: string) => new CelPathCheck(authorizer, nonEmpty("path", path)),
    ),
    method(
      "group",
      "authorizer_group",
      [authorizerType, stringType],
      groupCheckType,
      (authorizer: CelAuthorizer, group: string) => new CelGroupCheck(authorizer, group),
    ),
    method(
      "serviceAccount",
      "authorizer_serviceaccount",
      [authorizerType, stringType, stringType],
      authorizerType,
      serviceAccount,
    ),
    method(
      "resource",
      "groupcheck_resource",
      [groupCheckType, stringType],
      resourceCheckType,
      (check: CelGroupCheck, resource: string) =>
        new CelResourceCheck(check.authorizer, { group: check.group, resource: nonEmpty("resource", resource) }),
    ),
    refine("subresource", "resourcecheck_subresource"),
    refine("namespace", "resourcecheck_namespace"),
    refine("name", "resourcecheck_name"),
    refine("fieldSelector", "authorizer_fieldselector"),
    refine("labelSelector", "authorizer_labelselector"),
    method("check", "pathcheck_check", [pathCheckType, stringType], decisionType, (check: CelPathCheck, verb: string) =>
      ask(check.authorizer, { path: check.path, verb }),
    ),
    method(
      "check",
      "resourcecheck_check",
      [resourceCheckType, stringType],
      decisionType,
      (check: CelResourceCheck, verb: string) => ask(check.authorizer, { ...check.parts, verb }),
    ),
    method(
      "errored",
      "decision_errored",
      [decisionType],
      boolType,
      ({ answer }: CelDecision) => answer.error !== undefined,
    ),
    method("error", "decision_error", [decisionType], stringType, ({ answer }: CelDecision) => answer.error ?? ""),
    method("allowed", "decision_allowed", [decisionType], boolType, ({ answer }: CelDecision) => answer.allowed),
    method("reason", "decision_reason", [decisionType], stringType, ({ answer }: CelDecision) => answer.reason),
  ],
};

/** `jsonpatch.escapeKey`: a key as part of a JSON pointer. */
export const jsonPatchLibrary: CelLibrary = {
  overloads: [
    fn("jsonpatch.escapeKey", "string_jsonpatch_escapeKey_string", [stringType], stringType, (key: string) =>
      key.replaceAll("~", "~0").replaceAll("/", "~1"),
    ),
  ],
};
