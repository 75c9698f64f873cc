import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { silentLogger } from "@kube-ts/std/log";
import { CertificateRequestError, parseCertificateRequest } from "./certificate-request.ts";
import { issueCertificate } from "./issue-certificate.ts";
import { certificateUsages } from "./key-usages.ts";
import { ReloadedAuthority } from "./signing-authority.ts";
import { type RequestContent, authorityFiles, certificateRequest } from "./testing/certificate-requests.ts";

const endMs = Date.parse("2051-01-01T00:00:00Z");
const validity = { notBeforeMs: Date.parse("2026-01-01T00:00:00Z"), notAfterMs: endMs };

function directoryFor(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-signing-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function issue(authority: ReloadedAuthority, content: RequestContent): Promise<X509Certificate> {
  const { request } = await certificateRequest(content);
  const parsed = parseCertificateRequest(request);
  assert.equal(await parsed.isProven(), true);
  const usages = certificateUsages(["client auth", "digital signature", "server auth", "key encipherment"]);
  const pem = await issueCertificate(await authority.current(), { ...parsed, usages, validity });
  return new X509Certificate(pem);
}

for (const keyFormat of ["pkcs8", "sec1", "pkcs1"] as const) {
  for (const key of ["P256", "RSA", "Ed25519"] as const) {
    test(`an authority with a ${keyFormat} key signs a certificate for an ${key} key`, async (t) => {
      const files = await authorityFiles(directoryFor(t), "ca", endMs, keyFormat);
      const authority = new ReloadedAuthority(files, silentLogger);
      const issuer = (await authority.current()).certificate;
      const issued = await issue(authority, { subject: [{ O: ["system:nodes"] }, { CN: ["system:node:a"] }], key });
      assert.ok(issued.verify(issuer.publicKey));
      assert.ok(issued.checkIssued(issuer), "the identifiers of issuer and key fit");
      assert.equal(issued.ca, false);
      assert.deepEqual(issued.keyUsage, ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
      assert.equal(issued.validFromDate.getTime(), validity.notBeforeMs);
      assert.equal(issued.validToDate.getTime(), endMs);
    });
  }
}

test("names are taken over, and nothing but names", async (t) => {
  const files = await authorityFiles(directoryFor(t), "ca", endMs);
  const issued = await issue(new ReloadedAuthority(files, silentLogger), {
    subject: [
      { CN: ["first"] },
      { O: ["b"] },
      { O: [{ utf8String: "#0c0161" }] },
      { "2.5.4.5": ["42"] },
      { "1.2.3.4": [{ utf8String: "dropped" }] },
      { OU: ["ünit"] },
      { CN: ["last, the"] },
    ],
    alternatives: [
      { type: "ip", value: "10.0.0.1" },
      { type: "dns", value: "a.example" },
      { type: "ip", value: "fd00::1" },
      { type: "email", value: "a@b.example" },
      { type: "url", value: "spiffe://a/b" },
    ],
  });
  assert.equal(issued.subject, "O=b + O=\\#0c0161\nOU=ünit\nCN=last\\, the\nserialNumber=42");
  assert.equal(
    issued.subjectAltName,
    "DNS:a.example, email:a@b.example, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1, URI:spiffe://a/b",
  );
});

test("an authority that is replaced signs from then on; one in the middle of it does not yet", async (t) => {
  const directory = directoryFor(t);
  const files = await authorityFiles(directory, "one", endMs);
  const next = await authorityFiles(directory, "two", endMs, "sec1");
  const authority = new ReloadedAuthority(files, silentLogger);
  const subject = async () => (await authority.current()).certificate.subject;
  assert.equal(await subject(), "CN=one");
  copyFileSync(next.certFile, files.certFile);
  assert.equal(await subject(), "CN=one", "the key is still the old one");
  copyFileSync(next.keyFile, files.keyFile);
  assert.equal(await subject(), "CN=two");
  writeFileSync(files.certFile, "");
  assert.equal(await subject(), "CN=two");
});

test("an authority that never was one is an error that names the file", async (t) => {
  const directory = directoryFor(t);
  const files = await authorityFiles(directory, "ca", endMs);
  const other = await authorityFiles(directory, "other", endMs);
  const problem = (certFile: string, keyFile: string) =>
    new ReloadedAuthority({ certFile, keyFile }, silentLogger).current().then(
      () => "none",
      (error: unknown) => (error as Error).message,
    );
  assert.match(await problem(join(directory, "none"), files.keyFile), /^error reading CA cert file ".*none": .*ENOENT/);
  assert.match(await problem(files.certFile, other.keyFile), /private key does not match public key$/);
  assert.match(await problem(files.keyFile, files.keyFile), /expected 1 certificate, found 0$/);
});

test("only what the API server takes for the request is read", async () => {
  const { request } = await certificateRequest({ subject: [{ CN: ["other"] }] });
  const { request: own } = await certificateRequest({ subject: [{ CN: ["own"] }] });
  const pem = (base64: string) => Buffer.from(base64, "base64").toString("latin1");
  const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64");
  const smuggled = pem(request).replace("BEGIN CERTIFICATE REQUEST-----\n", "BEGIN CERTIFICATE REQUEST-----\n!");
  assert.equal(parseCertificateRequest(base64(smuggled + pem(own))).names.subject.commonName, "own");
  const refused = (text: string, message: RegExp) =>
    assert.throws(
      () => parseCertificateRequest(base64(text)),
      (error) => error instanceof CertificateRequestError && message.test(error.message),
    );
  refused("", /PEM block type must be CERTIFICATE REQUEST/);
  refused(pem(own).replaceAll("CERTIFICATE REQUEST", "CERTIFICATE"), /PEM block type must be CERTIFICATE REQUEST/);
  refused("-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n", /malformed/);
});

test("usages become bits and identifiers, each once and in a fixed order", () => {
  const all = certificateUsages(["s/mime", "any", "signing", "digital signature", "email protection", "decipher only"]);
  assert.deepEqual(all, { bits: 257, extended: ["2.5.29.37.0", "1.3.6.1.5.5.7.3.4"] });
  assert.throws(() => certificateUsages(["client auth", "x" as never]), /^Error: unrecognized usage values: \["x"\]$/);
});
