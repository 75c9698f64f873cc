import "reflect-metadata";
import assert from "node:assert/strict";
import { X509Certificate, createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Name,
  X509Certificate as ParsedCertificate,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { Authority } from "./authority.ts";
import type { CertificateRequest } from "./authority.ts";
import { pairFault } from "./certificate-files.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-pki-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const request: CertificateRequest = {
  commonName: "kube-apiserver",
  organizations: ["a", "b"],
  hosts: ["api.example.net", "192.0.2.1", "2001:db8::1"],
  usages: ["server"],
};
const now = () => Date.now();

test("what an authority signs is what was asked for, until it ends", async () => {
  const authority = await Authority.open(directory, "ca", "kubernetes");
  const pair = await authority.sign(request);
  const ca = readFileSync(authority.certFile, "utf8");
  assert.equal(pairFault(pair, ca, request, now()), undefined);
  assert.equal(pairFault(pair, ca, request, now() + 366 * 24 * 3_600_000), "it has expired");
  const more = { ...request, hosts: [...(request.hosts ?? []), "192.0.2.2", "other.example.net"] };
  assert.equal(pairFault(pair, ca, more, now()), "it is not for 192.0.2.2, other.example.net");
  assert.equal(pairFault(pair, ca, { ...request, organizations: ["a"] }, now()), "it is for somebody else");
  const other = await authority.sign(request);
  assert.equal(pairFault({ ...pair, key: other.key }, ca, request, now()), "the key is another one's");
  const stranger = await Authority.open(directory, "stranger", "kubernetes");
  assert.equal(
    pairFault(pair, readFileSync(stranger.certFile, "utf8"), request, now()),
    "another authority has signed it",
  );
});

test("files are made once, and keys are for their owner", async () => {
  const authority = await Authority.open(directory, "ca", "kubernetes");
  const files = await authority.issue("server", request);
  const before = readFileSync(files.cert, "utf8");
  assert.equal(statSync(files.key).mode & 0o777, 0o600);
  assert.equal(statSync(authority.keyFile).mode & 0o777, 0o600);
  await (await Authority.open(directory, "ca", "kubernetes")).issue("server", request);
  assert.equal(readFileSync(files.cert, "utf8"), before);
});

test("an authority without its key, or with another's, is refused and left alone", async () => {
  const authority = await Authority.open(directory, "ca", "kubernetes");
  const other = await Authority.open(directory, "other", "kubernetes");
  const certificate = readFileSync(authority.certFile, "utf8");
  writeFileSync(authority.keyFile, readFileSync(other.keyFile));
  await assert.rejects(Authority.open(directory, "ca", "kubernetes"), /ca.key is not the key of .*ca.crt/);
  rmSync(authority.keyFile);
  await assert.rejects(Authority.open(directory, "ca", "kubernetes"), /ca.crt has no key/);
  assert.equal(readFileSync(authority.certFile, "utf8"), certificate);
});

/** Authorities as other tools make them: with keys of other kinds, in other formats. */
const foreign = {
  "RSA in PKCS#1": () =>
    generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }),
  "P-384 in SEC1": () =>
    generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ type: "sec1", format: "pem" }),
};

for (const [name, makeKey] of Object.entries(foreign)) {
  test(`an authority of somebody's own: ${name}`, async () => {
    const place = join(directory, "own");
    mkdirSync(place);
    const key = makeKey().toString();
    writeFileSync(join(place, "ca.key"), key, { mode: 0o600 });
    // The certificate is made by our own authority over the foreign public key.
    const made = await selfSigned(key);
    writeFileSync(join(place, "ca.crt"), made);
    const authority = await Authority.open(place, "ca", "unused");
    const pair = await authority.sign(request);
    assert.equal(pairFault(pair, made, request, now()), undefined);
    const [ca, issued] = [new ParsedCertificate(made), new ParsedCertificate(pair.cert)];
    // Programs in Go find an authority by the bytes of its name, whatever kind of text that is.
    assert.deepEqual(Buffer.from(issued.issuerName.toArrayBuffer()), Buffer.from(ca.subjectName.toArrayBuffer()));
    assert.equal(issued.getExtension(AuthorityKeyIdentifierExtension)?.keyId, "0102");
  });
}

async function selfSigned(privatePem: string): Promise<string> {
  const rsa = createPrivateKey(privatePem).asymmetricKeyType === "rsa";
  const algorithm = rsa
    ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
    : { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
  const pkcs8 = createPrivateKey(privatePem).export({ type: "pkcs8", format: "der" });
  const spki = createPublicKey(privatePem).export({ type: "spki", format: "der" });
  const privateKey = await webcrypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), algorithm, true, ["sign"]);
  const publicKey = await webcrypto.subtle.importKey("spki", new Uint8Array(spki), algorithm, true, ["verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: new Name([{ CN: [{ utf8String: "somebody's authority" }] }]),
      serialNumber: "01",
      notBefore: new Date(Date.now() - 1_000),
      notAfter: new Date(Date.now() + 3_600_000),
      keys: { privateKey, publicKey },
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(true, undefined, true), new SubjectKeyIdentifierExtension("0102")],
    },
    webcrypto,
  );
  const pem = certificate.toString("pem");
  assert.ok(new X509Certificate(pem).ca);
  return pem;
}
