import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerCertificate } from "node:tls";
import { MissingAlternativeNamesError, checkAlternativeNames, missingAlternativeNames } from "./server-identity.ts";

const cases: readonly (readonly [string, string, string | undefined, RegExp | undefined])[] = [
  ["named", "web.ns.svc", "DNS:web.ns.svc", undefined],
  ["matched by a wildcard", "web.ns.svc", "DNS:other, DNS:*.ns.svc", undefined],
  ["another", "web.ns.svc", "DNS:other", /web\.ns\.svc/],
  ["named by its address", "192.0.2.1", "DNS:x, IP Address:192.0.2.1", undefined],
  ["another address", "192.0.2.2", "IP Address:192.0.2.1", /192\.0\.2\.2/],
  [
    "known by its common name only",
    "web.ns.svc",
    undefined,
    /^certificate relies on legacy Common Name field, use SANs instead$/,
  ],
  [
    "known by an address only",
    "web.ns.svc",
    "IP Address:192.0.2.1",
    /not valid for any names, but wanted to match web\.ns\.svc/,
  ],
];

for (const [what, host, subjectaltname, problem] of cases) {
  test(`a host that is ${what} is ${problem ? "refused" : "taken"}`, () => {
    const certificate = { subject: { CN: host }, ...(subjectaltname && { subjectaltname }) } as PeerCertificate;
    const error = checkAlternativeNames(host, certificate);
    if (problem) assert.match(error?.message ?? "", problem);
    else assert.equal(error, undefined);
    assert.equal(error instanceof MissingAlternativeNamesError, subjectaltname === undefined);
  });
}

test("missing names are found behind other errors", () => {
  const error = new MissingAlternativeNamesError("a");
  assert.equal(missingAlternativeNames(new Error("x", { cause: new Error("y", { cause: error }) })), error);
  assert.equal(missingAlternativeNames(new Error("x")), undefined);
});
