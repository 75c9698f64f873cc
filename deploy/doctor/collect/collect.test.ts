import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type TlsOptions, createServer } from "node:tls";
import { selfSignedTls } from "@kube-ts/std/self-signed";
import { Authority } from "../../pki/authority.ts";
import { scratchCluster } from "../testing/cluster-views.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { localSubject } from "../local-subject.ts";
import { clusterView } from "./cluster-view.ts";
import { diskFacts } from "./disk-facts.ts";
import { kernelFacts } from "./kernel-facts.ts";
import { daemonFacts, programArgs, runningPrograms } from "./running-daemons.ts";
import { probeTls } from "./tls-probe.ts";

const directory = mkdtempSync(join(tmpdir(), "kube-ts-doctor-"));
after(() => rmSync(directory, { recursive: true }));

test("a program's arguments follow its script", () => {
  assert.deepEqual(programArgs(["/bin/node", "--max-semi-space-size=12", "/main.ts", "--a=1", "b", ""]), [
    "--a=1",
    "b",
  ]);
  assert.deepEqual(programArgs(["etcd", "--name", "x", ""]), ["--name", "x"]);
});

test("a daemon is known by its process id, its flags are read and its ports found", async () => {
  const script = join(directory, "daemon.mjs");
  writeFileSync(
    script,
    `import { createServer } from "node:net";
     const server = createServer().listen(0, "127.0.0.1", () => console.log(server.address().port));`,
  );
  const child = spawn(process.execPath, [script, "--config=/kubelet.yaml"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const cluster = { ...scratchCluster(directory), dnsPort: Number(line.toString()), apiPort: 1 };
    mkdirSync(join(directory, "run"));
    writeFileSync(join(directory, "run", "cluster-dns.pid"), `${child.pid}\n`);
    const programs = await runningPrograms(localSubject(cluster));
    assert.deepEqual([...programs.keys()], ["cluster-dns"]);
    assert.deepEqual(programs.get("cluster-dns")?.args, ["--config=/kubelet.yaml"]);
    assert.equal(programs.get("cluster-dns")?.uid, process.getuid?.());
    const facts = daemonFacts(localSubject(cluster), programs);
    assert.deepEqual(facts.get("cluster-dns")?.ports, [{ port: cluster.dnsPort, listener: "this daemon" }]);
    assert.deepEqual(facts.get("kube-apiserver")?.ports, [{ port: 1, listener: "nobody" }]);
    const stranger = daemonFacts(localSubject(cluster), new Map());
    assert.equal(stranger.get("cluster-dns")?.ports[0]?.listener, "another program");
  } finally {
    child.kill();
    await once(child, "exit");
  }
});

test("modes of files are seen, and files that are not there are not", async () => {
  const cluster = scratchCluster(join(directory, "modes"));
  mkdirSync(cluster.pkiDirectory, { recursive: true });
  writeFileSync(join(cluster.pkiDirectory, "ca.key"), "");
  chmodSync(join(cluster.pkiDirectory, "ca.key"), 0o640);
  const { files, places } = await clusterView(localSubject(cluster), undefined);
  assert.equal(files.get(join(cluster.pkiDirectory, "ca.key"))?.mode, 0o640);
  assert.equal(files.has(places.etcdData), false);
});

test("a certificate is held against its authority, its key and the names it needs", async () => {
  const pki = join(directory, "pki");
  const authority = await Authority.open(pki, "ca", "kubernetes");
  const other = await Authority.open(pki, "other", "other");
  const { cert } = await authority.issue("server", {
    commonName: "server",
    hosts: ["web", "10.0.0.1"],
    usages: ["server"],
  });
  const facts = certificateFacts(cert, authority.certFile, ["web", "10.0.0.1"]);
  assert.deepEqual(
    { isSigned: facts?.isSigned, keyMatches: facts?.keyMatches, missingNames: facts?.missingNames },
    { isSigned: true, keyMatches: true, missingNames: [] },
  );
  assert.ok(facts && facts.notBeforeMs < Date.now() && facts.notAfterMs > Date.now());
  const wrong = certificateFacts(cert, other.certFile, ["web", "10.0.0.2"]);
  assert.equal(wrong?.isSigned, false);
  assert.deepEqual(wrong?.missingNames, ["10.0.0.2"]);
  const { cert: second } = await authority.issue("second", { commonName: "second", usages: ["client"] });
  writeFileSync(join(pki, "second.key"), "no key");
  assert.equal(certificateFacts(second, authority.certFile, [])?.keyMatches, false);
  assert.equal(certificateFacts(join(pki, "second.key"), authority.certFile, []), undefined);
});

test("weak ciphers and old versions are found by trying them", async () => {
  const probed = async (options: TlsOptions) => {
    const identity = await selfSignedTls(["127.0.0.1"], Date.now());
    const server = createServer({ ...identity, ...options }, (socket) => socket.on("error", () => undefined));
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      return await probeTls("127.0.0.1", (server.address() as AddressInfo).port);
    } finally {
      server.close();
    }
  };
  const strong = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
  assert.deepEqual(await probed({ minVersion: "TLSv1.2", ciphers: strong }), { oldVersions: [], weakCiphers: [] });
  const weak = await probed({ minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" });
  assert.deepEqual(weak?.oldVersions, ["TLSv1.1"]);
  assert.equal(weak?.weakCiphers.length, 1);
});

test("this machine has a kernel and a disk", async () => {
  const facts = kernelFacts();
  assert.ok(facts.namespaces.includes("net"));
  assert.ok(facts.sysctls.has("kernel.pid_max"));
  const disk = await diskFacts("etcd", join(directory, "not", "there"));
  assert.equal(disk.path, directory);
  assert.ok(disk.sizeBytes > 0);
});
