import type { VerificationKey } from "./signing-keys.ts";

export const openIdConfigurationPath = "/.well-known/openid-configuration";
export const jwksPath = "/openid/v1/jwks";

/** How long clients may keep the documents. */
export const openIdMaxAgeSeconds = 3600;

/** Content types of the two documents. */
export const openIdConfigurationContentType = "application/json";
export const jwksContentType = "application/jwk-set+json";

/** The JSON documents with which others can verify the cluster's service account tokens. */
export interface OpenIdDocuments {
  readonly configuration: string;
  readonly jwks: string;
}

export interface OpenIdOptions {
  /** The first `--service-account-issuer`. */
  readonly issuer: string;
  /** `--service-account-jwks-uri`; the server's own address serves when it is empty. */
  readonly jwksUri: string;
  /** Host and port under which clients reach the server. */
  readonly externalAddress: string;
  readonly keys: readonly VerificationKey[];
}

/** Builds the documents; throws an Error when the issuer is not fit for OpenID Connect discovery. */
export function openIdDocuments(options: OpenIdOptions): OpenIdDocuments {
  checkIssuer(options.issuer);
  const jwksUri = options.jwksUri === "" ? defaultJwksUri(options.externalAddress) : checkedJwksUri(options.jwksUri);
  if (options.keys.length === 0) throw new Error("no keys provided for validating keyset");
  const configuration = {
    issuer: options.issuer,
    jwks_uri: jwksUri,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [...new Set(options.keys.map((key) => key.algorithm))].sort(),
  };
  return {
    configuration: JSON.stringify(configuration),
    jwks: JSON.stringify({ keys: options.keys.map(jsonWebKey) }),
  };
}

function checkIssuer(issuer: string): void {
  if (issuer === "") throw new Error("empty issuer URL");
  const url = parseUrl(issuer);
  if (url?.protocol !== "https:") throw new Error(`issuer URL must use https scheme, got: ${issuer}`);
  if (url.search !== "") throw new Error(`issuer URL may not include a query, got: ${issuer}`);
  if (url.hash !== "") throw new Error(`issuer URL may not include a fragment, got: ${issuer}`);
}

function checkedJwksUri(uri: string): string {
  if (parseUrl(uri)?.protocol !== "https:") throw new Error(`jwksURI requires https scheme, parsed as: ${uri}`);
  return uri;
}

function defaultJwksUri(externalAddress: string): string {
  const uri = `https://${externalAddress}${jwksPath}`;
  const url = parseUrl(uri);
  if (externalAddress === "" || url?.pathname !== jwksPath) {
    throw new Error(`attempted to build jwks_uri from external address ${externalAddress}, but could not`);
  }
  return uri;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function jsonWebKey(key: VerificationKey): Record<string, unknown> {
  const { kty, n, e, crv, x, y } = key.publicKey.export({ format: "jwk" });
  const common = { use: "sig", kty, kid: key.id };
  if (kty === "RSA") return { ...common, alg: key.algorithm, n, e };
  return { ...common, crv, alg: key.algorithm, x, y };
}
