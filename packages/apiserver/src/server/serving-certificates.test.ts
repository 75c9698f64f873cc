import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { systemClock } from "@kube-ts/std/clock";
import { defaultKeyPair, readKeyPair, readNamedKeyPair } from "./serving-certificates.ts";

suite("serving certificates", () => {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-certificates-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  const filesIn = (name: string) => ({
    certFile: join(directory, name, "apiserver.crt"),
    keyFile: join(directory, name, "apiserver.key"),
  });
  const config = {
    serving: {
      host: "0.0.0.0",
      port: 6443,
      advertiseAddress: "192.0.2.1",
      externalAddress: "192.0.2.1:6443",
      sharesPort: false,
      maxConnectionBytesPerSecond: 0,
      workers: 1,
    },
    services: {
      ipRanges: ["10.96.0.0/16"],
      nodePorts: { first: 30_000, last: 32_767 },
      kubernetesNodePort: 0,
      keepsEndpoints: true,
    },
  };
  const made = (name: string) => defaultKeyPair({ source: "made", ...filesIn(name) }, config, systemClock);

  test("are made once, for the names of the server, and only their owner reads the key", async () => {
    const pair = await made("once");
    assert.deepEqual(await made("once"), pair);
    const { subjectAltName = "" } = new X509Certificate(pair.cert);
    for (const name of [
      "IP Address:192.0.2.1",
      "DNS:kubernetes.default.svc",
      "IP Address:10.96.0.1",
      "DNS:localhost",
    ]) {
      assert.ok(subjectAltName.split(", ").includes(name), `${name} in ${subjectAltName}`);
    }
    assert.equal(statSync(filesIn("once").keyFile).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(directory, "once")).sort(), ["apiserver.crt", "apiserver.key"]);
  });

  test("are those of whoever comes first, for all who come at once", async () => {
    const pairs = await Promise.all(Array.from({ length: 8 }, () => made("race")));
    for (const pair of pairs) assert.deepEqual(pair, pairs[0]);
    assert.deepEqual(await readKeyPair(filesIn("race")), pairs[0]);
    assert.deepEqual(readdirSync(join(directory, "race")).sort(), ["apiserver.crt", "apiserver.key"]);
  });

  test("are kept in memory where there is no directory", async () => {
    const pair = await defaultKeyPair({ source: "memory" }, config, systemClock);
    assert.ok(new X509Certificate(pair.cert));
    assert.equal(existsSync(join(directory, "memory")), false);
  });

  test("of others are refused when their key is not theirs", async () => {
    await made("one");
    await made("two");
    copyFileSync(filesIn("two").keyFile, filesIn("one").keyFile);
    await assert.rejects(readKeyPair(filesIn("one")), /key values mismatch/);
    await assert.rejects(made("one"), /key values mismatch/);
    await assert.rejects(
      readNamedKeyPair({ ...filesIn("none"), names: [] }),
      /^Error: failed to load SNI cert and key: Error: ENOENT/,
    );
  });

  test("stand for the names that they hold, unless others are given", async () => {
    await made("named");
    const { names } = await readNamedKeyPair({ ...filesIn("named"), names: [] });
    assert.deepEqual(
      names.filter((name) => name.startsWith("kubernetes")),
      ["kubernetes.default.svc", "kubernetes.default", "kubernetes"],
    );
    const given = await readNamedKeyPair({ ...filesIn("named"), names: ["a.example"] });
    assert.deepEqual(given.names, ["a.example"]);
  });
});
