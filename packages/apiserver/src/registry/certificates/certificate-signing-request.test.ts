import "reflect-metadata";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { before, describe, it } from "node:test";
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "@kube-ts/api/certificates/v1";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { selfSignedTls } from "@kube-ts/std/self-signed";
import { type Draft, RuleBench, nowMs } from "../meta/testing/rule-bench.ts";
import { checkRequestSignature, parseCertificateRequest } from "./certificate-request.ts";
import { certificateSigningRequestResource } from "./certificate-signing-request.ts";

const bench = new RuleBench<CertificateSigningRequest>(certificateSigningRequestResource);
const metadata = { name: "a", creationTimestamp: "2026-01-31T11:59:00Z" };
const nowText = "2026-01-31T12:00:00Z";

type KeyAlgorithm = Parameters<typeof webcrypto.subtle.generateKey>[0] & { name: string };

async function pemOf(algorithm: KeyAlgorithm): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const parts = { name: "CN=alice,O=team", keys, signingAlgorithm: algorithm };
  const request = await Pkcs10CertificateRequestGenerator.create(parts, webcrypto);
  return request.toString("pem");
}

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};

let request = "";
let certificate = "";
let forged = "";

const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64");
const spec = (more: Draft = {}) => ({ request, signerName: "example.com/signer", usages: ["client auth"], ...more });

before(async () => {
  const pem = await pemOf(ecdsa);
  request = base64(pem);
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  const last = der.length - 1;
  der[last] = (der[last] ?? 0) ^ 1;
  forged = base64(
    `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`,
  );
  certificate = base64(`${(await selfSignedTls(["a"], nowMs)).cert}\n`);
});

describe("the signature of a request", () => {
  for (const algorithm of [ecdsa, { ...ecdsa, namedCurve: "P-384", hash: "SHA-384" }, rsa, { name: "Ed25519" }]) {
    it(`is checked with ${algorithm.name}`, async () => {
      const parsed = parseCertificateRequest(await pemOf(algorithm));
      checkRequestSignature(parsed);
      assert.deepEqual(parsed.subjectName.getField("O"), ["team"]);
    });
  }
});

describe("a certificate signing request", () => {
  it("says who made it, and nothing else about them", () => {
    const draft = spec({ username: "root", uid: "0", groups: ["system:masters"], extra: { a: ["b"] } });
    assert.deepEqual(bench.prepared({ metadata, spec: draft, status: { certificate, conditions: [] } }), {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { ...metadata, creationTimestamp: "2026-01-31T11:00:00Z", uid: "5f1a52a8-7c4e-4c39-8f0a-1a2b3c4d5e6f" },
      spec: { ...spec(), username: "alice", uid: "u-1", groups: ["system:authenticated"] },
      status: {},
    });
  });

  function create(what: string, more: () => Draft, errors: () => readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: spec(more()) }), errors()));
  }

  const usages =
    '"any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only", "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping"';
  create(
    "may be plain",
    () => ({}),
    () => [],
  );
  create(
    "has a request",
    () => ({ request: "" }),
    () => ['spec.request: Invalid value: "": PEM block type must be CERTIFICATE REQUEST'],
  );
  create(
    "is no certificate",
    () => ({ request: certificate }),
    () => [`spec.request: Invalid value: "${certificate}": PEM block type must be CERTIFICATE REQUEST`],
  );
  create(
    "is signed",
    () => ({ request: forged }),
    () => [`spec.request: Invalid value: "${forged}": x509: ECDSA verification failure`],
  );
  create(
    "has usages",
    () => ({ usages: [] }),
    () => ["spec.usages: Required value"],
  );
  create(
    "has known usages, each once",
    () => ({ usages: ["any", "none", "any"] }),
    () => [
      `spec.usages[1]: Unsupported value: "none": supported values: ${usages}`,
      'spec.usages[2]: Duplicate value: "any"',
    ],
  );
  create(
    "names its signer",
    () => ({ signerName: "" }),
    () => ["spec.signerName: Required value"],
  );
  create(
    "names its signer with a path",
    () => ({ signerName: "example.com" }),
    () => [
      `spec.signerName: Invalid value: "example.com": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ],
  );
  create(
    "names its signer with a domain",
    () => ({ signerName: "example/signer" }),
    () => [
      'spec.signerName: Invalid value: "example": should be a domain with at least two segments separated by dots',
    ],
  );
  create(
    "names its signer in lower case",
    () => ({ signerName: "example.com/A" }),
    () => [
      `spec.signerName: Invalid value: "A": validating label "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
  );
  create(
    "is not for the signer of old times",
    () => ({ signerName: "kubernetes.io/legacy-unknown" }),
    () => [
      'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
    ],
  );
  create(
    "is for ten minutes at least",
    () => ({ expirationSeconds: 599 }),
    () => ["spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)"],
  );

  it("does not change", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    const next = bench.updated(old, (copy) => {
      copy.spec.usages = ["any"];
      copy.status = { certificate };
      copy.metadata.labels = { a: "b" };
    });
    assert.deepEqual(next, { ...old, metadata: { ...old.metadata, labels: { a: "b" } } });
  });

  it("is selected by its signer", () => {
    const read = certificateSigningRequestResource.selectableFields?.["spec.signerName"];
    assert.equal(read?.(bench.decode({ metadata, spec: spec() })), "example.com/signer");
  });
});

