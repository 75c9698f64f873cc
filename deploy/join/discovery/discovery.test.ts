import assert from "node:assert/strict";
import { createHash, createHmac, createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import { systemClock } from "@kube-ts/std/clock";
import { clusterInfoPath } from "../../cluster/api-server-documents.ts";
import { Authority } from "../../pki/authority.ts";
import { readClusterInfo, verifiedClusterInfo } from "./cluster-info.ts";
import { isSignedBy } from "./detached-signature.ts";
import { discoverCluster } from "./discover-cluster.ts";
import { certificatesOf, checkPinned, parsePins, publicKeyHash } from "./public-key-pins.ts";

const token = { id: "abcdef", secret: "0123456789abcdef" };

function signature(content: string, { id, secret } = token, header: object = { alg: "HS256", kid: id }): string {
  const head = Buffer.from(JSON.stringify(header)).toString("base64url");
  const signed = `${head}.${Buffer.from(content).toString("base64url")}`;
  return `${head}..${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

describe("a detached signature", () => {
  test("is that of RFC 7515's algorithm over these very bytes", () => {
    assert.ok(isSignedBy(token, "content", signature("content")));
    const wrong = [
      signature("content "),
      signature("content", { ...token, secret: "fedcba9876543210" }),
      signature("content", token, { alg: "HS256", kid: "fedcba" }),
      signature("content", token, { alg: "none", kid: token.id }),
      signature("content", token, { alg: "HS256", kid: token.id, crit: ["exp"] }),
      signature("content").replace("..", ".Y29udGVudA."),
      signature("content").slice(0, -4),
      `${signature("content")}.x`,
      "",
      "..",
      "a..b",
    ];
    for (const text of wrong) assert.equal(isSignedBy(token, "content", text), false, text);
  });
});

let directory: string;
let authority: Authority;
let ca: string;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-discovery-"));
  authority = await Authority.open(directory, "ca", "kubernetes");
  ca = readFileSync(authority.certFile, "utf8");
});
after(() => rmSync(directory, { recursive: true }));

function kubeconfigOf(server: string, authorities = ca): string {
  const data = Buffer.from(authorities).toString("base64");
  const cluster = { server, "certificate-authority-data": data };
  return JSON.stringify({ apiVersion: "v1", kind: "Config", clusters: [{ name: "", cluster }] });
}

describe("pinned keys", () => {
  test("are digests of the public key alone", () => {
    const [certificate] = certificatesOf(ca);
    assert.ok(certificate);
    const der = createPublicKey(ca).export({ type: "spki", format: "der" });
    const expected = `sha256:${createHash("sha256").update(der).digest("hex")}`;
    assert.equal(publicKeyHash(certificate), expected);
    checkPinned(parsePins([expected.toUpperCase()]), ca);
    checkPinned(parsePins([`sha256:${"00".repeat(32)}`, expected]), ca);
    const others = parsePins([`sha256:${"00".repeat(32)}`]);
    assert.throws(() => checkPinned(others, ca), new RegExp(`none of the public keys "${expected}" are pinned`));
    assert.throws(() => checkPinned(others, "nothing"), /does not contain any valid/);
  });

  test("that are none are refused", () => {
    assert.throws(() => parsePins(["00ff"]), /invalid hash, expected "format:hex-value"/);
    assert.throws(() => parsePins(["md5:00ff"]), /unknown hash format "md5"/);
    assert.throws(() => parsePins(["sha256:00ff"]), /expected a 32 byte SHA-256 hash, found 2 bytes/);
    assert.throws(() => parsePins(["sha256:zz"]), /not hexadecimal/);
  });
});

describe("the public description", () => {
  const map = (content: string, signed?: string): ConfigMap => ({
    metadata: {},
    data: { kubeconfig: content, ...(signed !== undefined && { "jws-kubeconfig-abcdef": signed }) },
  });

  test("is what the token has signed", () => {
    const content = kubeconfigOf("https://192.0.2.11:6443");
    assert.deepEqual(verifiedClusterInfo(map(content, signature(content)), token), {
      kubeconfig: content,
      server: "https://192.0.2.11:6443",
      authorities: ca,
    });
    assert.equal(verifiedClusterInfo(map(content), token), undefined);
    const evil = kubeconfigOf("https://192.0.2.66:6443");
    assert.throws(() => verifiedClusterInfo(map(evil, signature(content)), token), /failed to verify JWS signature/);
    assert.throws(() => verifiedClusterInfo({ metadata: {} }, token), /isn't set up for token bootstrapping/);
  });

  test("may not point to files, nor bring credentials", () => {
    const withFile = JSON.stringify({
      clusters: [{ name: "a", cluster: { server: "https://a", "certificate-authority": "/ca" } }],
    });
    assert.throws(() => readClusterInfo(withFile), /a file of another machine/);
  });
});

/** A server that says what it is told, with a certificate of the authority. */
async function serving(data: (url: string) => Record<string, string>, signer = authority) {
  const files = await signer.issue("server", { commonName: "server", hosts: ["127.0.0.1"], usages: ["server"] });
  let requests = 0;
  const server = createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (request, response) => {
    requests += 1;
    response.statusCode = request.url === clusterInfoPath ? 200 : 404;
    response.end(JSON.stringify({ metadata: {}, data: data(url()) }));
  }).listen(0, "127.0.0.1");
  const url = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await once(server, "listening");
  return {
    url: url(),
    requests: () => requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe("discovery", () => {
  const pins = () => parsePins(certificatesOf(ca).map(publicKeyHash));
  const discover = (server: string, pinned: ReadonlySet<string> | undefined) =>
    discoverCluster({ server, token, pins: pinned, timeoutMs: 100, clock: systemClock }, AbortSignal.timeout(20_000));
  const signed = (content: string) => ({ kubeconfig: content, "jws-kubeconfig-abcdef": signature(content) });

  test("asks twice, the second time whom the first answer names", async () => {
    await using server = await serving((url) => signed(kubeconfigOf(url)));
    const info = await discover(server.url, pins());
    assert.deepEqual([info.server, info.authorities], [server.url, ca]);
    assert.equal(server.requests(), 2);
  });

  test("takes the authority that the token vouches for when told so", async () => {
    await using server = await serving((url) => signed(kubeconfigOf(url)));
    assert.equal((await discover(server.url, undefined)).authorities, ca);
    assert.equal(server.requests(), 1);
  });

  test("ends with what does not hold", async () => {
    await using server = await serving((url) => signed(kubeconfigOf(url)));
    const others = parsePins([`sha256:${"00".repeat(32)}`]);
    await assert.rejects(
      discover(server.url, others),
      /cluster CA found in cluster-info ConfigMap is invalid: none of the/,
    );
    await using unsigned = await serving((url) => ({ kubeconfig: kubeconfigOf(url) }));
    await assert.rejects(discover(unsigned.url, pins()), /could not find a JWS signature .* token ID "abcdef"/);
    await assert.rejects(discover("https://127.0.0.1:1", pins()), /couldn't validate the identity of the API Server/);
  });

  test("does not go on with a server whose certificate the authority has not signed", async () => {
    const other = await Authority.open(join(directory, "other"), "ca", "kubernetes");
    await using server = await serving((url) => signed(kubeconfigOf(url)), other);
    await assert.rejects(discover(server.url, pins()), /couldn't validate the identity of the API Server/);
  });
});
