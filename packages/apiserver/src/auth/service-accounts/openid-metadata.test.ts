import assert from "node:assert/strict";
import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { openIdDocuments } from "./openid-metadata.ts";
import { parseVerificationKeys } from "./signing-keys.ts";

function key(pair: { readonly publicKey: KeyObject }) {
  return parseVerificationKeys(pair.publicKey.export({ type: "spki", format: "pem" }).toString(), "k");
}

const keys = [
  ...key(generateKeyPairSync("rsa", { modulusLength: 2048 })),
  ...key(generateKeyPairSync("ec", { namedCurve: "P-384" })),
];
const options = { issuer: "https://issuer.example", jwksUri: "", externalAddress: "10.0.0.1:6443", keys };

test("the discovery document names issuer, keys and algorithms", () => {
  const { configuration, jwks } = openIdDocuments(options);
  assert.deepEqual(JSON.parse(configuration), {
    issuer: "https://issuer.example",
    jwks_uri: "https://10.0.0.1:6443/openid/v1/jwks",
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES384", "RS256"],
  });
  const set = JSON.parse(jwks) as { keys: Record<string, string>[] };
  assert.deepEqual(
    set.keys.map((jwk) => [jwk["kty"], jwk["alg"], jwk["kid"], jwk["use"]]),
    [
      ["RSA", "RS256", keys[0]?.id, "sig"],
      ["EC", "ES384", keys[1]?.id, "sig"],
    ],
  );
  assert.ok(!jwks.includes('"d"'));
});

test("issuers and key URIs that OpenID Connect does not allow are refused", () => {
  for (const issuer of ["", "http://x", "x", "https://x?q=1", "https://x#f"]) {
    assert.throws(() => openIdDocuments({ ...options, issuer }), /issuer/, issuer);
  }
  assert.throws(() => openIdDocuments({ ...options, jwksUri: "http://x" }), /jwksURI requires https scheme/);
  assert.throws(() => openIdDocuments({ ...options, externalAddress: "" }), /external address/);
});
