import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { nodes, pods, secrets, serviceAccounts } from "@kube-ts/api/resource-types";
import type { Secret, ServiceAccount } from "@kube-ts/api/core/v1";
import { notFound } from "@kube-ts/api/status-error";
import { timeMs } from "@kube-ts/api/rfc3339";
import type { ObjectSource } from "../../registry/object-source.ts";
import { secretsEqual } from "../tokens/secret-comparison.ts";
import { type ServiceAccountIdentity, splitServiceAccountUserName } from "./identity.ts";
import type { BoundClaims, ClaimedObject, LegacyClaims, TokenClaims } from "./token-claims.ts";

/** How far clocks may be apart, and how long a token outlives the object it is bound to. */
const leewayMs = 60_000;

const invalidated = "service account token has been invalidated";

/** The problem with a token, as upstream words it, or the service account it stands for. */
export type ClaimVerdict =
  | { readonly kind: "valid"; readonly identity: ServiceAccountIdentity }
  | { readonly kind: "invalid"; readonly reason: string };

/** Where the token of a secret comes from: made for each account in former times, by somebody's wish, or from one marked invalid. */
export type SecretOrigin = "auto-generated" | "manual" | "invalidated";

/** The verdict on a token that lives in a secret; the secret where it is a good one but for being marked. */
export type LegacyVerdict = ClaimVerdict & { readonly secret?: Secret; readonly origin?: SecretOrigin };

