import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { certificateProblem } from "./certificate-problem.ts";

function told(code: string, more: object = {}): string | undefined {
  return certificateProblem(Object.assign(new Error("words of the runtime"), { code, ...more }));
}

const prefix = "tls: failed to verify certificate: ";
const otherName = (host: string, subjectaltname: string) =>
  told("ERR_TLS_CERT_ALTNAME_INVALID", { host, cert: { subjectaltname } });

describe("a server's certificate that is not accepted", () => {
  const chains: readonly (readonly [string, string])[] = [
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "x509: certificate signed by unknown authority"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "x509: certificate signed by unknown authority"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "x509: certificate signed by unknown authority"],
    ["CERT_HAS_EXPIRED", "x509: certificate has expired or is not yet valid"],
    ["CERT_REVOKED", "x509: words of the runtime"],
  ];
  for (const [code, words] of chains) it(code, () => assert.equal(told(code), prefix + words));

  it("is for others", () => {
    assert.equal(otherName("a.svc", "DNS:b.svc, DNS:c"), `${prefix}x509: certificate is valid for b.svc, c, not a.svc`);
    assert.equal(otherName("1.2.3.4", "IP Address:::1"), `${prefix}x509: certificate is valid for ::1, not 1.2.3.4`);
    assert.equal(
      otherName("1.2.3.4", "DNS:b"),
      `${prefix}x509: cannot validate certificate for 1.2.3.4 because it doesn't contain any IP SANs`,
    );
  });

  it("is told from other errors", () => assert.equal(told("ECONNRESET"), undefined));
});
