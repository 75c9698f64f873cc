import { type Decoded, durationField, listField, objectField, stringField } from "@kube-ts/std/config-schema";
import { decodeVersionedConfig } from "./reload/versioned-config.ts";

const webhookFields = objectField({
  authorizedTTL: durationField(),
  unauthorizedTTL: durationField(),
  timeout: durationField(),
  subjectAccessReviewVersion: stringField(),
  matchConditionSubjectAccessReviewVersion: stringField(),
  failurePolicy: stringField(),
  connectionInfo: objectField({ type: stringField(), kubeConfigFile: stringField() }),
  matchConditions: listField(objectField({ expression: stringField() })),
});

const authorizerFields = objectField({ type: stringField(), name: stringField(), webhook: webhookFields });

/** A webhook that decides; durations in milliseconds. */
export type WebhookConfiguration = Decoded<typeof webhookFields>;

/** One authorizer of the configuration. */
export type AuthorizerConfiguration = Decoded<typeof authorizerFields>;

/** `AuthorizationConfiguration` of `apiserver.config.k8s.io`. */
export interface AuthorizationConfiguration {
  readonly authorizers?: readonly AuthorizerConfiguration[];
}

const defaultAuthorizedMs = 300_000;
const defaultUnauthorizedMs = 30_000;

/** Decodes the text of an `--authorization-config` file strictly and fills in defaults. Throws a ConfigFileError. */
export function decodeAuthorizationConfiguration(text: string, path: string): AuthorizationConfiguration {
  const { authorizers } = decodeVersionedConfig(text, path, {
    group: "apiserver.config.k8s.io",
    versions: ["v1", "v1beta1", "v1alpha1"],
    kind: "AuthorizationConfiguration",
    fields: { authorizers: listField(authorizerFields) },
  });
  return { ...(authorizers && { authorizers: authorizers.map(withDefaults) }) };
}

function withDefaults(authorizer: AuthorizerConfiguration): AuthorizerConfiguration {
  const { webhook } = authorizer;
  if (!webhook) return authorizer;
  return {
    ...authorizer,
    webhook: {
      ...webhook,
      authorizedTTL: webhook.authorizedTTL ?? defaultAuthorizedMs,
      unauthorizedTTL: webhook.unauthorizedTTL ?? defaultUnauthorizedMs,
    },
  };
}
