import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type AddressInfo } from "node:net";
import { Agent, type Server, createServer, request as secureRequest } from "node:https";
import { after, before, test } from "node:test";
import type { PeerCertificate, TLSSocket } from "node:tls";
import { FakeClock, systemClock } from "@kube-ts/std/clock";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { credentialsOf } from "../request-credentials.ts";
import { TestAuthority, type TestCertificateOptions, type TestIdentity } from "../testing/test-certificates.ts";
import { X509Authenticator } from "./x509-authenticator.ts";

const clientAuth = "1.3.6.1.5.5.7.3.2";
const serverAuth = "1.3.6.1.5.5.7.3.1";
const hourMs = 3_600_000;

let authority: TestAuthority;
let stranger: TestAuthority;
let server: Server;

before(async () => {
  [authority, stranger] = await Promise.all([TestAuthority.create("ca"), TestAuthority.create("ca")]);
  const serving = await authority.issue([{ CN: ["localhost"] }], { usages: [serverAuth] });
  const authenticator = new X509Authenticator(systemClock);
  server = createServer(
    { ...serving, ca: authority.pem, requestCert: true, rejectUnauthorized: false },
    (message, response) => response.end(JSON.stringify(authenticator.authenticate(credentialsOf(message)))),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

after(() => {
  server.closeAllConnections();
  server.close();
});

async function outcomeFor(identity: Partial<TestIdentity>): Promise<AuthenticationOutcome> {
  const agent = new Agent({ ...identity, rejectUnauthorized: false, keepAlive: false });
  const { outcome } = await ask(agent);
  agent.destroy();
  return outcome;
}

async function ask(agent: Agent): Promise<{ outcome: AuthenticationOutcome; isResumed: boolean }> {
  const { port } = server.address() as AddressInfo;
  const sent = secureRequest({ host: "127.0.0.1", port, agent });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const isResumed = (response.socket as TLSSocket).isSessionReused();
  const text = Buffer.concat(await response.toArray()).toString("utf8");
  return { outcome: JSON.parse(text) as AuthenticationOutcome, isResumed };
}

function issue(options: TestCertificateOptions = {}): Promise<TestIdentity> {
  return authority.issue([{ O: ["system:masters"] }, { O: ["dev"] }, { CN: ["alice"] }], {
    usages: [clientAuth],
    ...options,
  });
}

test("the common name is the user and the organizations are the groups", async () => {
  const outcome = await outcomeFor(await issue());
  assert.equal(outcome.kind, "user");
  if (outcome.kind !== "user") return;
  assert.equal(outcome.user.name, "alice");
  assert.deepEqual(outcome.user.groups, ["system:masters", "dev", "system:authenticated"]);
  assert.match(
    outcome.user.extra["authentication.kubernetes.io/credential-id"]?.[0] ?? "",
    /^X509SHA256=[0-9a-f]{64}$/,
  );
});

test("a certificate without extended key usage is good for anything", async () => {
  assert.equal((await outcomeFor(await authority.issue([{ CN: ["bob"] }]))).kind, "user");
});

test("the uid is read from its subject attribute", async () => {
  const identity = await authority.issue([{ CN: ["carol"] }, { "1.3.6.1.4.1.57683.2": ["u-1"] }]);
  const outcome = await outcomeFor(identity);
  assert.equal(outcome.kind === "user" && outcome.user.uid, "u-1");
});

test("a chain through an intermediate authority that the client sends is good", async () => {
  const intermediate = await authority.issueAuthority("intermediate");
  const identity = await intermediate.issue([{ CN: ["dave"] }], { usages: [clientAuth] });
  const outcome = await outcomeFor({ key: identity.key, cert: `${identity.cert}\n${intermediate.pem}` });
  assert.equal(outcome.kind === "user" && outcome.user.name, "dave");
});

test("no certificate is not an error, and neither is one without a common name", async () => {
  assert.deepEqual(await outcomeFor({}), { kind: "unknown" });
  assert.deepEqual(await outcomeFor(await authority.issue([{ O: ["x"] }])), { kind: "unknown" });
});

test("a resumed TLS session has the certificate of the one it resumes", async () => {
  const intermediate = await authority.issueAuthority("intermediate");
  const { key, cert } = await intermediate.issue([{ CN: ["erin"] }], { usages: [clientAuth] });
  const agent = new Agent({ key, cert: `${cert}\n${intermediate.pem}`, rejectUnauthorized: false, keepAlive: false });
  const first = await ask(agent);
  const second = await ask(agent);
  agent.destroy();
  assert.deepEqual([first.isResumed, second.isResumed], [false, true]);
  assert.equal(first.outcome.kind === "user" && first.outcome.user.name, "erin");
  assert.deepEqual(second.outcome, first.outcome);
});

test("a resumed TLS session with a bad certificate stays bad", async () => {
  const agent = new Agent({
    ...(await stranger.issue([{ CN: ["alice"] }])),
    rejectUnauthorized: false,
    keepAlive: false,
  });
  const outcomes = [await ask(agent), await ask(agent)];
  agent.destroy();
  for (const { outcome } of outcomes) assert.equal(outcome.kind, "refused");
});

const refused: readonly [string, () => Promise<TestIdentity>, RegExp][] = [
  ["from another authority of the same name", () => stranger.issue([{ CN: ["alice"] }]), /unknown authority/],
  ["for servers only", () => issue({ usages: [serverAuth] }), /incompatible key usage/],
  ["expired", () => issue({ notAfterMs: Date.now() - hourMs }), /has expired or is not yet valid/],
  ["not yet valid", () => issue({ notBeforeMs: Date.now() + hourMs }), /has expired or is not yet valid/],
  [
    "issued by a certificate that is no authority",
    async () => {
      const leaf = await authority.issueAuthority("leaf", { isAuthority: false });
      const identity = await leaf.issue([{ CN: ["mallory"] }]);
      return { key: identity.key, cert: `${identity.cert}\n${leaf.pem}` };
    },
    /x509: /,
  ],
];

for (const [name, make, reason] of refused) {
  test(`a certificate ${name} is refused`, async () => {
    const outcome = await outcomeFor(await make());
    assert.equal(outcome.kind, "refused");
    assert.match(outcome.kind === "refused" ? outcome.reason : "", reason);
  });
}

test("a certificate that expires while its connection lives is refused from then on", async () => {
  const clock = new FakeClock(Date.parse("2026-01-02T00:00:00Z"));
  const remaining: number[] = [];
  const authenticator = new X509Authenticator(clock, undefined, (ms) => remaining.push(ms / hourMs));
  const certificate = {
    raw: Buffer.from("der"),
    subject: { CN: "alice" },
    valid_from: "Jan  1 00:00:00 2026 GMT",
    valid_to: "Jan  3 00:00:00 2026 GMT",
  } as unknown as PeerCertificate;
  const first = authenticator.authenticate({ certificate, token: undefined });
  assert.equal(first.kind, "user");
  assert.equal(authenticator.authenticate({ certificate, token: undefined }), first);
  assert.deepEqual(remaining, [24, 24]);
  await clock.advance(2 * 24 * hourMs);
  assert.deepEqual(authenticator.authenticate({ certificate, token: undefined }), {
    kind: "refused",
    reason:
      "x509: certificate has expired or is not yet valid: current time 2026-01-04T00:00:00Z is after 2026-01-03T00:00:00Z",
  });
  assert.equal(remaining.at(-1), -24);
});
