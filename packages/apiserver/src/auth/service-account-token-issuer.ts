import type { BoundObjectReference, TokenRequest } from "@kube-ts/api/authentication/v1";
import type { ServiceAccount } from "@kube-ts/api/core/v1";
import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import { goQuote } from "@kube-ts/api/go-quote";
import { type KubeObject, nameOf, uidOf } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { nodes, pods, secrets, serviceAccounts } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { badRequest, conflict, invalid, notFound } from "@kube-ts/api/status-error";
import type { Clock } from "@kube-ts/std/clock";
import type { Random } from "@kube-ts/std/random";
import { CompactSign } from "jose";
import type { ObjectSource } from "../registry/object-source.ts";
import { serviceAccountUserName } from "./service-accounts/identity.ts";
import type { SigningKey } from "./service-accounts/signing-keys.ts";
import type { ClaimedObject } from "./service-accounts/token-claims.ts";

const defaultExpirationSeconds = 3600;
const minExpirationSeconds = 600;
const maxExpirationSeconds = 2 ** 32;

/** What kubelets ask for on behalf of pods; such tokens live on for a year so that old clients have time to reload. */
const podTokenExpirationSeconds = 3607;
const extendedExpirationSeconds = 365 * 24 * 3600;

export interface TokenIssuerOptions {
  /** The first `--service-account-issuer`. */
  readonly issuer: string;
  readonly key: SigningKey;
  readonly apiAudiences: readonly string[];
  /** `--service-account-max-token-expiration` in seconds; 0 is no limit. */
  readonly maxExpirationSeconds: number;
  /** `--service-account-extend-token-expiration`. */
  readonly extendExpiration: boolean;
}

/** What the request brings along. */
export interface TokenIssueContext {
  /** Runs admission on the request as it was made, once it has passed validation. */
  admit?(request: TokenRequest): Promise<void>;
  /** Adds a `Warning` header to the answer. */
  warn(message: string): void;
  /** Told what the token that is issued will be known by. */
  issued?(credentialId: string): void;
}

interface Binding {
  readonly pod?: ClaimedObject;
  readonly secret?: ClaimedObject;
  readonly node?: ClaimedObject;
}

/** Issues tokens for the `token` subresource of service accounts. */
export class ServiceAccountTokenIssuer {
  readonly #options: TokenIssuerOptions;
  readonly #source: ObjectSource;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(options: TokenIssuerOptions, source: ObjectSource, clock: Clock, random: Random) {
    this.#options = options;
    this.#source = source;
    this.#clock = clock;
    this.#random = random;
  }

  /** Answers the request with its status filled in; throws ApiErrors. The request given is not changed. */
  async issue(
    namespace: string,
    name: string,
    request: TokenRequest,
    context: TokenIssueContext,
    signal: AbortSignal,
  ): Promise<TokenRequest> {
    checkMetadata(request, namespace, name);
    const account = await this.#mustFind(serviceAccounts, namespace, name, signal);
    checkUid(request, account);
    checkSpec(request);
    // Admission judges the audiences that were asked for, not the default ones.
    await context.admit?.(request);
    const nowMs = this.#clock.now();
    const prepared = this.#prepare(request, namespace, name, nowMs);
    const binding = await this.#resolveBinding(namespace, name, prepared.spec.boundObjectRef, signal);
    const expirationSeconds = this.#limitedExpiration(prepared, context);
    const id = this.#random.uuid();
    const token = await this.#sign(this.#claims(id, account, prepared, binding, expirationSeconds, nowMs));
    context.issued?.(`JTI=${id}`);
    return {
      ...prepared,
      spec: { ...prepared.spec, expirationSeconds },
      status: { token, expirationTimestamp: formatTime(nowMs + expirationSeconds * 1000) },
    };
  }

  #prepare(request: TokenRequest, namespace: string, name: string, nowMs: number): TokenRequest {
    const audiences = request.spec.audiences?.length ? request.spec.audiences : [...this.#options.apiAudiences];
    const expirationSeconds = request.spec.expirationSeconds ?? defaultExpirationSeconds;
    return {
      kind: "TokenRequest",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { ...request.metadata, name, namespace, creationTimestamp: formatTime(nowMs) },
      spec: { ...request.spec, audiences, expirationSeconds },
    };
  }

  async #resolveBinding(
    namespace: string,
    name: string,
    reference: BoundObjectReference | null | undefined,
    signal: AbortSignal,
  ): Promise<Binding> {
    if (!reference) return {};
    switch (coreKind(reference)) {
      case "Pod":
        return this.#bindToPod(namespace, name, reference, signal);
      case "Secret": {
        const secret = await this.#mustFind(secrets, namespace, reference.name ?? "", signal);
        return { secret: claimed(secret, reference) };
      }
      case "Node": {
        const node = await this.#mustFind(nodes, "", reference.name ?? "", signal);
        return { node: claimed(node, reference) };
      }
      default:
        throw badRequest(`cannot bind token to object of type ${describeKind(reference)}`);
    }
  }

  async #bindToPod(
    namespace: string,
    name: string,
    reference: BoundObjectReference,
    signal: AbortSignal,
  ): Promise<Binding> {
    const pod = await this.#mustFind(pods, namespace, reference.name ?? "", signal);
    if (pod.spec.serviceAccountName !== name) {
      throw badRequest(
        `cannot bind token for serviceaccount ${goQuote(name)} to pod running with different serviceaccount name.`,
      );
    }
    const binding = { pod: claimed(pod, reference) };
    const { nodeName } = pod.spec;
    if (!nodeName) return binding;
    const node = this.#source.get(nodes, "", nodeName) ?? (await this.#source.getLatest(nodes, "", nodeName, signal));
    return { ...binding, node: { name: nodeName, uid: node?.metadata.uid ?? "" } };
  }

  #limitedExpiration(request: TokenRequest, context: TokenIssueContext): number {
    const requested = request.spec.expirationSeconds ?? defaultExpirationSeconds;
    const limit = this.#options.maxExpirationSeconds;
    if (limit <= 0 || requested <= limit) return requested;
    context.warn(`requested expiration of ${requested} seconds shortened to ${limit} seconds`);
    return limit;
  }

  #claims(
    id: string,
    account: ServiceAccount,
    request: TokenRequest,
    binding: Binding,
    expirationSeconds: number,
    nowMs: number,
  ): Record<string, unknown> {
    const nowSeconds = Math.floor(nowMs / 1000);
    const audiences = request.spec.audiences ?? [];
    const extend = this.#isExtended(audiences, binding, expirationSeconds);
    const namespace = account.metadata.namespace ?? "";
    return {
      aud: audiences,
      exp: nowSeconds + (extend ? extendedExpirationSeconds : expirationSeconds),
      iat: nowSeconds,
      iss: this.#options.issuer,
      jti: id,
      "kubernetes.io": {
        namespace,
        ...(binding.node && { node: withoutEmpty(binding.node) }),
        ...(binding.pod && { pod: withoutEmpty(binding.pod) }),
        ...(binding.secret && { secret: withoutEmpty(binding.secret) }),
        serviceaccount: { name: nameOf(account), uid: uidOf(account) },
        ...(extend && { warnafter: nowSeconds + expirationSeconds }),
      },
      nbf: nowSeconds,
      sub: serviceAccountUserName(namespace, nameOf(account)),
    };
  }

  #isExtended(audiences: readonly string[], binding: Binding, expirationSeconds: number): boolean {
    const { extendExpiration, apiAudiences } = this.#options;
    const forApiServer = audiences.every((audience) => apiAudiences.includes(audience));
    return (
      extendExpiration && binding.pod !== undefined && expirationSeconds === podTokenExpirationSeconds && forApiServer
    );
  }

  #sign(claims: Record<string, unknown>): Promise<string> {
    const { key } = this.#options;
    return new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ alg: key.algorithm, kid: key.id })
      .sign(key.privateKey);
  }

  async #mustFind<T extends KubeObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<T> {
    const object = await this.#source.getLatest(type, namespace, name, signal);
    if (!object) throw notFound({ group: type.group, resource: type.plural }, name);
    return object;
  }
}