/** Judges the claims of verified tokens against the time and against the objects they are bound to. */
export class ClaimValidator {
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  async validateBound(
    claims: TokenClaims,
    bound: BoundClaims,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<ClaimVerdict> {
    const reason = timeProblem(claims, nowMs) ?? (await this.#bindingProblem(bound, nowMs, signal));
    return reason === undefined
      ? { kind: "valid", identity: boundIdentity(claims, bound) }
      : { kind: "invalid", reason };
  }

  /** Tokens in secrets never expire; they are good as long as the secret holds exactly this token. */
  async validateLegacy(
    token: string,
    subject: string,
    legacy: LegacyClaims,
    signal: AbortSignal,
  ): Promise<LegacyVerdict> {
    const missing = missingLegacyClaim(subject, legacy);
    if (missing) return { kind: "invalid", reason: missing };
    const { namespace, serviceAccountName: name, serviceAccountUid: uid } = legacy;
    const secret = await this.#find(secrets, namespace, legacy.secretName, signal);
    if (!secret || secret.metadata.deletionTimestamp) return { kind: "invalid", reason: "Token has been invalidated" };
    if (!holdsToken(secret, token)) return { kind: "invalid", reason: "Token does not match server's copy" };
    const account = await this.#find(serviceAccounts, namespace, name, signal);
    const reason = legacyAccountProblem(account, legacy);
    if (reason !== undefined) return { kind: "invalid", reason };
    if (secret.metadata.labels?.[invalidSinceLabel]) {
      return { kind: "invalid", reason: markedInvalid(legacy), secret, origin: "invalidated" };
    }
    const isNamed = account?.secrets?.some((each) => each.name === legacy.secretName) ?? false;
    return {
      kind: "valid",
      identity: { namespace, name, uid },
      secret,
      origin: isNamed ? "auto-generated" : "manual",
    };
  }

  async #bindingProblem(bound: BoundClaims, nowMs: number, signal: AbortSignal): Promise<string | undefined> {
    const { namespace, serviceAccount, pod, secret, node } = bound;
    const account = await this.#find(serviceAccounts, namespace, serviceAccount.name, signal);
    if (!account) return notFound({ group: "", resource: "serviceaccounts" }, serviceAccount.name).message;
    if (account.metadata.uid !== serviceAccount.uid) {
      return `service account UID (${account.metadata.uid ?? ""}) does not match claim (${serviceAccount.uid})`;
    }
    if (isGone(account, nowMs)) return `service account ${namespace}/${serviceAccount.name} has been deleted`;
    return (
      (secret && (await this.#objectProblem(secrets, namespace, secret, "secret", nowMs, signal))) ??
      (pod && (await this.#objectProblem(pods, namespace, pod, "pod", nowMs, signal))) ??
      (node && !pod ? await this.#objectProblem(nodes, "", node, "node", nowMs, signal) : undefined)
    );
  }

  async #objectProblem(
    type: ResourceType,
    namespace: string,
    claimed: ClaimedObject,
    kind: "pod" | "secret" | "node",
    nowMs: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const object = await this.#find(type, namespace, claimed.name, signal);
    if (!object) return invalidated;
    if (object.metadata.uid !== claimed.uid) {
      return `${kind} UID (${object.metadata.uid ?? ""}) does not match service account ${kind} ref claim (${claimed.uid})`;
    }
    return isGone(object, nowMs) ? invalidated : undefined;
  }

  /** The cached object, or a consistent read when the cache does not have it: it may be new. */
  async #find<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    return this.#source.get(type, namespace, name) ?? (await this.#source.getLatest(type, namespace, name, signal));
  }
}

function timeProblem(claims: TokenClaims, nowMs: number): string | undefined {
  const { notBeforeSeconds, expiresSeconds, issuedAtSeconds } = claims;
  if (notBeforeSeconds !== undefined && nowMs + leewayMs < notBeforeSeconds * 1000) {
    return "service account token is not valid yet";
  }
  if (expiresSeconds !== undefined && nowMs - leewayMs > expiresSeconds * 1000)
    return "service account token has expired";
  if (issuedAtSeconds !== undefined && nowMs + leewayMs < issuedAtSeconds * 1000) {
    return "service account token is issued in the future";
  }
  return undefined;
}

function isGone(object: KubeObject, nowMs: number): boolean {
  const { deletionTimestamp } = object.metadata;
  return deletionTimestamp !== undefined && timeMs(deletionTimestamp) < nowMs - leewayMs;
}

function boundIdentity(claims: TokenClaims, bound: BoundClaims): ServiceAccountIdentity {
  return {
    namespace: bound.namespace,
    name: bound.serviceAccount.name,
    uid: bound.serviceAccount.uid,
    ...(bound.pod && { podName: bound.pod.name, podUid: bound.pod.uid }),
    ...(bound.node && { nodeName: bound.node.name, nodeUid: bound.node.uid }),
    ...(claims.id !== "" && { credentialId: `JTI=${claims.id}` }),
  };
}

function missingLegacyClaim(subject: string, legacy: LegacyClaims): string | undefined {
  if (subject === "") return "sub claim is missing";
  if (legacy.namespace === "") return "namespace claim is missing";
  if (legacy.secretName === "") return "secretName claim is missing";
  if (legacy.serviceAccountName === "") return "serviceAccountName claim is missing";
  if (legacy.serviceAccountUid === "") return "serviceAccountUID claim is missing";
  const owner = splitServiceAccountUserName(subject);
  const matches = owner?.namespace === legacy.namespace && owner.name === legacy.serviceAccountName;
  return matches ? undefined : "sub claim is invalid";
}

const invalidSinceLabel = "kubernetes.io/legacy-token-invalid-since";

function holdsToken(secret: Secret, token: string): boolean {
  return secretsEqual(Buffer.from(secret.data?.["token"] ?? "", "base64").toString("utf8"), token);
}

function legacyAccountProblem(account: ServiceAccount | undefined, legacy: LegacyClaims): string | undefined {
  const { namespace, serviceAccountName: name } = legacy;
  if (!account) return notFound({ group: "", resource: "serviceaccounts" }, name).message;
  if (account.metadata.deletionTimestamp) return `ServiceAccount ${namespace}/${name} has been deleted`;
  if (account.metadata.uid === legacy.serviceAccountUid) return undefined;
  return `ServiceAccount UID (${account.metadata.uid ?? ""}) does not match claim (${legacy.serviceAccountUid})`;
}

function markedInvalid({ namespace, secretName, serviceAccountName }: LegacyClaims): string {
  return (
    `the token in secret ${namespace}/${secretName} for service account ${namespace}/${serviceAccountName} has been marked invalid. ` +
    "Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the " +
    `'${invalidSinceLabel}' label from the secret to temporarily allow use of this token`
  );
}
