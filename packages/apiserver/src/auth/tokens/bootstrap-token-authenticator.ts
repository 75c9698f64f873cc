import type { Secret } from "@kube-ts/api/core/v1";
import { secrets } from "@kube-ts/api/resource-types";
import { parseTime } from "@kube-ts/api/rfc3339";
import type { Clock } from "@kube-ts/std/clock";
import type { ObjectSource } from "../../registry/object-source.ts";
import { type UserInfo, withAuthenticatedGroup } from "../user.ts";
import { secretsEqual } from "./secret-comparison.ts";
import type { AudienceAgnosticTokens } from "./token-authenticator.ts";

const tokenPattern = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const defaultGroup = "system:bootstrappers";
const extraGroupPattern = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/** Tokens with which new nodes ask for their first certificate: secrets `bootstrap-token-<id>` in kube-system. */
export class BootstrapTokens implements AudienceAgnosticTokens {
  readonly #source: ObjectSource;
  readonly #clock: Clock;

  constructor(source: ObjectSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  userOf(token: string): UserInfo | undefined {
    const [, id, tokenSecret] = tokenPattern.exec(token) ?? [];
    if (id === undefined || tokenSecret === undefined) return undefined;
    const secret = this.#source.get(secrets, "kube-system", `bootstrap-token-${id}`);
    if (!secret || !isValid(secret, id, tokenSecret, this.#clock.now())) return undefined;
    const groups = groupsOf(secret);
    if (!groups) return undefined;
    return withAuthenticatedGroup({ name: `system:bootstrap:${id}`, uid: "", groups, extra: {} });
  }
}

function isValid(secret: Secret, id: string, tokenSecret: string, nowMs: number): boolean {
  return (
    secret.metadata.deletionTimestamp === undefined &&
    secret.type === "bootstrap.kubernetes.io/token" &&
    secretsEqual(field(secret, "token-secret"), tokenSecret) &&
    field(secret, "token-id") === id &&
    !isExpired(field(secret, "expiration"), nowMs) &&
    field(secret, "usage-bootstrap-authentication") === "true"
  );
}

/** An expiration that cannot be read counts as passed. */
function isExpired(expiration: string, nowMs: number): boolean {
  if (expiration === "") return false;
  const expiresMs = parseTime(expiration);
  return expiresMs === undefined || nowMs >= expiresMs;
}

/** Undefined when the secret lists a group that bootstrap tokens may not give. */
function groupsOf(secret: Secret): readonly string[] | undefined {
  const listed = field(secret, "auth-extra-groups");
  if (listed === "") return [defaultGroup];
  const groups = listed.split(",");
  if (!groups.every((group) => extraGroupPattern.test(group))) return undefined;
  return [...new Set([defaultGroup, ...groups])].sort();
}

function field(secret: Secret, key: string): string {
  return Buffer.from(secret.data?.[key] ?? "", "base64").toString("utf8");
}
