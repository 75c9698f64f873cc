import type { CelProgram } from "@kube-ts/api/cel/compile";
import { goQuote } from "@kube-ts/api/go-quote";
import type { UserInfo } from "../user.ts";
import { ExpressionError, evaluate } from "./claims-expression.ts";
import type { ClaimMapping, CompiledAuthenticator, Condition } from "./compile-authentication.ts";

/** Claims of a verified token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Claims that do not make a user; the message is upstream's, without its `oidc: `. */
export class ClaimsError extends Error {}

const credentialIdKey = "authentication.kubernetes.io/credential-id";

/** The user that the claims stand for, once every rule of the configuration holds. Throws a ClaimsError. */
export function mapClaims(config: CompiledAuthenticator, claims: Claims): UserInfo {
  refuseDistributedGroups(config.groups, claims);
  const user: UserInfo = {
    name: userName(config.username, claims),
    groups: groupsOf(config.groups, claims),
    uid: uidOf(config.uid, claims),
    extra: extraOf(config, claims),
  };
  for (const { claim, value } of config.requiredClaims) requireClaim(claims, claim, value);
  checkConditions(config.claimConditions, { claims }, "error evaluating claim validation expression");
  if (config.userConditions.length > 0) {
    const { name: username, uid, groups, extra } = user;
    const bindings = { user: { username, uid, groups, extra: { ...extra } } };
    checkConditions(config.userConditions, bindings, "error evaluating user info validation rule");
  }
  return user;
}

/** Groups that an issuer would have to be asked for at a place that the token names are not asked for. */
function refuseDistributedGroups(groups: ClaimMapping | undefined, claims: Claims): void {
  if (groups?.kind !== "claim" || has(claims, groups.claim)) return;
  const names = claims["_claim_names"];
  if (typeof names === "object" && names !== null && Object.hasOwn(names, groups.claim)) {
    throw new ClaimsError("could not expand distributed claims: distributed claims are not supported");
  }
}

function userName(mapping: ClaimMapping, claims: Claims): string {
  if (mapping.kind === "expression") return textOf(mapping.program, claims, "username");
  const { claim, prefix } = mapping;
  const name = textClaim(claims, claim, (problem) => `parse username claims ${goQuote(claim)}: ${problem}`);
  if (claim === "email" && has(claims, "email_verified")) {
    const verified = claims["email_verified"];
    if (typeof verified !== "boolean") {
      throw new ClaimsError(`parse 'email_verified' claim: ${wrongType(verified, "bool")}`);
    }
    if (!verified) throw new ClaimsError("email not verified");
  }
  return prefix + name;
}

function groupsOf(mapping: ClaimMapping | undefined, claims: Claims): readonly string[] {
  if (!mapping) return [];
  if (mapping.kind === "expression") {
    const context = "error evaluating group claim expression";
    return textList(resultOf(mapping.program, claims, context), context);
  }
  const { claim, prefix } = mapping;
  if (!has(claims, claim)) return [];
  const value = claims[claim];
  const groups = typeof value === "string" ? [value] : value;
  if (Array.isArray(groups) && groups.every((group) => typeof group === "string")) {
    return groups.map((group) => prefix + group);
  }
  throw new ClaimsError(`parse groups claim ${goQuote(claim)}: ${wrongType(value, "string")}`);
}

function uidOf(mapping: ClaimMapping | undefined, claims: Claims): string {
  if (!mapping) return "";
  if (mapping.kind === "expression") return textOf(mapping.program, claims, "uid");
  const { claim } = mapping;
  return textClaim(claims, claim, (problem) => `parse uid claim ${goQuote(claim)}: ${problem}`);
}

function extraOf({ extra: mappings }: CompiledAuthenticator, claims: Claims): UserInfo["extra"] {
  const extra = Object.create(null) as Record<string, readonly string[]>;
  const { jti } = claims;
  if (typeof jti === "string" && jti !== "") extra[credentialIdKey] = [`JTI=${jti}`];
  for (const { key, program } of mappings) {
    const context = `error evaluating extra claim expression: ${program.source}`;
    const values = textList(resultOf(program, claims, "error evaluating extra claim expression"), context);
    if (values.length > 0) extra[key] = values;
  }
  return extra;
}

function requireClaim(claims: Claims, claim: string, wanted: string): void {
  if (!has(claims, claim)) throw new ClaimsError(`required claim ${claim} not present in ID token`);
  const value = claims[claim];
  if (typeof value !== "string") throw new ClaimsError(`parse claim ${claim}: ${wrongType(value, "string")}`);
  if (value === wanted) return;
  throw new ClaimsError(`required claim ${claim} value does not match. Got = ${value}, want = ${wanted}`);
}

function checkConditions(
  conditions: readonly Condition[],
  bindings: Readonly<Record<string, unknown>>,
  context: string,
): void {
  for (const { program, message } of conditions) {
    if (valueOf(program, bindings, context) === true) continue;
    throw new ClaimsError(`${context}: validation expression '${program.source}' failed: ${message}`);
  }
}

function textOf(program: CelProgram, claims: Claims, what: string): string {
  const context = `error evaluating ${what} claim expression`;
  const value = resultOf(program, claims, context);
  if (typeof value === "string") return value;
  throw new ClaimsError(`${context}: ${what} claim expression must return a string`);
}

function resultOf(program: CelProgram, claims: Claims, context: string): unknown {
  return valueOf(program, { claims }, context);
}

function valueOf(program: CelProgram, bindings: Readonly<Record<string, unknown>>, context: string): unknown {
  try {
    return evaluate(program, bindings);
  } catch (error) {
    if (error instanceof ExpressionError) throw new ClaimsError(`${context}: ${error.message}`);
    throw error;
  }
}

/** A text or a list of texts; empty ones count as absent. */
function textList(value: unknown, context: string): readonly string[] {
  if (value === null) return [];
  const texts = typeof value === "string" ? [value] : value;
  if (Array.isArray(texts) && texts.every((text) => typeof text === "string")) {
    return texts.filter((text) => text !== "");
  }
  throw new ClaimsError(`${context}: expression must return a string or a list of strings`);
}

function textClaim(claims: Claims, claim: string, describe: (problem: string) => string): string {
  if (!has(claims, claim)) throw new ClaimsError(describe("claim not present"));
  const value = claims[claim];
  if (typeof value !== "string") throw new ClaimsError(describe(wrongType(value, "string")));
  return value;
}

function has(claims: Claims, claim: string): boolean {
  return Object.hasOwn(claims, claim);
}

function wrongType(value: unknown, wanted: string): string {
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type ${wanted}`;
}
