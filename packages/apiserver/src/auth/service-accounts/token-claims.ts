/** A reference to an object by name and uid, as tokens hold it. */
export interface ClaimedObject {
  readonly name: string;
  readonly uid: string;
}

/** What a token says, whoever signed it. Times are seconds since the epoch. */
export interface TokenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly id: string;
  readonly expiresSeconds: number | undefined;
  readonly notBeforeSeconds: number | undefined;
  readonly issuedAtSeconds: number | undefined;
  readonly bound: BoundClaims | undefined;
  readonly legacy: LegacyClaims | undefined;
}

/** The `kubernetes.io` claim of tokens from the TokenRequest API. */
export interface BoundClaims {
  readonly namespace: string;
  readonly serviceAccount: ClaimedObject;
  readonly pod: ClaimedObject | undefined;
  readonly secret: ClaimedObject | undefined;
  readonly node: ClaimedObject | undefined;
  readonly warnAfterSeconds: number | undefined;
}

/** The claims of tokens that live in secrets of type `kubernetes.io/service-account-token`. */
export interface LegacyClaims {
  readonly namespace: string;
  readonly secretName: string;
  readonly serviceAccountName: string;
  readonly serviceAccountUid: string;
}

export const legacyIssuer = "kubernetes/serviceaccount";

const legacyPrefix = "kubernetes.io/serviceaccount/";

/** Reads the payload of a token; undefined when it is not a JSON object or a claim has the wrong type. */
export function parseTokenClaims(payload: string): TokenClaims | undefined {
  try {
    const claims = new ClaimReader(JSON.parse(payload));
    return {
      issuer: claims.text("iss"),
      subject: claims.text("sub"),
      audiences: claims.textList("aud"),
      id: claims.text("jti"),
      expiresSeconds: claims.number("exp"),
      notBeforeSeconds: claims.number("nbf"),
      issuedAtSeconds: claims.number("iat"),
      bound: boundClaims(claims.object("kubernetes.io")),
      legacy: claims.has(`${legacyPrefix}namespace`) ? legacyClaims(claims) : undefined,
    };
  } catch (error) {
    if (error instanceof ClaimError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function boundClaims(claims: ClaimReader | undefined): BoundClaims | undefined {
  if (!claims) return undefined;
  return {
    namespace: claims.text("namespace"),
    serviceAccount: claimedObject(claims.object("serviceaccount")) ?? { name: "", uid: "" },
    pod: claimedObject(claims.object("pod")),
    secret: claimedObject(claims.object("secret")),
    node: claimedObject(claims.object("node")),
    warnAfterSeconds: claims.number("warnafter"),
  };
}

function claimedObject(claims: ClaimReader | undefined): ClaimedObject | undefined {
  return claims && { name: claims.text("name"), uid: claims.text("uid") };
}

function legacyClaims(claims: ClaimReader): LegacyClaims {
  return {
    namespace: claims.text(`${legacyPrefix}namespace`),
    secretName: claims.text(`${legacyPrefix}secret.name`),
    serviceAccountName: claims.text(`${legacyPrefix}service-account.name`),
    serviceAccountUid: claims.text(`${legacyPrefix}service-account.uid`),
  };
}

class ClaimError extends Error {}

/** Reads fields of a JSON object; absent and null fields are empty, fields of another type are ClaimErrors. */
class ClaimReader {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ClaimError();
    this.#fields = value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return this.#field(name) !== undefined;
  }

  text(name: string): string {
    const value = this.#field(name) ?? "";
    if (typeof value !== "string") throw new ClaimError(name);
    return value;
  }

  /** A list of texts, or a single text for a list of one. */
  textList(name: string): readonly string[] {
    const value = this.#field(name) ?? [];
    if (typeof value === "string") return [value];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) throw new ClaimError(name);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.#field(name);
    if (value !== undefined && (typeof value !== "number" || !Number.isFinite(value))) throw new ClaimError(name);
    return value;
  }

  object(name: string): ClaimReader | undefined {
    const value = this.#field(name);
    return value === undefined ? undefined : new ClaimReader(value);
  }

  #field(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? undefined) : undefined;
  }
}
