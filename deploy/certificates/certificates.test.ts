import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseClusterConfig } from "../cluster/cluster-config.ts";
import { machineNamed } from "../cluster/cluster-view.ts";
import { formatKubeconfig } from "../cluster/kubeconfig.ts";
import { smallClusterText } from "../cluster/testing/small-cluster.ts";
import { Authority } from "../pki/authority.ts";
import { certificateFacts, isDue } from "./certificate-facts.ts";
import { findCertificate, storeCertificate } from "./certificate-store.ts";
import { reportObject, reportTable } from "./expiration-report.ts";
import { type ListedCertificate, listedAuthorities, listedCertificates } from "./inventory.ts";
import { certificateOfKubeconfig, withCertificate } from "./kubeconfig-certificate.ts";
import { type FoundCertificate, daemonsToRestart, planRenewals, selectCertificates } from "./renewal-plan.ts";

const dayMs = 24 * 3_600_000;
const nowMs = Date.parse("2026-06-01T12:00:00Z");
const config = parseClusterConfig(`${smallClusterText}- {name: db-1, roles: [etcd], addresses: [192.0.2.31]}
`);
const listedOf = (name: string) => {
  const machine = machineNamed(config, name);
  assert.ok(machine);
  return { certificates: listedCertificates(config, machine), authorities: listedAuthorities(machine) };
};

describe("what a machine has", () => {
  test("of the control plane", () => {
    const { certificates, authorities } = listedOf("cp-1");
    assert.deepEqual(
      certificates.map(({ name }) => name),
      [
        "admin.conf",
        "apiserver",
        "apiserver-etcd-client",
        "apiserver-kubelet-client",
        "cluster-autoscaler.conf",
        "cluster-dns.conf",
        "controller-manager.conf",
        "etcd-healthcheck-client",
        "etcd-peer",
        "etcd-server",
        "front-proxy-client",
        "kube-proxy.conf",
        "kubelet-server",
        "pod-network.conf",
        "scheduler.conf",
        "super-admin.conf",
      ],
    );
    assert.ok(certificates.every(({ issuer }) => issuer === "authority"));
    assert.deepEqual(authorities, ["ca", "etcd/ca", "front-proxy-ca"]);
  });

  test("as a worker, whose daemons' certificates the cluster signs", () => {
    const { certificates, authorities } = listedOf("w-1");
    assert.deepEqual(
      certificates.map(({ name, issuer, request }) => [name, issuer, request.commonName, request.organizations]),
      [
        ["cluster-dns.conf", "cluster", "system:kube-dns", ["kube-ts:node:w-1"]],
        ["kube-proxy.conf", "cluster", "system:kube-proxy", ["kube-ts:node:w-1"]],
        ["pod-network.conf", "cluster", "system:pod-network-agent", ["kube-ts:node:w-1"]],
      ],
    );
    assert.deepEqual(authorities, ["ca"]);
  });

  test("with etcd alone", () => {
    const { certificates, authorities } = listedOf("db-1");
    const names = certificates.map(({ name }) => name);
    assert.deepEqual(names, ["etcd-healthcheck-client", "etcd-peer", "etcd-server"]);
    assert.deepEqual(authorities, ["etcd/ca"]);
  });
});

let directory: string;
let authority: Authority;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-certificates-"));
  authority = await Authority.open(join(directory, "pki"), "ca", "kubernetes");
});
after(() => rmSync(directory, { recursive: true }));

const request = {
  commonName: "kube-apiserver",
  organizations: ["one", "two"],
  hosts: ["kubernetes", "192.0.2.11", "2001:db8::11"],
  usages: ["server", "client"],
} as const;

test("a certificate says for whom, for what and until when it is", async () => {
  const facts = certificateFacts((await authority.sign(request)).cert);
  const { notBeforeMs, notAfterMs, ...rest } = facts;
  assert.deepEqual(rest, { ...request, usages: ["server", "client"] });
  assert.ok(notBeforeMs < Date.now() && notAfterMs > Date.now() + 300 * dayMs);
});

test("a certificate is due when less than a third of its life is left", () => {
  const facts = { notBeforeMs: nowMs - 60 * dayMs, commonName: "", organizations: [], hosts: [], usages: [] };
  assert.equal(isDue({ ...facts, notAfterMs: nowMs + 30 * dayMs }, nowMs), false);
  assert.equal(isDue({ ...facts, notAfterMs: nowMs + 30 * dayMs }, nowMs + 1_000), true);
  assert.equal(isDue({ ...facts, notAfterMs: nowMs - 1 }, nowMs), true);
});

