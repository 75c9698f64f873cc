import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runProgram } from "@kube-ts/std/run-program";
import { Authority } from "../pki/authority.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { isHealthy, restoreSnapshot, saveSnapshot, snapshotFacts } from "./etcd-snapshot.ts";
import type { EtcdTarget } from "./etcd-snapshot.ts";

const signal = AbortSignal.timeout(120_000);
let directory: string;
let etcd: EtcdProcess;
let target: EtcdTarget;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-snapshot-"));
  etcd = await EtcdProcess.start();
  // Of no use without TLS, and asked for all the same.
  const authority = await Authority.open(directory, "ca", "etcd-ca");
  const client = await authority.issue("client", { commonName: "client", usages: ["client"] });
  target = { endpoint: etcd.endpoint, caFile: authority.certFile, client };
});
after(async () => {
  await etcd[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

async function etcdctl(...args: readonly string[]): Promise<string> {
  const command = ["etcdctl", `--endpoints=${etcd.endpoint}`, ...args];
  return (await runProgram({ command, environment: { ETCDCTL_API: "3" }, timeoutMs: 20_000 }, signal)).stdout;
}

test("a member begins with what was saved, and with nothing that came later", async () => {
  await etcdctl("put", "kept", "1");
  const snapshot = join(directory, "etcd.db");
  await saveSnapshot(target, snapshot, signal);
  await etcdctl("put", "later", "2");
  const facts = await snapshotFacts(snapshot, signal);
  assert.equal(facts.revision, 2);
  assert.ok(facts.keys >= 1 && facts.sizeBytes > 10_000);

  await etcd.kill();
  assert.equal(await isHealthy(target, signal), false);
  const restored = join(directory, "restored");
  const peerUrl = "http://127.0.0.1:1";
  const member = { name: "a", peerUrl, initialCluster: `a=${peerUrl}`, token: "t", dataDirectory: restored };
  await restoreSnapshot(snapshot, member, signal);
  await etcd.restore(join(restored, "member"));
  await etcd.restart();
  assert.equal(await isHealthy(target, signal), true);
  assert.match(await etcdctl("get", "kept"), /1/);
  assert.equal(await etcdctl("get", "later"), "");
});

test("what is no snapshot, and a directory that exists, are refused", async () => {
  const other = join(directory, "other.db");
  writeFileSync(other, "no snapshot");
  await assert.rejects(snapshotFacts(other, signal));
  const peerUrl = "http://127.0.0.1:1";
  const member = { name: "a", peerUrl, initialCluster: `a=${peerUrl}`, token: "t", dataDirectory: directory };
  await assert.rejects(restoreSnapshot(join(directory, "etcd.db"), member, signal), /exists|not empty/);
});
