import type { RequestHeaderConfig } from "../../bootstrap/authentication-config-map.ts";
import type { AuthenticationOutcome, Authenticator, Credentials } from "../authenticator.ts";
import { withAuthenticatedGroup } from "../user.ts";
import { TrustedBy } from "../x509/trusted-chain.ts";

/** Users that a front proxy names in headers, when its certificate is one of `--requestheader-client-ca-file`. */
export class FrontProxyAuthenticator implements Authenticator {
  readonly #config: RequestHeaderConfig;
  readonly #trust: TrustedBy;

  constructor(config: RequestHeaderConfig, trust: TrustedBy = new TrustedBy(config.caPem)) {
    this.#config = config;
    this.#trust = trust;
  }

  authenticate({ certificate, chain, headers }: Credentials): AuthenticationOutcome {
    if (!certificate || !headers || !this.#trust.trusts(certificate, chain)) return { kind: "unknown" };
    const { allowedNames, usernameHeaders, uidHeaders, groupHeaders, extraHeaderPrefixes } = this.#config;
    const commonName = [certificate.subject.CN].flat().at(-1) ?? "";
    if (allowedNames.length > 0 && !allowedNames.includes(commonName)) {
      return { kind: "refused", reason: `x509: subject with cn=${commonName} is not in the allowed list` };
    }
    const values = headers();
    const first = (names: readonly string[]) =>
      names.map((name) => values[name.toLowerCase()]?.[0]?.trim() ?? "").find((value) => value !== "") ?? "";
    const name = first(usernameHeaders);
    if (name === "") return { kind: "unknown" };
    const groups = groupHeaders.flatMap((header) => values[header.toLowerCase()] ?? []).filter((group) => group !== "");
    const extra = extraOf(values, extraHeaderPrefixes);
    const user = { name: utf8(name), uid: utf8(first(uidHeaders)), groups: groups.map(utf8), extra };
    return { kind: "user", user: withAuthenticatedGroup(user) };
  }
}

function extraOf(
  values: NodeJS.Dict<readonly string[]>,
  prefixes: readonly string[],
): Record<string, readonly string[]> {
  const extra = Object.create(null) as Record<string, readonly string[]>;
  for (const prefix of prefixes) {
    for (const [name, list] of Object.entries(values)) {
      if (!name.startsWith(prefix.toLowerCase()) || !list) continue;
      const key = decodeKey(name.slice(prefix.length));
      extra[key] = [...(extra[key] ?? []), ...list.map(utf8)];
    }
  }
  return extra;
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Node reads headers as latin1. */
function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString();
}

/** Tells which headers, by their lower-case names, a front proxy would name a user with. */
export function isIdentityHeader(config: RequestHeaderConfig | undefined): (name: string) => boolean {
  if (!config) return () => false;
  const { usernameHeaders, uidHeaders, groupHeaders, extraHeaderPrefixes } = config;
  const names = new Set([...usernameHeaders, ...uidHeaders, ...groupHeaders].map((name) => name.toLowerCase()));
  const prefixes = extraHeaderPrefixes.map((prefix) => prefix.toLowerCase());
  return (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