const requestKind = { group: "authentication.k8s.io", kind: "TokenRequest" };

function checkMetadata(request: TokenRequest, namespace: string, name: string): void {
  const given = request.metadata;
  if (given?.name && given.name !== name) {
    const problem = "must match the service account name if specified";
    throw invalid(requestKind, name, [invalidField("metadata.name", given.name, problem)]);
  }
  if (given?.namespace && given.namespace !== namespace) {
    const problem = "must match the service account namespace if specified";
    throw invalid(requestKind, name, [invalidField("metadata.namespace", given.namespace, problem)]);
  }
}

/** The account may be another one than the client knows, under the same name. */
function checkUid({ metadata }: TokenRequest, account: ServiceAccount): void {
  const given = metadata?.uid ?? "";
  if (given === "" || given === uidOf(account)) return;
  const problem = `the UID in the token request (${given}) does not match the UID of the service account (${uidOf(account)})`;
  throw conflict({ group: requestKind.group, resource: requestKind.kind }, nameOf(account), problem);
}

function checkSpec(request: TokenRequest): void {
  const seconds = request.spec.expirationSeconds ?? defaultExpirationSeconds;
  const errors: FieldError[] = [];
  const path = "spec.expirationSeconds";
  if (seconds < minExpirationSeconds) {
    errors.push(invalidField(path, seconds, "may not specify a duration less than 10 minutes"));
  }
  if (seconds > maxExpirationSeconds) {
    errors.push(invalidField(path, seconds, "may not specify a duration larger than 2^32 seconds"));
  }
  if (errors.length > 0) throw invalid(requestKind, "", errors);
}

/** The kind of a reference into the core group; undefined for other groups. */
function coreKind(reference: BoundObjectReference): string | undefined {
  return reference.apiVersion?.includes("/") ? undefined : reference.kind;
}

function describeKind(reference: BoundObjectReference): string {
  const [version = "", group = ""] = (reference.apiVersion ?? "").split("/").reverse();
  return `${group}/${version}, Kind=${reference.kind ?? ""}`;
}

function claimed(object: KubeObject, reference: BoundObjectReference): ClaimedObject {
  const uid = uidOf(object);
  if (reference.uid && reference.uid !== uid) {
    throw conflict(
      { group: "", resource: reference.kind ?? "" },
      nameOf(object),
      `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { name: nameOf(object), uid };
}

function withoutEmpty(object: ClaimedObject): Record<string, string> {
  return object.uid === "" ? { name: object.name } : { name: object.name, uid: object.uid };
}
