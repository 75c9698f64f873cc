import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isBadRequest } from "@kube-ts/api/status-error";
import { dialProblem } from "./backend.ts";
import { rewriteLink } from "./link-rewriter.ts";
import { proxyableAddress, resolveProxyable } from "./proxyable-address.ts";
import { forwardedRequestHeaders, forwardedResponseHeaders, forwardedUpgradeHeaders } from "./proxy-headers.ts";
import { parseTargetName } from "./target-name.ts";

test("names of targets have a scheme and a port or not", () => {
  const cases: [string, string | undefined][] = [
    ["web", "|web|"],
    ["web:80", "|web|80"],
    ["web:http", "|web|http"],
    ["https:web:443", "https|web|443"],
    ["http:web:", "http|web|"],
    [":web:80", "|web|80"],
    ["ftp:web:80", undefined],
    ["HTTP:web:80", undefined],
    [":80", undefined],
    ["", undefined],
    ["a:b:c:d", undefined],
  ];
  for (const [text, expected] of cases) {
    const parsed = parseTargetName(text);
    assert.equal(parsed && `${parsed.scheme}|${parsed.name}|${parsed.port}`, expected, text);
  }
});

suite("addresses", () => {
  const allowed: [string, string][] = [
    ["10.0.0.1", "10.0.0.1"],
    ["192.168.1.1", "192.168.1.1"],
    ["2001:DB8::1", "2001:db8::1"],
    ["fd00::1", "fd00::1"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
  ];
  for (const [address, dialled] of allowed) {
    test(`${address} is dialled as ${dialled}`, () => assert.equal(proxyableAddress(address), dialled));
  }
  const refused = [
    "127.0.0.1",
    "127.255.0.1",
    "0.0.0.0",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
  ];
  const more = ["fe80::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.1.1", "", "localhost", "0177.0.0.1", "127.1"];
  for (const address of [...refused, ...more]) {
    test(`"${address}" is refused`, () => {
      assert.throws(() => proxyableAddress(address), { message: "address not allowed" });
    });
  }

  const { signal } = new AbortController();
  test("a name is looked up once, and all of its addresses count", async () => {
    let lookups = 0;
    const resolve = (found: string[]) => () => {
      lookups += 1;
      return Promise.resolve(found);
    };
    assert.equal(await resolveProxyable("node", signal, resolve(["10.0.0.1", "10.0.0.2"])), "10.0.0.1");
    assert.equal(lookups, 1);
    await assert.rejects(resolveProxyable("node", signal, resolve(["10.0.0.1", "127.0.0.1"])), /address not allowed/);
    await assert.rejects(resolveProxyable("node", signal, resolve([])), /no addresses for hostname/);
    const failed = resolveProxyable("node", signal, () => Promise.reject(new Error("ENOTFOUND")));
    await assert.rejects(failed, isBadRequest);
  });
});

suite("headers", () => {
  const from = { clientAddress: "10.1.1.1", uri: "/api/v1/x" };

  test("of requests lose what is this server's and what is of the connection", () => {
    const headers = forwardedRequestHeaders(
      {
        host: ["a"],
        accept: ["b", "c"],
        authorization: ["Bearer x"],
        "impersonate-user": ["x"],
        "impersonate-extra-a": ["x"],
        "x-remote-user": ["x"],
        "x-remote-extra-a": ["x"],
        "x-custom-user": ["x"],
        connection: ["close, X-Named", "x-other, host, Content-Length"],
        "content-length": ["5"],
        "x-named": ["x"],
        "x-other": ["x"],
        "keep-alive": ["x"],
        te: ["trailers"],
        trailer: ["x"],
        "transfer-encoding": ["chunked"],
        upgrade: ["x"],
        "proxy-authorization": ["x"],
        expect: ["100-continue"],
        "x-forwarded-for": ["1.1.1.1", "2.2.2.2"],
        "x-forwarded-uri": ["/lie"],
      },
      from,
      (name) => name === "x-custom-user",
    );
    assert.deepEqual(headers, {
      host: "a",
      accept: ["b", "c"],
      "content-length": "5",
      "x-forwarded-for": "1.1.1.1, 2.2.2.2, 10.1.1.1",
      "x-forwarded-uri": "/api/v1/x",
    });
  });

  test("of upgrades keep the upgrade, and lose tokens among its protocols", () => {
    const headers = forwardedUpgradeHeaders(
      {
        connection: ["keep-alive, Upgrade"],
        upgrade: ["websocket"],
        "content-length": ["5"],
        "sec-websocket-key": ["k"],
        "sec-websocket-protocol": ["v4.x, base64url.bearer.authorization.k8s.io.abc", "v5.x"],
      },
      { ...from, clientAddress: undefined },
    );
    assert.deepEqual(headers, {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "k",
      "sec-websocket-protocol": "v4.x, v5.x",
      "x-forwarded-uri": "/api/v1/x",
    });
    const only = { upgrade: ["websocket"], "sec-websocket-protocol": ["base64url.bearer.authorization.k8s.io.abc"] };
    assert.equal(forwardedUpgradeHeaders(only, from)["sec-websocket-protocol"], undefined);
  });

  test("of answers keep repeated values and their case", () => {
    const raw = ["Set-Cookie", "a=1", "X-One", "1", "set-cookie", "b=2", "Connection", "X-Hop", "X-Hop", "1"];
    const more = ["Transfer-Encoding", "chunked", "Access-Control-Allow-Origin", "*", "Audit-Id", "x"];
    const headers = forwardedResponseHeaders([...raw, ...more], new Set(["audit-id"]));
    assert.deepEqual(headers, { "Set-Cookie": ["a=1", "b=2"], "X-One": "1" });
  });
});

suite("links", () => {
  const rules = { prefix: "/api/v1/namespaces/a/pods/b/proxy", hosts: new Set(["10.0.0.1:80", "api:6443"]) };
  const { prefix } = rules;
  const cases: [string, string][] = [
    ["/", `${prefix}/`],
    ["/x?a=/b#/c", `${prefix}/x?a=/b#/c`],
    ["x/y", "x/y"],
    ["../x", "../x"],
    ["#top", "#top"],
    ["?q", "?q"],
    ["", ""],
    [`${prefix}/x`, `${prefix}/x`],
    [prefix, prefix],
    [`${prefix}x`, `${prefix}${prefix}x`],
    ["http://10.0.0.1:80/x", `${prefix}/x`],
    ["https://api:6443/x?y", `${prefix}/x?y`],
    ["https://API:6443", `${prefix}/`],
    ["http://10.0.0.1:81/x", "http://10.0.0.1:81/x"],
    ["//elsewhere/x", "//elsewhere/x"],
    ["//10.0.0.1:80/x", `${prefix}/x`],
    ["mailto:a@b", "mailto:a@b"],
    ["javascript:alert(1)", "javascript:alert(1)"],
  ];
  for (const [link, expected] of cases) {
    test(`${link} becomes ${expected}`, () => assert.equal(rewriteLink(link, rules), expected));
  }
});

test("what goes wrong with a connection is told as upstream does", () => {
  const failure = (code: string, message = "") => Object.assign(new Error(message), { code });
  const host = "10.0.0.1:80";
  assert.equal(dialProblem(failure("ECONNREFUSED"), host), "dial tcp 10.0.0.1:80: connect: connection refused");
  assert.equal(dialProblem(failure("ECONNRESET", "socket hang up"), host), "EOF");
  assert.equal(
    dialProblem(failure("DEPTH_ZERO_SELF_SIGNED_CERT", "x"), host),
    "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  );
  assert.equal(dialProblem(new Error("dial tcp 10.0.0.1:80: i/o timeout"), host), "dial tcp 10.0.0.1:80: i/o timeout");
});
