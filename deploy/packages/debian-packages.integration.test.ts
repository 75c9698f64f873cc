import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Lab } from "../../e2e/machines/lab.ts";
import type { Machine } from "../../e2e/machines/machine.ts";
import { buildPackages, bundlePrograms } from "../../scripts/package/build-packages.ts";
import type { Bundles } from "../../scripts/package/build-packages.ts";
import { Authority, signingKeyFiles } from "../pki/authority.ts";
import { certificatesService, credentialPath, daemonUnits } from "../units/unit-files.ts";
import { debianPackages } from "./debian-packages.ts";
import { programs } from "./programs.ts";

const directory = mkdtempSync(join(tmpdir(), "kube-ts-packages-"));
const names = debianPackages.map(({ name }) => name).join(" ");
const onMachine = "/root/packages";

/** What systemd thinks somebody who took over the daemon could do to the machine; 10 is everything. */
const exposureBounds: Readonly<Record<string, number>> = {
  "etcd.service": 1.5,
  "kube-apiserver.service": 1.7,
  "kube-controller-manager.service": 1.7,
  "kube-scheduler.service": 1.7,
  "cluster-autoscaler.service": 1.7,
  "cluster-dns.service": 1.8,
  "kube-proxy.service": 2.2,
  "pod-network-agent.service": 2.5,
  // It mounts, starts containers and configures networks for everybody.
  "kubelet.service": 7.5,
  [certificatesService]: 2.5,
};

const sourceDateEpoch = 1_767_225_600;

/** Everything on the machine that packages could leave behind. */
const listFiles =
  "find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /root -o -path /var/tmp -o -path /var/log/journal " +
  "-o -path /var/log/apt -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache -o -path /var/lib/systemd " +
  "-o -path /var/lib/docker -o -path /var/lib/containerd \\) -prune -o -print | sort";
const listUsers = "cut -d: -f1 /etc/passwd /etc/group | sort";
const readyz = "kubectl --kubeconfig=/etc/kubernetes/admin.conf get --raw=/readyz";
const apt = (...words: string[]) => `DEBIAN_FRONTEND=noninteractive apt-get -qq -y ${words.join(" ")} 2>&1`;

