import { type FieldError, aggregateFieldErrors, invalidField } from "@kube-ts/api/field-error";
import type { AnonymousPolicy } from "../auth/authentication.ts";
import {
  type AnonymousConfig,
  type AuthenticationConfiguration,
  decodeAuthenticationConfiguration,
} from "../auth/jwt/authentication-configuration.ts";
import { type CompiledAuthenticator, compileAuthentication } from "../auth/jwt/compile-authentication.ts";

/** What an `--authentication-config` says. */
export interface StructuredAuthentication {
  readonly authenticators: readonly CompiledAuthenticator[];
  /** Undefined where the file leaves it to the flag. */
  readonly anonymous: AnonymousConfig | undefined;
}

/** Throws an Error that says everything that is wrong with the configuration. */
export function structuredAuthentication(
  content: string,
  path: string,
  disallowedIssuers: readonly string[],
): StructuredAuthentication {
  const configuration = decodeAuthenticationConfiguration(content, path);
  const authenticators = compiledAuthenticators(configuration, disallowedIssuers);
  return { authenticators, anonymous: configuration.anonymous };
}

/** Throws an Error that says everything that is wrong with the configuration. */
export function compiledAuthenticators(
  configuration: AuthenticationConfiguration,
  disallowedIssuers: readonly string[],
): readonly CompiledAuthenticator[] {
  const { authenticators, errors } = compileAuthentication(configuration, disallowedIssuers);
  const all = [...errors, ...anonymousErrors(configuration.anonymous)];
  if (all.length > 0) throw new Error(aggregateFieldErrors(all));
  return authenticators;
}

function anonymousErrors(anonymous: AnonymousConfig | undefined): FieldError[] {
  if (!anonymous?.conditions?.length || anonymous.enabled) return [];
  const detail = "enabled should be set to true when conditions are defined";
  return [invalidField("anonymous.conditions", anonymous.conditions, detail)];
}

export function anonymousPolicy({ enabled = false, conditions = [] }: AnonymousConfig): AnonymousPolicy {
  const paths = conditions.map(({ path = "" }) => path);
  return { isAllowed: enabled, ...(paths.length > 0 && { paths: new Set(paths) }) };
}
