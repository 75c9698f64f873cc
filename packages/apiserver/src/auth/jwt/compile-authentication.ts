import type { CelProgram } from "@kube-ts/api/cel/compile";
import { type FieldError, duplicateField, invalidField, requiredField, tooManyField } from "@kube-ts/api/field-error";
import type {
  AuthenticationConfiguration,
  JwtAuthenticatorConfig,
  PrefixedClaim,
} from "./authentication-configuration.ts";
import { selectsClaim } from "./claim-use.ts";
import {
  type CompiledExpression,
  compileClaimCondition,
  compileClaimMapping,
  compileUserCondition,
} from "./claims-expression.ts";
import { extraKeyErrors } from "./extra-key.ts";
import { issuerErrors } from "./issuer-validation.ts";

const maxAuthenticators = 64;

/** Where a value comes from: a claim by its name, with a prefix, or an expression. */
export type ClaimMapping =
  | { readonly kind: "claim"; readonly claim: string; readonly prefix: string }
  | { readonly kind: "expression"; readonly program: CelProgram };

export interface Condition {
  readonly program: CelProgram;
  readonly message: string;
}

/** One issuer's tokens, ready to be mapped to users. */
export interface CompiledAuthenticator {
  readonly issuerUrl: string;
  /** Empty where the document is at its usual place below the issuer's URL. */
  readonly discoveryUrl: string;
  /** PEM; empty for the authorities of the system. */
  readonly certificateAuthority: string;
  readonly audiences: readonly string[];
  readonly requiredClaims: readonly { readonly claim: string; readonly value: string }[];
  readonly claimConditions: readonly Condition[];
  readonly username: ClaimMapping;
  readonly groups: ClaimMapping | undefined;
  readonly uid: ClaimMapping | undefined;
  readonly extra: readonly { readonly key: string; readonly program: CelProgram }[];
  readonly userConditions: readonly Condition[];
}

export interface CompiledAuthentication {
  /** Complete only where there are no errors. */
  readonly authenticators: readonly CompiledAuthenticator[];
  readonly errors: readonly FieldError[];
}

/** Validates the issuers of a configuration in upstream's words and compiles their expressions. */
export function compileAuthentication(
  { jwt = [] }: AuthenticationConfiguration,
  /** Issuers of the server's own tokens, which nobody else may claim to be. */
  disallowedIssuers: readonly string[],
): CompiledAuthentication {
  if (jwt.length > maxAuthenticators) {
    return { authenticators: [], errors: [tooManyField("jwt", jwt.length, maxAuthenticators)] };
  }
  const errors: FieldError[] = [];
  const authenticators = jwt.flatMap((config, index) => {
    const path = `jwt[${index}]`;
    const compiled = compileAuthenticator(config, path, disallowedIssuers, errors);
    errors.push(...duplicateIssuerErrors(jwt, index, path));
    return compiled ? [compiled] : [];
  });
  return { authenticators, errors };
}

function duplicateIssuerErrors(jwt: readonly JwtAuthenticatorConfig[], index: number, path: string): FieldError[] {
  const { url = "", discoveryURL = "" } = jwt[index]?.issuer ?? {};
  const before = jwt.slice(0, index).map(({ issuer }) => issuer);
  return [
    ...(before.some((issuer) => (issuer?.url ?? "") === url) ? [duplicateField(`${path}.issuer.url`, url)] : []),
    ...(discoveryURL !== "" && before.some((issuer) => issuer?.discoveryURL === discoveryURL)
      ? [duplicateField(`${path}.issuer.discoveryURL`, discoveryURL)]
      : []),
  ];
}

/** Adds what is wrong to `errors`; undefined when there is no way to tell user names. */
function compileAuthenticator(
  config: JwtAuthenticatorConfig,
  path: string,
  disallowedIssuers: readonly string[],
  errors: FieldError[],
): CompiledAuthenticator | undefined {
  const { issuer = {}, claimMappings = {} } = config;
  errors.push(...issuerErrors(issuer, `${path}.issuer`, disallowedIssuers));
  const rules = compileClaimRules(config.claimValidationRules ?? [], `${path}.claimValidationRules`, errors);
  const mappings = `${path}.claimMappings`;
  const username = compileMapping(claimMappings.username ?? {}, `${mappings}.username`, true, errors);
  const groups = compileMapping(claimMappings.groups ?? {}, `${mappings}.groups`, false, errors);
  const uid = compileUid(claimMappings.uid ?? {}, `${mappings}.uid`, errors);
  const extra = compileExtra(claimMappings.extra ?? [], `${mappings}.extra`, errors);
  if (username?.kind === "expression" && usesUnverifiedEmail(username.program, rules.conditions, extra)) {
    errors.push(invalidField(`${mappings}.username.expression`, username.program.source, unverifiedEmail));
  }
  const users = config.userValidationRules ?? [];
  const userConditions = compileUserRules(users, `${path}.userValidationRules`, errors);
  return (
    username && {
      issuerUrl: issuer.url ?? "",
      discoveryUrl: issuer.discoveryURL ?? "",
      certificateAuthority: issuer.certificateAuthority ?? "",
      audiences: issuer.audiences ?? [],
      requiredClaims: rules.required,
      claimConditions: rules.conditions,
      username,
      groups,
      uid,
      extra,
      userConditions,
    }
  );
}

const unverifiedEmail =
  "claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression";