describe("Debian packages on a machine", () => {
  let lab: Lab;
  let machine: Machine;
  let bundles: Bundles;
  let packages: readonly string[];
  let bare: { readonly files: string; readonly users: string };

  before(async () => {
    bundles = await bundlePrograms();
    packages = await buildPackages({ bundles, output: join(directory, "one"), revision: 1, sourceDateEpoch });
    lab = await Lab.start({ machines: [{ name: "packaged-1" }] });
    machine = lab.machine("packaged-1");
    bare = { files: await machine.run(listFiles), users: await machine.run(listUsers) };
    for (const path of packages) await machine.copyIn(path, onMachine);
  });
  after(async () => {
    await lab?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  test("the same input makes the same bytes", async () => {
    const mask = process.umask(0o077);
    const again = await buildPackages({
      bundles,
      output: join(directory, "two"),
      revision: 1,
      sourceDateEpoch,
    }).finally(() => process.umask(mask));
    for (const [index, path] of packages.entries())
      assert.equal(digest(again[index] ?? ""), digest(path), basename(path));
  });

  test("apt installs them without a network, and nothing starts", async () => {
    await machine.run(apt("install", `${onMachine}/*.deb`), { timeoutMs: 300_000 });
    assert.equal(await machine.run(`dpkg --verify ${names}`), "");
    for (const { unit } of Object.values(daemonUnits)) {
      assert.equal((await machine.unit(unit)).ActiveState, "inactive", unit);
    }
    // Asked to start all the same, a unit of a role that the machine does not have is left out.
    await machine.run("systemctl start kube-apiserver.service kubelet.service");
    assert.equal((await machine.unit("kubelet.service")).ActiveState, "inactive");
    for (const { name, idle } of programs) assert.match(await machine.run(`${name} ${idle}`), /v1\.\d+/, name);
  });

  test("files are root's, and nobody else can write to them", async () => {
    const files = `dpkg -L ${names} | grep -vE '^$|:$' | sort -u`;
    assert.equal(await machine.run(`${files} | xargs -d '\\n' stat -c '%U:%G %n' | grep -v '^root:root ' || true`), "");
    assert.equal(await machine.run(`${files} | xargs -I{} find {} -maxdepth 0 ! -type l -perm /022`), "");
    const secrets = "/etc/kubernetes/credentials /etc/kubernetes/credentials/kube-apiserver /etc/kubernetes/manifests";
    assert.equal(await machine.run(`stat -c %a ${secrets}`), "700\n700\n700\n");
    assert.equal(await machine.run("find /var/cache/kube-ts ! -user root -o ! -type l -perm /022"), "");
  });

  test("systemd finds nothing wrong with the units, and little that could be done through them", async (t) => {
    const units = Object.keys(exposureBounds);
    const { stdout, stderr } = await machine.attempt(`systemd-analyze verify --man=no ${units.join(" ")}`);
    assert.equal(`${stdout}${stderr}`, "");
    for (const [unit, bound] of Object.entries(exposureBounds)) {
      const text = await machine.run(`systemd-analyze security --no-pager '${unit}' | tail -n 1`);
      const exposure = Number(/: ([0-9.]+)/.exec(text)?.[1]);
      t.diagnostic(`exposure of ${unit}: ${exposure} (bound ${bound})`);
      assert.ok(exposure <= bound, text);
    }
  });

  test("etcd and the API server serve as users without rights", async () => {
    await setUpControlPlane(machine);
    await machine.run("systemctl start etcd.service kube-apiserver.service", { timeoutMs: 300_000 });
    for (const daemon of ["etcd", "kube-apiserver"] as const) {
      const { unit, user } = daemonUnits[daemon];
      const { ActiveState, MainPID, NRestarts } = await machine.unit(unit);
      assert.deepEqual(
        { ActiveState, NRestarts },
        { ActiveState: "active", NRestarts: 0 },
        await machine.journal(unit),
      );
      assert.equal((await machine.run(`stat -c %U /proc/${MainPID}`)).trim(), user);
      const status = await machine.read(`/proc/${MainPID}/status`);
      assert.match(status, /^CapEff:\t0+\n(?:.*\n)*?CapBnd:\t0+$/m, unit);
      assert.match(status, /^NoNewPrivs:\t1$/m, unit);
      assert.match(status, /^Seccomp:\t2$/m, unit);
    }
    await machine.waitUntil("the API server is ready", readyz);
    const keys =
      "/etc/kubernetes/pki/sa.key /etc/kubernetes/pki/etcd/server.key /run/credentials/etcd.service/server.key";
    for (const key of keys.split(" ")) {
      const { stderr } = await machine.attempt(`runuser -u kube-apiserver -- cat ${key}`);
      assert.match(stderr, /Permission denied/, key);
    }
  });

  test("installing again leaves running daemons alone", async () => {
    const pid = (await machine.unit("kube-apiserver.service")).MainPID;
    await machine.run(apt("install", "--reinstall", `${onMachine}/*.deb`), { timeoutMs: 300_000 });
    assert.equal((await machine.unit("kube-apiserver.service")).MainPID, pid);
    await machine.waitUntil("the API server is ready", readyz);
  });

  test("a daemon that hangs is ended and started again", async () => {
    const dropIn = "/run/systemd/system/kube-apiserver.service.d/watchdog.conf";
    await machine.write(dropIn, "[Service]\nWatchdogSec=15\n");
    await machine.run("systemctl daemon-reload && systemctl restart kube-apiserver.service", { timeoutMs: 300_000 });
    const { MainPID, NRestarts } = await machine.unit("kube-apiserver.service");
    await machine.run(`kill -STOP ${MainPID}`);
    const restarts = "systemctl show --property=NRestarts --value kube-apiserver.service";
    await machine.waitUntil("the watchdog acts", `test "$(${restarts})" -gt ${NRestarts}`, 120_000);
    await machine.waitUntil("it serves again", "systemctl is-active kube-apiserver.service", 120_000);
    assert.notEqual((await machine.unit("kube-apiserver.service")).MainPID, MainPID);
    assert.match(await machine.journal("kube-apiserver.service"), /Watchdog timeout/);
    await machine.run(`rm -r $(dirname ${dropIn}) && systemctl daemon-reload`);
  });

  test("removed and purged, they leave nothing", async () => {
    await machine.run("systemctl enable --quiet kube-apiserver.service kubelet.service");
    await machine.run(apt("remove", "'kube-ts-*'"), { timeoutMs: 300_000 });
    for (const daemon of ["etcd", "kube-apiserver"] as const) {
      assert.equal((await machine.unit(daemonUnits[daemon].unit)).ActiveState, "inactive", daemon);
    }
    assert.equal(await machine.run("ls /usr/lib/kube-ts /var/cache/kube-ts 2>/dev/null || true"), "");
    // The keys to what etcd still has are kept, even by a purge.
    assert.match(await machine.run("sh /var/lib/dpkg/info/kube-ts-runtime.postrm purge 2>&1"), /kubernetes is kept/);
    assert.ok(await machine.read("/etc/kubernetes/pki/ca.key"));
    await machine.run("rm -r /var/lib/etcd/kubernetes");
    await machine.run(apt("purge", "'kube-ts-*'"), { timeoutMs: 300_000 });
    const lines = (text: string) => text.split("\n");
    const known = new Set(lines(bare.files));
    assert.deepEqual(
      lines(await machine.run(listFiles)).filter((path) => !known.has(path)),
      [],
    );
    assert.equal(await machine.run(listUsers), bare.users);
    assert.equal((await machine.attempt("systemctl list-unit-files | grep -E '^(kube|cluster-|pod-)'")).stdout, "");
  });
});

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** The least that etcd and an API server need, as `kube-ts install` would place it. */
async function setUpControlPlane(machine: Machine): Promise<void> {
  const pki = join(directory, "pki");
  mkdirSync(join(pki, "etcd"), { recursive: true });
  const cluster = await Authority.open(pki, "ca", "kubernetes");
  const frontProxy = await Authority.open(pki, "front-proxy-ca", "front-proxy-ca");
  const etcd = await Authority.open(join(pki, "etcd"), "ca", "etcd-ca");
  const hosts = ["127.0.0.1"];
  await cluster.issue("apiserver", { commonName: "kube-apiserver", hosts, usages: ["server"] });
  await cluster.issue("apiserver-kubelet-client", { commonName: "kube-apiserver-kubelet-client", usages: ["client"] });
  await frontProxy.issue("front-proxy-client", { commonName: "front-proxy-client", usages: ["client"] });
  for (const name of ["server", "peer"])
    await etcd.issue(name, { commonName: name, hosts, usages: ["server", "client"] });
  const toEtcd = await etcd.issue("apiserver-etcd-client", { commonName: "kube-apiserver", usages: ["client"] });
  await signingKeyFiles(pki, "sa");
  const admin = await cluster.issue("admin", {
    commonName: "admin",
    organizations: ["system:masters"],
    usages: ["client"],
  });
  await machine.copyIn(pki, "/etc/kubernetes");
  await machine.run("mv /etc/kubernetes/pki/etcd/apiserver-etcd-client.* /etc/kubernetes/pki/");
  assert.ok(toEtcd.cert.endsWith("apiserver-etcd-client.crt"));
  await machine.write("/etc/kubernetes/admin.conf", kubeconfig(cluster.certFile, admin.cert, admin.key), 0o600);
  await machine.write(daemonUnits.etcd.envFile, flagsFile("etcd", etcdFlags));
  await machine.write(daemonUnits["kube-apiserver"].envFile, flagsFile("kube-apiserver", apiServerFlags));
}

function kubeconfig(ca: string, cert: string, key: string): string {
  const data = (path: string) => readFileSync(path).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:6443", "certificate-authority-data": data(ca) } }],
    users: [{ name: "c", user: { "client-certificate-data": data(cert), "client-key-data": data(key) } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "c" } }],
  });
}

