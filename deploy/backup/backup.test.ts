import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseClusterConfig } from "../cluster/cluster-config.ts";
import { machineNamed } from "../cluster/cluster-view.ts";
import { Staging, readManifest, stagedText, unpackArchive, writeArchive } from "./archive.ts";
import { sha256OfFile } from "./backup-files.ts";
import { formatManifest, parseManifest } from "./backup-manifest.ts";
import type { BackedUpFile, BackupManifest } from "./backup-manifest.ts";
import { memberFromBackup, planFiles } from "./restore-plan.ts";

const signal = AbortSignal.timeout(60_000);
const authority: BackedUpFile = { path: "/etc/kubernetes/pki/ca.crt", mode: 0o644, sha256: "a" };
const settings: BackedUpFile = { path: "/etc/kubernetes/apiserver/audit-policy.yaml", mode: 0o644, sha256: "b" };
const manifest: BackupManifest = {
  cluster: "demo",
  kubernetesVersion: "v1.36.0",
  machine: "cp-1",
  createdAt: "2026-06-01T12:00:00.000Z",
  etcd: { revision: 7, keys: 5, sizeBytes: 20_480, sha256: "0123456789abcdef0123" },
  files: [authority, settings],
};

describe("a manifest", () => {
  test("reads as it was written", () => {
    assert.deepEqual(parseManifest(formatManifest(manifest)), { format: 1, ...manifest });
  });

  test("is refused when it is none, is of another format, or is not whole", () => {
    assert.throws(() => parseManifest("no"), /is not JSON/);
    assert.throws(() => parseManifest("{}"), /format undefined, not 1/);
    assert.throws(() => parseManifest('{"format":2}'), /format 2, not 1/);
    const { etcd: _etcd, ...rest } = manifest;
    assert.throws(() => parseManifest(JSON.stringify({ format: 1, ...rest })), /lacks fields/);
  });

  test("names files below /etc/kubernetes only", () => {
    for (const path of [
      "/etc/passwd",
      "/etc/kubernetes/../passwd",
      "/etc/kubernetes/a/../../b",
      "etc/kubernetes/a",
      "/etc/kubernetes/",
    ]) {
      const text = formatManifest({ ...manifest, files: [{ ...authority, path }] });
      assert.throws(() => parseManifest(text), /lacks fields/, path);
    }
  });
});

describe("files of a backup", () => {
  test("come back where they are missing", () => {
    const compared = [authority, settings].map((file) => ({ file, foundSha256: undefined }));
    assert.deepEqual(planFiles(compared), { write: [authority, settings], keep: [] });
  });

  test("leave what the machine has", () => {
    const compared = [
      { file: authority, foundSha256: "a" },
      { file: settings, foundSha256: "another" },
    ];
    assert.deepEqual(planFiles(compared), { write: [], keep: [settings.path] });
  });

  test("are refused by a machine with other keys", () => {
    assert.throws(
      () => planFiles([{ file: authority, foundSha256: "another" }]),
      /has other keys than the backup: .*ca\.crt/,
    );
    const encryption = { path: "/etc/kubernetes/credentials/kube-apiserver/encryption.yaml", mode: 0o600, sha256: "c" };
    assert.throws(
      () => planFiles([{ file: encryption, foundSha256: "another" }]),
      /has other keys than the backup: .*encryption\.yaml/,
    );
    assert.deepEqual(planFiles([{ file: encryption, foundSha256: undefined }]).write, [encryption]);
  });
});

test("every member begins with all members and one token, which is that of no other backup", () => {
  const config = parseClusterConfig(`
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
name: demo
machines:
- {name: cp-2, roles: [etcd, control-plane], addresses: [192.0.2.12]}
- {name: cp-1, roles: [etcd, control-plane], addresses: [192.0.2.11]}
`);
  const [first, second] = ["cp-1", "cp-2"].map((name) => {
    const machine = machineNamed(config, name);
    assert.ok(machine);
    return memberFromBackup(config, machine, manifest, "/data");
  });
  assert.deepEqual(first, {
    name: "cp-1",
    peerUrl: "https://192.0.2.11:2380",
    initialCluster: "cp-1=https://192.0.2.11:2380,cp-2=https://192.0.2.12:2380",
    token: "demo-0123456789abcdef",
    dataDirectory: "/data",
  });
  assert.equal(second?.initialCluster, first?.initialCluster);
  assert.equal(second?.token, first?.token);
});

describe("an archive", () => {
  let directory: string;
  let archive: string;
  let written: BackupManifest;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "kube-ts-backup-"));
    archive = join(directory, "backup.tar");
    await using staging = await Staging.beside(archive);
    writeFileSync(staging.snapshot, Buffer.alloc(100_000, "snapshot"));
    const copy = staging.pathOf(authority.path);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, "certificate");
    const etcd = { ...manifest.etcd, sha256: await sha256OfFile(staging.snapshot) };
    written = { ...manifest, etcd, files: [{ ...authority, sha256: await sha256OfFile(copy) }] };
    await writeArchive(archive, staging, written, signal);
  });
  after(() => rmSync(directory, { recursive: true }));

  test("is for its owner alone, and nothing else is left", () => {
    assert.equal(statSync(archive).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(directory).toSorted(), ["backup.tar"]);
  });

  test("is unpacked as it was", async () => {
    assert.deepEqual(await readManifest(archive, signal), { format: 1, ...written });
    await using staging = await Staging.beside(archive);
    await unpackArchive(archive, staging, written, signal);
    assert.equal(readFileSync(staging.snapshot).length, 100_000);
    assert.equal(await stagedText(staging, authority), "certificate");
  });

  test("is refused when it is damaged, cut off or none", async () => {
    const bytes = readFileSync(archive);
    const spoiled = join(directory, "spoiled.tar");
    const refuses = async (content: Buffer, reason: RegExp) => {
      writeFileSync(spoiled, content);
      await using staging = await Staging.beside(spoiled);
      await assert.rejects(async () => {
        await unpackArchive(spoiled, staging, await readManifest(spoiled, signal), signal);
      }, reason);
    };
    const flipped = Buffer.from(bytes);
    flipped[50_000] = 0;
    await refuses(flipped, /is damaged: etcd\.db has another checksum/);
    await refuses(bytes.subarray(0, 60_000), /tar exited with/);
    await refuses(Buffer.from("no archive"), /spoiled\.tar: not a backup, or a damaged one/);
    rmSync(spoiled);
  });
});
