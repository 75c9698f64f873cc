import assert from "node:assert/strict";
import { get } from "node:http";
import { get as getTls, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { once } from "node:events";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { silentLogger } from "./log.ts";
import { Counter, Registry } from "./metrics.ts";
import { selfSignedTls } from "./self-signed.ts";
import { loadServingTls, secureServingConfig, secureServingFlags } from "./serving-flags.ts";
import { type ServingOptions, startServing } from "./serving.ts";
import { FlagError, parseFlags } from "./flags.ts";
import { defaultTlsProtocol } from "./tls-protocol.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

function fetchText(url: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body, contentType: response.headers["content-type"] ?? "" }),
      );
    };
    const start = url.startsWith("https:") ? getTls : get;
    start(url, { ...options, agent: false }, onResponse).on("error", reject);
  });
}

function start(options: Partial<ServingOptions> = {}) {
  return startServing({ host: "127.0.0.1", port: 0, log: silentLogger, ...options });
}

test("health, metrics and further paths are served", async () => {
  const registry = new Registry();
  new Counter({ name: "things_total", help: "Things.", registers: [registry] }).inc(3);
  let ready = false;
  await using serving = await start({
    registry,
    readiness: [
      {
        name: "synced",
        check: () => {
          if (!ready) throw new Error("not yet");
        },
      },
    ],
    routes: { "/configz": (_request, response) => void response.end("{}") },
  });
  const base = `http://127.0.0.1:${serving.port}`;
  assert.equal((await fetchText(`${base}/healthz`)).body, "ok");
  assert.equal((await fetchText(`${base}/livez?verbose`)).body, "[+]ping ok\nlivez check passed\n");
  assert.equal((await fetchText(`${base}/readyz`)).status, 500);
  assert.equal((await fetchText(`${base}/readyz/synced`)).body, "internal server error: not yet\n");
  ready = true;
  assert.equal((await fetchText(`${base}/readyz`)).status, 200);
  const metrics = await fetchText(`${base}/metrics`);
  assert.match(metrics.body, /^things_total 3$/m);
  assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/);
  assert.equal((await fetchText(`${base}/configz`)).body, "{}");
  assert.equal((await fetchText(`${base}/nope`)).status, 404);
  assert.equal((await fetchText(`${base}//`)).status, 404);
});

test("access is asked for everywhere but at the health endpoints", async () => {
  await using serving = await start({
    registry: new Registry(),
    authorize: async ({ headers }) =>
      headers.authorization === "Bearer ok" ? undefined : { status: 401, message: "Unauthorized" },
  });
  const base = `http://127.0.0.1:${serving.port}`;
  assert.equal((await fetchText(`${base}/healthz`)).status, 200);
  assert.deepEqual(await fetchText(`${base}/metrics`), {
    status: 401,
    body: "Unauthorized\n",
    contentType: "text/plain; charset=utf-8",
  });
  assert.equal((await fetchText(`${base}/metrics`, { headers: { authorization: "Bearer ok" } })).status, 200);
});

test("a new certificate is used for new connections", async () => {
  const [first, second] = await Promise.all([
    selfSignedTls(["localhost"], Date.now()),
    selfSignedTls(["localhost"], Date.now()),
  ]);
  await using serving = await start({ tls: first });
  const url = `https://127.0.0.1:${serving.port}/healthz`;
  const attempt = (ca: string) => fetchText(url, { ca, servername: "localhost" });
  assert.equal((await attempt(first.cert)).status, 200);
  await assert.rejects(attempt(second.cert));
  serving.setTls(second);
  assert.equal((await attempt(second.cert)).status, 200);
  await assert.rejects(attempt(first.cert));
});

test("an address that is taken is an error", async () => {
  await using serving = await start();
  await assert.rejects(start({ port: serving.port }), { code: "EADDRINUSE" });
});

test("the serving flags are checked against each other", () => {
  const flags = secureServingFlags(10_259);
  const configure = (...args: string[]) => secureServingConfig(parseFlags(flags, "test", args).values);
  const files = { certFile: "", keyFile: "", clientCaFile: "" };
  assert.deepEqual(configure(), { host: "0.0.0.0", port: 10_259, ...files, protocol: defaultTlsProtocol });
  assert.throws(() => configure("--secure-port=70000"), FlagError);
  assert.throws(() => configure("--tls-cert-file=x"), /--tls-private-key-file is missing/);
  assert.throws(() => configure("--tls-private-key-file=x"), /--tls-cert-file is missing/);
});

test("the serving identity comes from files, or is made", async () => {
  const directory = await mkdtemp(join(tmpdir(), "serving-test-"));
  try {
    const [certFile, keyFile, clientCaFile] = ["crt", "key", "ca"].map((name) => join(directory, name));
    const identity = await selfSignedTls(["localhost"], Date.now());
    await writeFile(certFile ?? "", identity.cert);
    await writeFile(keyFile ?? "", identity.key);
    await writeFile(clientCaFile ?? "", "CA");
    const protocol = { ...defaultTlsProtocol, minVersion: "TLSv1.3" } as const;
    const address = { host: "0.0.0.0", port: 1, protocol };
    const files = { certFile: certFile ?? "", keyFile: keyFile ?? "", clientCaFile: clientCaFile ?? "" };
    assert.deepEqual(await loadServingTls({ ...address, ...files }, Date.now()), {
      ...identity,
      protocol,
      clientCa: "CA",
    });
    const made = await loadServingTls({ ...address, certFile: "", keyFile: "", clientCaFile: "" }, Date.now());
    assert.match(made.cert, /BEGIN CERTIFICATE/);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("strong ciphers only are spoken, and those of the protocol where one is given", async () => {
  const identity = await selfSignedTls(["localhost"], Date.now());
  const cipherOf = async (port: number, options: ConnectionOptions): Promise<string> => {
    const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
    try {
      await once(socket, "secureConnect");
      return socket.getCipher().standardName;
    } finally {
      socket.destroy();
    }
  };
  const old = { maxVersion: "TLSv1.2" } as const;
  await using serving = await start({ tls: identity });
  assert.match(await cipherOf(serving.port, {}), /^TLS_(AES|CHACHA20)/);
  assert.match(await cipherOf(serving.port, old), /^TLS_ECDHE_.*(GCM|POLY1305)/);
  for (const ciphers of ["AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA"]) {
    await assert.rejects(cipherOf(serving.port, { ...old, ciphers }), /SSL|ECONNRESET|disconnected/, ciphers);
  }
  await using modern = await start({
    tls: { ...identity, protocol: { ...defaultTlsProtocol, minVersion: "TLSv1.3" } },
  });
  assert.match(await cipherOf(modern.port, {}), /^TLS_(AES|CHACHA20)/);
  await assert.rejects(cipherOf(modern.port, old), /SSL|protocol version|ECONNRESET|disconnected/);
});