function usesUnverifiedEmail(
  username: CelProgram,
  conditions: readonly Condition[],
  extra: CompiledAuthenticator["extra"],
): boolean {
  const programs = [username, ...conditions.map(({ program }) => program), ...extra.map(({ program }) => program)];
  return (
    selectsClaim(username.expr, "email") && !programs.some((program) => selectsClaim(program.expr, "email_verified"))
  );
}

type ClaimRule = NonNullable<JwtAuthenticatorConfig["claimValidationRules"]>[number];

function compileClaimRules(rules: readonly ClaimRule[], path: string, errors: FieldError[]) {
  const required: { claim: string; value: string }[] = [];
  const conditions: Condition[] = [];
  for (const [index, { claim = "", requiredValue = "", expression = "", message = "" }] of rules.entries()) {
    const at = `${path}[${index}]`;
    if (claim !== "" && expression !== "") {
      errors.push(invalidField(at, claim, "claim and expression can't both be set"));
    } else if (claim !== "") {
      if (message !== "") errors.push(invalidField(`${at}.message`, message, "may not be specified when claim is set"));
      if (required.some((rule) => rule.claim === claim)) errors.push(duplicateField(`${at}.claim`, claim));
      required.push({ claim, value: requiredValue });
    } else if (expression !== "") {
      if (requiredValue !== "") {
        const detail = "may not be specified when expression is set";
        errors.push(invalidField(`${at}.requiredValue`, requiredValue, detail));
      }
      const known = rules.slice(0, index).some((rule) => !rule.claim && rule.expression === expression);
      if (known) errors.push(duplicateField(`${at}.expression`, expression));
      else addCondition(conditions, compileClaimCondition(expression), message, expression, `${at}.expression`, errors);
    } else errors.push(requiredField(at, "claim or expression is required"));
  }
  return { required, conditions };
}

function addCondition(
  conditions: Condition[],
  compiled: CompiledExpression,
  message: string,
  expression: string,
  path: string,
  errors: FieldError[],
): void {
  if ("ok" in compiled) conditions.push({ program: compiled.ok, message });
  else errors.push(invalidField(path, expression, compiled.problem));
}

function compileMapping(
  { claim = "", expression = "", prefix }: PrefixedClaim,
  path: string,
  isRequired: boolean,
  errors: FieldError[],
): ClaimMapping | undefined {
  if (claim !== "" && expression !== "") {
    errors.push(invalidField(path, "", "claim and expression can't both be set"));
    return undefined;
  }
  if (claim !== "") {
    if (prefix === undefined) {
      const detail = "prefix is required when claim is set. It can be set to an empty string to disable prefixing";
      errors.push(requiredField(`${path}.prefix`, detail));
    }
    return { kind: "claim", claim, prefix: prefix ?? "" };
  }
  if (expression === "") {
    if (isRequired) errors.push(requiredField(path, "claim or expression is required"));
    return undefined;
  }
  if (prefix !== undefined) {
    errors.push(invalidField(`${path}.prefix`, prefix, "may not be specified when expression is set"));
  }
  return mappingExpression(expression, `${path}.expression`, errors);
}

function mappingExpression(expression: string, path: string, errors: FieldError[]): ClaimMapping | undefined {
  const compiled = compileClaimMapping(expression);
  if ("ok" in compiled) return { kind: "expression", program: compiled.ok };
  errors.push(invalidField(path, expression, compiled.problem));
  return undefined;
}

function compileUid(
  { claim = "", expression = "" }: { readonly claim?: string; readonly expression?: string },
  path: string,
  errors: FieldError[],
): ClaimMapping | undefined {
  if (claim !== "" && expression !== "") {
    errors.push(invalidField(path, "", "claim and expression can't both be set"));
    return undefined;
  }
  if (claim !== "") return { kind: "claim", claim, prefix: "" };
  return expression === "" ? undefined : mappingExpression(expression, `${path}.expression`, errors);
}

function compileExtra(
  mappings: readonly { readonly key?: string; readonly valueExpression?: string }[],
  path: string,
  errors: FieldError[],
): CompiledAuthenticator["extra"] {
  const compiled: { key: string; program: CelProgram }[] = [];
  for (const [index, { key = "", valueExpression = "" }] of mappings.entries()) {
    const at = `${path}[${index}]`;
    errors.push(...extraKeyErrors(key, `${at}.key`));
    if (mappings.slice(0, index).some((each) => (each.key ?? "") === key)) {
      errors.push(duplicateField(`${at}.key`, key));
      continue;
    }
    if (valueExpression === "") {
      errors.push(requiredField(`${at}.valueExpression`));
      continue;
    }
    const mapping = mappingExpression(valueExpression, `${at}.valueExpression`, errors);
    if (mapping?.kind === "expression") compiled.push({ key, program: mapping.program });
  }
  return compiled;
}

function compileUserRules(
  rules: readonly { readonly expression?: string; readonly message?: string }[],
  path: string,
  errors: FieldError[],
): Condition[] {
  const conditions: Condition[] = [];
  for (const [index, { expression = "", message = "" }] of rules.entries()) {
    const at = `${path}[${index}].expression`;
    if (expression === "") errors.push(requiredField(at));
    else if (rules.slice(0, index).some((rule) => rule.expression === expression)) {
      errors.push(duplicateField(at, expression));
    } else addCondition(conditions, compileUserCondition(expression), message, expression, at, errors);
  }
  return conditions;
}
