import type { Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import { nameOf, uidOf } from "@kube-ts/api/object";
import { serviceAccountNameAnnotation, serviceAccountUidAnnotation } from "@kube-ts/api/well-known-labels";

export const tokenSecretType = "kubernetes.io/service-account-token";

/** Whether the secret is meant for this very account; one that names no uid is meant for whoever has the name. */
export function belongsTo({ type, metadata }: Secret, account: ServiceAccount): boolean {
  const { annotations = {} } = metadata;
  if (type !== tokenSecretType || annotations[serviceAccountNameAnnotation] !== nameOf(account)) return false;
  return !annotations[serviceAccountUidAnnotation] || annotations[serviceAccountUidAnnotation] === uidOf(account);
}

/** What a secret lacks. */
export interface Missing {
  readonly token: boolean;
  /** The complete secret but for its token; undefined when nothing but the token may be missing. */
  readonly filled: Secret | undefined;
}

/** Compares a secret of the account with what it is to hold. `rootCa` is PEM; without one it is left alone. */
export function planSecret(secret: Secret, account: ServiceAccount, rootCa: string | undefined): Missing {
  const { data = {}, metadata } = secret;
  const wanted: Record<string, string> = {};
  if (rootCa !== undefined) wanted["ca.crt"] = Buffer.from(rootCa).toString("base64");
  if (!data["namespace"]) wanted["namespace"] = Buffer.from(metadata.namespace ?? "").toString("base64");
  const annotations = {
    ...metadata.annotations,
    [serviceAccountNameAnnotation]: nameOf(account),
    [serviceAccountUidAnnotation]: uidOf(account),
  };
  const isFilled =
    Object.entries(wanted).every(([key, value]) => data[key] === value) &&
    metadata.annotations?.[serviceAccountUidAnnotation] === uidOf(account);
  const filled = isFilled
    ? undefined
    : { ...secret, metadata: { ...metadata, annotations }, data: { ...data, ...wanted } };
  return { token: !data["token"], filled };
}
