import type { CelProgram } from "@kube-ts/api/cel/compile";
import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import { formatDuration } from "@kube-ts/std/duration";
import type {
  AuthorizationConfiguration,
  AuthorizerConfiguration,
  WebhookConfiguration,
} from "./authorization-configuration.ts";
import { compileMatchConditions } from "./webhook/match-conditions.ts";

/** The authorizers there are, by their names in `--authorization-mode`. */
export const authorizationModes = ["ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"] as const;

export type AuthorizationMode = (typeof authorizationModes)[number];

/** One authorizer, checked. */
export type CompiledAuthorizer =
  | { readonly type: Exclude<AuthorizationMode, "Webhook">; readonly name: string }
  | { readonly type: "Webhook"; readonly name: string; readonly webhook: CompiledWebhook };

export interface CompiledWebhook {
  readonly timeoutMs: number;
  readonly authorizedMs: number;
  readonly unauthorizedMs: number;
  readonly version: string;
  readonly failurePolicy: "NoOpinion" | "Deny";
  /** Undefined for the cluster that the process runs in. */
  readonly kubeconfigFile: string | undefined;
  readonly matchConditions: readonly CelProgram[];
}

export interface CompiledAuthorization {
  /** Complete only where there are no errors. */
  readonly authorizers: readonly CompiledAuthorizer[];
  readonly errors: readonly FieldError[];
}

const maxTimeoutMs = 30_000;

/**
 * Validates a configuration in upstream's words and compiles its expressions. `fileProblem` says why a kubeconfig cannot
 * be used, if it cannot.
 */
export function compileAuthorization(
  { authorizers = [] }: AuthorizationConfiguration,
  fileProblem: (path: string) => string | undefined,
): CompiledAuthorization {
  const errors: FieldError[] = [];
  if (authorizers.length === 0) {
    errors.push(requiredField("authorizers", "at least one authorization mode must be defined"));
  }
  const seenTypes = new Set<string>();
  const seenNames = new Set<string>();
  const compiled = authorizers.flatMap((authorizer, index) => {
    const path = `authorizers[${index}]`;
    const type = knownType(authorizer, path, seenTypes, errors);
    if (!type) return [];
    checkName(authorizer.name ?? "", `${path}.name`, seenNames, errors);
    return compileAuthorizer(type, authorizer, path, fileProblem, errors) ?? [];
  });
  return { authorizers: compiled, errors };
}

function knownType(
  { type = "" }: AuthorizerConfiguration,
  path: string,
  seen: Set<string>,
  errors: FieldError[],
): AuthorizationMode | undefined {
  const known = authorizationModes.find((mode) => mode === type);
  if (type === "") errors.push(requiredField(`${path}.type`));
  else if (!known) errors.push(notSupportedField(`${path}.type`, type, authorizationModes));
  else if (seen.has(type) && type !== "Webhook") {
    errors.push(duplicateField(`${path}.type`, type));
    return undefined;
  }
  seen.add(type);
  return known;
}

function checkName(name: string, path: string, seen: Set<string>, errors: FieldError[]): void {
  const problems = dns1123SubdomainErrors(name);
  if (name === "") errors.push(requiredField(path));
  else if (seen.has(name)) errors.push(duplicateField(path, name));
  else if (problems.length > 0) {
    errors.push(invalidField(path, name, `authorizer name is invalid: ${problems.join(", ")}`));
  }
  seen.add(name);
}

function compileAuthorizer(
  type: AuthorizationMode,
  { name = "", webhook }: AuthorizerConfiguration,
  path: string,
  fileProblem: (path: string) => string | undefined,
  errors: FieldError[],
): CompiledAuthorizer | undefined {
  if (type !== "Webhook") {
    if (webhook) errors.push(invalidField(`${path}.webhook`, "non-null", "may only be specified when type=Webhook"));
    return { type, name };
  }
  if (!webhook) {
    errors.push(requiredField(`${path}.webhook`, "required when type=Webhook"));
    return undefined;
  }
  return { type, name, webhook: compileWebhook(webhook, path, fileProblem, errors) };
}

