import { booleanField, type Decoded, listField, objectField, stringField } from "@kube-ts/std/config-schema";
import { decodeVersionedConfig } from "../reload/versioned-config.ts";

const claimOrExpression = { claim: stringField(), expression: stringField() };
const prefixedClaim = objectField({ ...claimOrExpression, prefix: stringField() });

const jwtFields = objectField({
  issuer: objectField({
    url: stringField(),
    discoveryURL: stringField(),
    certificateAuthority: stringField(),
    audiences: listField(stringField()),
    audienceMatchPolicy: stringField(),
    egressSelectorType: stringField(),
  }),
  claimValidationRules: listField(
    objectField({
      claim: stringField(),
      requiredValue: stringField(),
      expression: stringField(),
      message: stringField(),
    }),
  ),
  claimMappings: objectField({
    username: prefixedClaim,
    groups: prefixedClaim,
    uid: objectField(claimOrExpression),
    extra: listField(objectField({ key: stringField(), valueExpression: stringField() })),
  }),
  userValidationRules: listField(objectField({ expression: stringField(), message: stringField() })),
});

const anonymousFields = objectField({
  enabled: booleanField(),
  conditions: listField(objectField({ path: stringField() })),
});

/** One issuer of tokens and what its claims mean. */
export type JwtAuthenticatorConfig = Decoded<typeof jwtFields>;

/** A claim with its prefix, or an expression. */
export type PrefixedClaim = NonNullable<NonNullable<JwtAuthenticatorConfig["claimMappings"]>["username"]>;

/** Who may be anonymous. */
export type AnonymousConfig = Decoded<typeof anonymousFields>;

/** `AuthenticationConfiguration` of `apiserver.config.k8s.io`. */
export interface AuthenticationConfiguration {
  readonly jwt?: readonly JwtAuthenticatorConfig[];
  readonly anonymous?: AnonymousConfig;
}

/** Decodes the text of a `--authentication-config` file strictly. Throws a ConfigFileError. */
export function decodeAuthenticationConfiguration(text: string, path: string): AuthenticationConfiguration {
  return decodeVersionedConfig(text, path, {
    group: "apiserver.config.k8s.io",
    versions: ["v1", "v1beta1", "v1alpha1"],
    kind: "AuthenticationConfiguration",
    fields: { jwt: listField(jwtFields), anonymous: anonymousFields },
  });
}
