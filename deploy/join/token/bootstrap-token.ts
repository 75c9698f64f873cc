import { randomInt } from "node:crypto";
import type { Secret } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { nameOf } from "@kube-ts/api/object";
import { formatTime, parseTime } from "@kube-ts/api/rfc3339";

export const bootstrapTokenNamespace = "kube-system";
export const bootstrapTokenType = "bootstrap.kubernetes.io/token";
/** Whom machines that join belong to. The bootstrap roles are bound to it. */
export const defaultBootstrapGroup = "system:bootstrappers:kubeadm:default-node-token";
export const tokenUsages = ["signing", "authentication"] as const;
export type TokenUsage = (typeof tokenUsages)[number];

const secretPrefix = "bootstrap-token-";
const tokenPattern = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const idPattern = /^[a-z0-9]{6}$/;
const groupPattern = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;
const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

/** The two halves of `abcdef.0123456789abcdef`: the id is public, the secret is not. */
export interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
}

/** A token with what it is good for. */
export interface TokenRecord {
  readonly token: BootstrapToken;
  readonly description: string;
  /** Undefined for a token that never expires. */
  readonly expiresMs: number | undefined;
  readonly usages: readonly TokenUsage[];
  readonly groups: readonly string[];
}

/** Throws for a text that is no token. */
export function parseToken(text: string): BootstrapToken {
  const [, id, secret] = tokenPattern.exec(text) ?? [];
  if (id !== undefined && secret !== undefined) return { id, secret };
  throw new Error(
    `the bootstrap token ${goQuote(text)} was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
  );
}

export function formatToken({ id, secret }: BootstrapToken): string {
  return `${id}.${secret}`;
}

/** The id of a token or of an id alone, as `token delete` takes them. Throws for anything else. */
export function tokenIdOf(text: string): string {
  if (idPattern.test(text)) return text;
  const [, id] = tokenPattern.exec(text) ?? [];
  if (id !== undefined) return id;
  throw new Error(
    `given token didn't match pattern "\\\\A([a-z0-9]{6})\\\\z" or "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
  );
}

export function newToken(): BootstrapToken {
  const characters = (length: number) =>
    Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
  return { id: characters(6), secret: characters(16) };
}

/** Throws for usages and groups that a token may not give. */
export function checkTokenRights(usages: readonly string[], groups: readonly string[]): readonly TokenUsage[] {
  for (const group of groups) {
    if (!groupPattern.test(group)) {
      throw new Error(
        `bootstrap group ${goQuote(group)} is invalid (must match \\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z)`,
      );
    }
  }
  const unknown = usages.filter((usage) => !isUsage(usage)).toSorted();
  if (unknown.length > 0) {
    const valid = tokenUsages.toSorted().join(",");
    throw new Error(`invalid bootstrap token usage string: ${unknown.join(",")}, valid usage options: ${valid}`);
  }
  return tokenUsages.filter((usage) => usages.includes(usage));
}

function isUsage(text: string): text is TokenUsage {
  return (tokenUsages as readonly string[]).includes(text);
}

export function tokenSecretName(id: string): string {
  return `${secretPrefix}${id}`;
}

/** The secret by which the API server knows the token and the controllers sign with it. */
export function secretOfToken({ token, description, expiresMs, usages, groups }: TokenRecord): Secret {
  const fields: Record<string, string> = { "token-id": token.id, "token-secret": token.secret };
  if (description !== "") fields["description"] = description;
  if (expiresMs !== undefined) fields["expiration"] = formatTime(expiresMs);
  for (const usage of usages) fields[`usage-bootstrap-${usage}`] = "true";
  if (groups.length > 0) fields["auth-extra-groups"] = groups.join(",");
  const encoded = Object.entries(fields).map(([key, value]) => [key, Buffer.from(value).toString("base64")] as const);
  return {
    metadata: { namespace: bootstrapTokenNamespace, name: tokenSecretName(token.id) },
    type: bootstrapTokenType,
    data: Object.fromEntries(encoded),
  };
}

/** What a secret of this type says; throws with its name when it holds no token. */
export function tokenOfSecret(secret: Secret): TokenRecord {
  const name = nameOf(secret);
  const field = (key: string) => Buffer.from(secret.data?.[key] ?? "", "base64").toString("utf8");
  const id = field("token-id");
  if (id === "") throw new Error(`bootstrap Token Secret has no token-id data: ${name}`);
  if (name !== tokenSecretName(id)) {
    throw new Error(
      `bootstrap token name is not of the form '${secretPrefix}(token-id)'. Actual: ${goQuote(name)}. Expected: ${goQuote(tokenSecretName(id))}`,
    );
  }
  const tokenSecret = field("token-secret");
  if (tokenSecret === "") throw new Error(`bootstrap Token Secret has no token-secret data: ${name}`);
  const expiration = field("expiration");
  const expiresMs = expiration === "" ? undefined : parseTime(expiration);
  if (expiration !== "" && expiresMs === undefined) {
    throw new Error(`can't parse expiration time of bootstrap token ${goQuote(name)}: ${goQuote(expiration)}`);
  }
  return {
    token: parseToken(`${id}.${tokenSecret}`),
    description: field("description"),
    expiresMs,
    usages: tokenUsages.filter((usage) => field(`usage-bootstrap-${usage}`) === "true"),
    groups: field("auth-extra-groups")
      .split(",")
      .filter((group) => group !== ""),
  };
}