const approved: CertificateSigningRequestCondition = { type: "Approved", status: "True" };
const denied: CertificateSigningRequestCondition = { type: "Denied", status: "True" };
const setConditions =
  (...conditions: CertificateSigningRequestCondition[]) =>
  (copy: CertificateSigningRequest) => {
    copy.status = { ...copy.status, conditions: structuredClone(conditions) };
  };

describe("the approval of a certificate signing request", () => {
  it("gets times", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    const first = bench.updated(old, setConditions(approved), "approval");
    assert.deepEqual(first.status?.conditions, [{ ...approved, lastUpdateTime: nowText, lastTransitionTime: nowText }]);
    const earlier = {
      ...approved,
      lastUpdateTime: metadata.creationTimestamp,
      lastTransitionTime: metadata.creationTimestamp,
    };
    const before = bench.updated(old, setConditions(earlier), "approval");
    assert.deepEqual(bench.updated(before, setConditions(approved), "approval").status?.conditions, [
      { ...approved, lastUpdateTime: nowText, lastTransitionTime: metadata.creationTimestamp },
    ]);
  });

  it("sets nothing but conditions", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    const next = bench.updated(
      old,
      (copy) => {
        copy.spec.usages = ["any"];
        copy.status = { certificate, conditions: [structuredClone(approved)] };
      },
      "approval",
    );
    assert.deepEqual(next.spec, old.spec);
    assert.deepEqual(Object.keys(next.status ?? {}), ["conditions"]);
  });

  it("is one or the other, and stays", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    assert.deepEqual(bench.updateErrors(old, setConditions(approved), "approval"), []);
    assert.deepEqual(bench.updateErrors(old, setConditions(approved, denied), "approval"), [
      'status.conditions[1].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
    ]);
    const before = bench.updated(old, setConditions(approved), "approval");
    assert.deepEqual(bench.updateErrors(before, setConditions(), "approval"), [
      'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
    ]);
  });

  it("is made of right conditions", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    const conditions = [
      { ...approved, status: "False" },
      { type: "", status: "Maybe" },
      { type: "a", status: "" },
      { type: "a", status: "Unknown" },
    ] as CertificateSigningRequestCondition[];
    assert.deepEqual(bench.updateErrors(old, setConditions(...conditions), "approval"), [
      'status.conditions[0].status: Unsupported value: "False": supported values: "True"',
      "status.conditions[1].type: Required value",
      'status.conditions[1].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
      "status.conditions[2].status: Required value",
      'status.conditions[3].type: Duplicate value: "a"',
    ]);
  });
});

describe("the status of a certificate signing request", () => {
  const setCertificate = (value: string) => (copy: CertificateSigningRequest) => {
    copy.status = { ...copy.status, certificate: value };
  };

  it("takes a certificate once", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    assert.deepEqual(bench.updateErrors(old, setCertificate(certificate), "status"), []);
    const issued = bench.updated(old, setCertificate(certificate), "status");
    const twice = base64(Buffer.from(certificate, "base64").toString().repeat(2));
    assert.deepEqual(bench.updateErrors(issued, setCertificate(twice), "status"), [
      "status.certificate: Forbidden: updates may not modify existing certificate content",
    ]);
  });

  it("takes certificates only", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    const errorsOf = (value: string) => bench.updateErrors(old, setCertificate(value), "status");
    const problem = (text: string) => [`status.certificate: Invalid value: "<certificate data>": ${text}`];
    assert.deepEqual(errorsOf(base64("x")), problem("must contain at least one CERTIFICATE PEM block"));
    assert.deepEqual(
      errorsOf(request),
      problem('only CERTIFICATE PEM blocks are allowed, found "CERTIFICATE REQUEST"'),
    );
    const pem = Buffer.from(certificate, "base64").toString();
    assert.deepEqual(
      errorsOf(base64(pem.replace("-----\n", "-----\na: b\n\n"))),
      problem("no PEM block headers are permitted"),
    );
    assert.deepEqual(
      errorsOf(base64("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")),
      problem("x509: malformed certificate"),
    );
  });

  it("neither approves nor denies", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    assert.deepEqual(bench.updateErrors(old, setConditions(approved), "status"), [
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    ]);
    const before = bench.updated(old, setConditions(approved), "approval");
    const changed = bench.updated(before, setConditions({ ...approved, reason: "Other" }), "status");
    assert.deepEqual(changed.status, before.status);
  });

  it("may say that the signer failed", () => {
    const old = bench.prepared({ metadata, spec: spec() });
    const next = bench.updated(old, setConditions({ type: "Failed", status: "True" }), "status");
    assert.equal(next.status?.conditions?.[0]?.lastTransitionTime, nowText);
  });
});

describe("the columns of a certificate signing request", () => {
  const row = (status: Draft, more: Draft = {}) =>
    bench.row({ metadata, spec: spec({ username: "alice", ...more }), status })["Condition"];

  it("show it", () => {
    assert.deepEqual(bench.row({ metadata, spec: spec({ username: "alice", expirationSeconds: 7200 }) }), {
      Name: "a",
      Age: "60s",
      SignerName: "example.com/signer",
      Requestor: "alice",
      RequestedDuration: "120m",
      Condition: "Pending",
    });
  });
  it("show what became of it", () => {
    assert.equal(row({ conditions: [approved] }), "Approved");
    assert.equal(row({ conditions: [approved, denied] }), "Denied");
    assert.equal(row({ conditions: [approved], certificate }), "Approved,Issued");
    assert.equal(row({ conditions: [approved, { type: "Failed", status: "True" }] }), "Approved,Failed");
  });
});