describe("renewal", () => {
  const listed: ListedCertificate = {
    name: "apiserver",
    authority: "ca",
    place: { kind: "files", name: "apiserver" },
    request: { ...request, hosts: ["kubernetes", "added"] },
    issuer: "authority",
  };
  const facts = {
    commonName: "kube-apiserver",
    organizations: [],
    hosts: ["kubernetes", "operator.example"],
    usages: ["server"] as const,
    notBeforeMs: nowMs - 10 * dayMs,
    notAfterMs: nowMs + 355 * dayMs,
  };
  const found = (change: Partial<FoundCertificate> = {}): FoundCertificate => ({
    listed,
    facts,
    hasAuthorityKey: true,
    isForeign: false,
    ...change,
  });
  const plan = (one: FoundCertificate, force = false) => planRenewals([one], force, nowMs)[0];

  test("happens when it is due, missing or wanted", () => {
    assert.equal(plan(found())?.kind, "keep");
    assert.equal(plan(found(), true)?.kind, "renew");
    assert.equal(plan(found({ facts: undefined }))?.kind, "renew");
    assert.equal(plan(found({ facts: { ...facts, notAfterMs: nowMs + dayMs } }))?.kind, "renew");
    assert.equal(plan(found({ isForeign: true }))?.kind, "renew");
  });

  test("is not for a machine without the authority's key, unless the cluster signs", () => {
    assert.equal(plan(found({ hasAuthorityKey: false }))?.kind, "keep");
    assert.equal(plan(found({ hasAuthorityKey: false }), true)?.kind, "external");
    const ofCluster = { ...listed, issuer: "cluster" as const };
    assert.equal(plan(found({ listed: ofCluster, hasAuthorityKey: false }), true)?.kind, "renew");
  });

  test("keeps the names that there are, and adds those of the configuration", () => {
    const renewal = plan(found(), true);
    assert.ok(renewal?.kind === "renew");
    assert.deepEqual(renewal.request, {
      commonName: "kube-apiserver",
      hosts: ["kubernetes", "operator.example", "added"],
      usages: ["server"],
    });
  });

  test("is for the certificates that are named", () => {
    const all = [found(), found({ listed: { ...listed, name: "admin.conf" } })];
    const names = (given: string[]) => selectCertificates(all, given).map((each) => each.listed.name);
    assert.deepEqual(names([]), ["apiserver", "admin.conf"]);
    assert.deepEqual(names(["all"]), ["apiserver", "admin.conf"]);
    assert.deepEqual(names(["admin.conf"]), ["admin.conf"]);
    assert.throws(() => names(["admin"]), /no certificate "admin"; it has apiserver, admin\.conf/);
  });

  test("is followed by restarts of who runs with something else than is there now, those first whom others need", () => {
    const running = (daemon: "etcd" | "kube-apiserver" | "kube-scheduler", changedMs: number) => ({
      daemon,
      startedMs: nowMs,
      changedMs,
    });
    const daemons = [
      running("kube-apiserver", nowMs + 1),
      running("kube-scheduler", nowMs - 1),
      running("etcd", nowMs + 1),
    ];
    assert.deepEqual(daemonsToRestart(daemons), ["etcd", "kube-apiserver"]);
    assert.deepEqual(daemonsToRestart([]), []);
  });
});

describe("certificates on disk", () => {
  const files = (): ListedCertificate => ({
    name: "apiserver",
    authority: "ca",
    place: { kind: "files", name: "apiserver" },
    request,
    issuer: "authority",
  });
  const directories = () => ({ pki: join(directory, "pki"), configuration: directory });

  test("are found once they are stored, as far as key and certificate belong together", async () => {
    assert.equal(findCertificate(files(), directories()).facts, undefined);
    await storeCertificate(files().place, await authority.sign(request), directories());
    const found = findCertificate(files(), directories());
    assert.equal(found.hasAuthorityKey, true);
    assert.deepEqual(found.facts?.hosts, request.hosts);
    assert.equal(statSync(join(directory, "pki/apiserver.key")).mode & 0o777, 0o600);
    writeFileSync(join(directory, "pki/apiserver.key"), (await authority.sign(request)).key);
    assert.equal(findCertificate(files(), directories()).facts, undefined);
  });

  test("in a kubeconfig are exchanged, and nothing else in it", async () => {
    const first = await authority.sign(request);
    const second = await authority.sign(request);
    const content = {
      clusterName: "demo",
      server: "https://a",
      servers: ["https://a", "https://b"],
      start: "first" as const,
      authority: "ca",
      userName: "me",
    };
    const text = (pair: { cert: string; key: string }) =>
      formatKubeconfig({ ...content, user: { clientCertificate: pair.cert, clientKey: pair.key } });
    assert.deepEqual(certificateOfKubeconfig(text(first)), first);
    assert.equal(withCertificate(text(first), second), text(second));
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "me.conf"), text(first), { mode: 0o644 });
    await storeCertificate({ kind: "kubeconfig", file: "me.conf" }, second, directories());
    assert.equal(readFileSync(join(directory, "me.conf"), "utf8"), text(second));
    assert.equal(statSync(join(directory, "me.conf")).mode & 0o777, 0o600);
    assert.throws(() => certificateOfKubeconfig("kind: Config"), /no user in its current context/);
  });
});

test("a report has kubeadm's columns", () => {
  const report = {
    certificates: [
      { name: "admin.conf", notAfterMs: nowMs + 364.5 * dayMs, authority: "ca", isExternal: false },
      { name: "apiserver", notAfterMs: undefined, authority: "ca", isExternal: false },
      { name: "etcd-server", notAfterMs: nowMs - dayMs, authority: "etcd-ca", isExternal: true },
    ],
    authorities: [{ name: "ca", notAfterMs: nowMs + 3649 * dayMs, authority: "", isExternal: false }],
  };
  assert.equal(
    reportTable(report, nowMs)
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n"),
    `CERTIFICATE           EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY   EXTERNALLY MANAGED
admin.conf            Jun 01, 2027 00:00 UTC   364d            ca                      no
!MISSING! apiserver                                            ca
etcd-server           May 31, 2026 12:00 UTC   <invalid>       etcd-ca                 yes

CERTIFICATE AUTHORITY   EXPIRES                  RESIDUAL TIME   EXTERNALLY MANAGED
ca                      May 28, 2036 12:00 UTC   9y              no
`,
  );
  const { certificates } = reportObject(report, nowMs) as { certificates: readonly object[] };
  assert.deepEqual(certificates[0], {
    name: "admin.conf",
    expirationDate: "2027-06-01T00:00:00Z",
    residualTime: 31_492_800,
    externallyManaged: false,
    caName: "ca",
  });
  assert.deepEqual(certificates[1], { name: "apiserver", missing: true, externallyManaged: false, caName: "ca" });
});
