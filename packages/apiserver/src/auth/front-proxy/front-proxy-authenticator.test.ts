import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer, request } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { systemClock } from "@kube-ts/std/clock";
import { RequestAuthenticator } from "../authentication.ts";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { credentialsOf } from "../request-credentials.ts";
import { TestAuthority, type TestIdentity } from "../testing/test-certificates.ts";
import { TrustedBy } from "../x509/trusted-chain.ts";
import { X509Authenticator } from "../x509/x509-authenticator.ts";
import { FrontProxyAuthenticator, isIdentityHeader } from "./front-proxy-authenticator.ts";

let server: Server;
let clients: TestAuthority;
let proxies: TestAuthority;

before(async () => {
  clients = await TestAuthority.create("kubernetes");
  proxies = await TestAuthority.create("front-proxy");
  const self = await clients.issue([{ CN: ["localhost"] }]);
  const config = {
    caPem: proxies.pem,
    allowedNames: ["front"],
    usernameHeaders: ["X-Remote-User"],
    uidHeaders: ["X-Remote-Uid"],
    groupHeaders: ["X-Remote-Group"],
    extraHeaderPrefixes: ["X-Remote-Extra-"],
  };
  const authenticator = new RequestAuthenticator({
    frontProxy: new FrontProxyAuthenticator(config),
    certificates: new X509Authenticator(systemClock, { authorities: new TrustedBy(clients.pem), isShared: true }),
    tokens: { authenticateToken: () => Promise.resolve({ kind: "unknown" }) },
    anonymous: { isAllowed: true },
  });
  const ca = [clients.pem, proxies.pem];
  server = createServer({ ...self, ca, requestCert: true, rejectUnauthorized: false }, (incoming, response) => {
    void Promise.resolve(authenticator.authenticate(credentialsOf(incoming), AbortSignal.timeout(5_000))).then(
      (outcome) => {
        response.end(JSON.stringify(outcome));
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

after(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(identity: TestIdentity, headers: Record<string, string | string[]>): Promise<AuthenticationOutcome> {
  const { port } = server.address() as AddressInfo;
  const options = { host: "127.0.0.1", port, headers, agent: false, ...identity, rejectUnauthorized: false };
  const sent = request(options);
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return JSON.parse(Buffer.concat(await response.toArray()).toString()) as AuthenticationOutcome;
}

const jane = {
  "X-Remote-User": "jane",
  "X-Remote-Uid": "u1",
  "X-Remote-Group": ["dev", "ops"],
  "X-Remote-Extra-scopes": "read",
  "X-Remote-Extra-acme.com%2fproject": "p",
};

test("a front proxy names the user", async () => {
  const outcome = await ask(await proxies.issue([{ CN: ["front"] }]), jane);
  assert.deepEqual(outcome, {
    kind: "user",
    user: {
      name: "jane",
      uid: "u1",
      groups: ["dev", "ops", "system:authenticated"],
      extra: { scopes: ["read"], "acme.com/project": ["p"] },
    },
  });
});

test("a client's certificate makes nobody a front proxy", async () => {
  const outcome = await ask(await clients.issue([{ CN: ["front"] }]), jane);
  assert.equal(outcome.kind === "user" && outcome.user.name, "front");
});

test("a front proxy's certificate is nobody's own", async () => {
  const proxy = await proxies.issue([{ O: ["system:masters"] }, { CN: ["front"] }]);
  assert.equal((await ask(proxy, {})).kind, "refused");
});

test("only the proxies that are named are trusted", async () => {
  const outcome = await ask(await proxies.issue([{ CN: ["other"] }]), jane);
  assert.equal(outcome.kind, "refused");
  assert.match(outcome.kind === "refused" ? outcome.reason : "", /subject with cn=other is not in the allowed list/);
});

test("the headers alone are worth nothing", async () => {
  const stranger = await TestAuthority.create("kubernetes");
  assert.equal((await ask(await stranger.issue([{ CN: ["front"] }]), jane)).kind, "refused");
  const anonymous = await ask({} as TestIdentity, jane);
  assert.equal(anonymous.kind === "user" && anonymous.user.name, "system:anonymous");
});

test("its headers are known whatever their case", () => {
  const isIdentity = isIdentityHeader({
    caPem: "",
    allowedNames: [],
    usernameHeaders: ["X-User"],
    uidHeaders: [],
    groupHeaders: ["X-Group"],
    extraHeaderPrefixes: ["X-More-"],
  });
  assert.deepEqual(["x-user", "x-group", "x-more-a", "x-users"].map(isIdentity), [true, true, true, false]);
});