function compileWebhook(
  webhook: WebhookConfiguration,
  path: string,
  fileProblem: (path: string) => string | undefined,
  errors: FieldError[],
): CompiledWebhook {
  checkDurations(webhook, path, errors);
  const { subjectAccessReviewVersion: version = "", matchConditions = [] } = webhook;
  checkWord(version, ["v1", "v1beta1"], `${path}.subjectAccessReviewVersion`, errors);
  checkConditionVersion(webhook, `${path}.matchConditionSubjectAccessReviewVersion`, errors);
  checkWord(webhook.failurePolicy ?? "", ["NoOpinion", "Deny"], `${path}.failurePolicy`, errors);
  checkConnection(webhook.connectionInfo ?? {}, `${path}.connectionInfo`, fileProblem, errors);
  const expressions = matchConditions.map(({ expression = "" }) => expression);
  return {
    timeoutMs: webhook.timeout ?? 0,
    authorizedMs: webhook.authorizedTTL ?? 0,
    unauthorizedMs: webhook.unauthorizedTTL ?? 0,
    version,
    failurePolicy: webhook.failurePolicy === "NoOpinion" ? "NoOpinion" : "Deny",
    kubeconfigFile: webhook.connectionInfo?.kubeConfigFile,
    matchConditions: compileMatchConditions(expressions, path, errors),
  };
}

function checkDurations(webhook: WebhookConfiguration, path: string, errors: FieldError[]): void {
  const { timeout = 0, authorizedTTL = 0, unauthorizedTTL = 0 } = webhook;
  if (timeout === 0) errors.push(requiredField(`${path}.timeout`));
  else if (timeout < 0 || timeout > maxTimeoutMs) {
    errors.push(invalidField(`${path}.timeout`, formatDuration(timeout), "must be > 0s and <= 30s"));
  }
  for (const [name, ttl] of [
    ["authorizedTTL", authorizedTTL] as const,
    ["unauthorizedTTL", unauthorizedTTL] as const,
  ]) {
    if (ttl === 0) errors.push(requiredField(`${path}.${name}`));
    else if (ttl < 0) errors.push(invalidField(`${path}.${name}`, formatDuration(ttl), "must be > 0s"));
  }
}

function checkWord(word: string, supported: readonly string[], path: string, errors: FieldError[]): void {
  if (word === "") errors.push(requiredField(path));
  else if (!supported.includes(word)) errors.push(notSupportedField(path, word, supported));
}

function checkConditionVersion(webhook: WebhookConfiguration, path: string, errors: FieldError[]): void {
  const { matchConditionSubjectAccessReviewVersion: version = "", matchConditions = [] } = webhook;
  if (version === "") {
    if (matchConditions.length > 0) errors.push(requiredField(path, "required if match conditions are specified"));
  } else if (version !== "v1") errors.push(notSupportedField(path, version, ["v1"]));
}

const inCluster = "InClusterConfig";
const byKubeconfig = "KubeConfigFile";

function checkConnection(
  { type = "", kubeConfigFile: file }: NonNullable<WebhookConfiguration["connectionInfo"]>,
  path: string,
  fileProblem: (path: string) => string | undefined,
  errors: FieldError[],
): void {
  checkWord(type, [inCluster, byKubeconfig], `${path}.type`, errors);
  const at = `${path}.kubeConfigFile`;
  if (type === inCluster && file !== undefined) {
    errors.push(invalidField(at, file, "can only be set when type=KubeConfigFile"));
  }
  if (type !== byKubeconfig) return;
  if (!file) errors.push(requiredField(at));
  else {
    const problem = file.startsWith("/") ? fileProblem(file) : "must be an absolute path";
    if (problem !== undefined) errors.push(invalidField(at, file, problem));
  }
}