function flagsFile(daemon: "etcd" | "kube-apiserver", flags: readonly string[]): string {
  return `${daemonUnits[daemon].flagsVariable}="${flags.join(" ")}"\n`;
}

const etcdFlags = [
  "--name=packaged-1",
  "--data-dir=/var/lib/etcd/kubernetes",
  "--listen-client-urls=https://127.0.0.1:2379",
  "--advertise-client-urls=https://127.0.0.1:2379",
  "--listen-peer-urls=https://127.0.0.1:2380",
  "--initial-advertise-peer-urls=https://127.0.0.1:2380",
  "--initial-cluster=packaged-1=https://127.0.0.1:2380",
  "--client-cert-auth",
  "--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
  `--cert-file=${credentialPath("etcd", "server.crt")}`,
  `--key-file=${credentialPath("etcd", "server.key")}`,
  "--peer-client-cert-auth",
  "--peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
  `--peer-cert-file=${credentialPath("etcd", "peer.crt")}`,
  `--peer-key-file=${credentialPath("etcd", "peer.key")}`,
];

const credential = (id: string) => credentialPath("kube-apiserver", id);
const apiServerFlags = [
  `--tls-cert-file=${credential("apiserver.crt")}`,
  `--tls-private-key-file=${credential("apiserver.key")}`,
  "--client-ca-file=/etc/kubernetes/pki/ca.crt",
  "--etcd-servers=https://127.0.0.1:2379",
  "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt",
  `--etcd-certfile=${credential("apiserver-etcd-client.crt")}`,
  `--etcd-keyfile=${credential("apiserver-etcd-client.key")}`,
  "--service-cluster-ip-range=10.96.0.0/16",
  "--service-account-issuer=https://kubernetes.default.svc",
  `--service-account-signing-key-file=${credential("sa.key")}`,
  "--authorization-mode=Node,RBAC",
  "--audit-log-path=/var/log/kubernetes/audit/audit.log",
];
