import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { Lease } from "@kube-ts/api/coordination/v1";
import type { Node } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { eventually } from "../harness/eventually.ts";
import { Lab } from "../machines/lab.ts";
import type { CommandResult, Machine } from "../machines/machine.ts";
import { MachineKubectl } from "../many-machines/kubectl-on-machine.ts";
import { Packages } from "../many-machines/packages.ts";

// Two machines: one starts a cluster, the other one joins it as what it may be, and is kept out when it should be.

let packages: Packages;
let lab: Lab;
let first: Machine;
let second: Machine;
let kubectl: MachineKubectl;

const commandMs = 600_000;

before(async () => {
  packages = await Packages.build();
  lab = await Lab.start({ machines: [{ name: "cp-1" }, { name: "cp-2" }] });
  [first, second] = [lab.machine("cp-1"), lab.machine("cp-2")];
  kubectl = new MachineKubectl(first);
  const all = ["kube-ts-runtime", "kube-ts-etcd", "kube-ts-control-plane", "kube-ts-node"];
  await Promise.all(lab.machines.map((machine) => packages.install(machine, all)));
  await install(first, second);
});

after(async () => {
  await lab[Symbol.asyncDispose]();
  packages[Symbol.dispose]();
});

/** Has the first machine as it is in a configuration that names these machines. */
async function install(...named: readonly Machine[]): Promise<void> {
  const roles = ["etcd", "control-plane", "worker"];
  const machines = named.map(({ name, addresses }) => ({ name, addresses, roles }));
  const config = { apiVersion: "deploy.kube-ts.io/v1", kind: "Cluster", name: "lab", machines };
  await first.write("/root/cluster.yaml", JSON.stringify(config));
  await first.run("kube-ts install --config /root/cluster.yaml", { timeoutMs: commandMs });
}

/** The parts of the command that a token's maker prints. */
interface JoinCommand {
  readonly endpoint: string;
  readonly token: string;
  readonly hash: string;
  readonly key: string;
}

async function joinCommand(flags = ""): Promise<JoinCommand> {
  const text = await first.run(`kube-ts token create --print-join-command ${flags}`);
  const value = (pattern: RegExp) => pattern.exec(text)?.[1] ?? "";
  return {
    endpoint: value(/kube-ts join (\S+)/),
    token: value(/--token (\S+)/),
    hash: value(/--discovery-token-ca-cert-hash (\S+)/),
    key: value(/--certificate-key (\S+)/),
  };
}

function join({ endpoint, token, hash, key }: JoinCommand, more = ""): Promise<CommandResult> {
  const server = key === "" ? "" : `--control-plane --certificate-key ${key}`;
  const command = `kube-ts join ${endpoint} --token ${token} --discovery-token-ca-cert-hash ${hash} ${server} ${more}`;
  return second.attempt(command, { timeoutMs: commandMs });
}

async function etcdMembers(): Promise<readonly string[]> {
  const pki = "/etc/kubernetes/pki/etcd";
  const identity = `--cacert=${pki}/ca.crt --cert=${pki}/healthcheck-client.crt --key=${pki}/healthcheck-client.key`;
  const text = await first.run(`ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 ${identity} member list`);
  return text
    .trim()
    .split("\n")
    .map((line) => line.split(", "))
    .map(([, state, name, , , isLearner]) => `${name} ${state}${isLearner === "true" ? " learner" : ""}`)
    .toSorted();
}

/** Files and daemons of a cluster on the second machine. */
async function traces(): Promise<string> {
  const files = await second.run("find /etc/kubernetes /var/lib/etcd/kubernetes -type f 2>/dev/null || true");
  const units = await second.run("systemctl list-units --plain --no-legend 'kube*.service' etcd.service");
  return `${files}${units}`.trim();
}

async function apiServers(): Promise<readonly string[]> {
  const selector = "kubernetes.io/service-name=kubernetes";
  const { items } = await kubectl.json<{ items: EndpointSlice[] }>(["get", "endpointslices", "-l", selector]);
  return items.flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ addresses }) => addresses)).toSorted();
}

async function leader(name: string): Promise<string> {
  const lease = await kubectl.json<Lease>(["get", "lease", "-n", "kube-system", name]);
  return lease.spec.holderIdentity?.split("_")[0] ?? "";
}

async function isNodeReady(name: string): Promise<boolean> {
  const node = await kubectl.json<Node>(["get", "node", name]);
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** What is good for long, too. The unit has rights of its own, which are fewer than those of a shell. */
async function renewAsTheTimerDoes(): Promise<void> {
  const service = "kube-ts-certificates.service";
  const directory = `/run/systemd/system/${service}.d`;
  const forced = "[Service]\nExecStart=\nExecStart=/usr/bin/kube-ts certificates renew --force\n";
  await second.write(`${directory}/forced.conf`, forced);
  await second.run(`systemctl daemon-reload && systemctl start ${service}`, { timeoutMs: commandMs });
  await second.run(`rm -r ${directory} && systemctl daemon-reload`);
}

describe("a machine is kept out", () => {
  const soon = "--discovery-timeout 3s";
  const refused = async (outcome: Promise<CommandResult>, reason: RegExp) => {
    const { code, stderr } = await outcome;
    assert.equal(code, 1, stderr);
    assert.match(stderr, reason);
    assert.equal(await traces(), "");
    assert.deepEqual(await etcdMembers(), ["cp-1 started"]);
  };

  test("without the right token", async () => {
    const good = await joinCommand("--control-plane");
    const wrong = `${good.token.split(".")[0]}.0000000000000000`;
    await refused(join({ ...good, token: wrong }, soon), /failed to verify JWS signature/);
    await refused(join({ ...good, token: "aaaaaa.0000000000000000" }, soon), /JWS signature .* token ID "aaaaaa"/);
    await refused(join({ ...good, token: "aaaaaa" }, soon), /the bootstrap token "aaaaaa" was not of the form/);
  });

  test("with a token that has expired", async () => {
    const expired = await joinCommand("--control-plane --ttl 1s");
    await eventually("the token is gone", async () => !(await first.run("kube-ts token list")).includes(expired.token));
    await refused(join(expired, soon), /could not find a JWS signature/);
  });

  test("with the hash of another authority", async () => {
    const good = await joinCommand("--control-plane");
    await refused(join({ ...good, hash: `sha256:${"0".repeat(64)}` }, soon), /none of the public keys .* are pinned/);
  });

  test("without the key of the control plane's certificates", async () => {
    const good = await joinCommand("--control-plane");
    await refused(join({ ...good, key: "0".repeat(64) }), /cipher: message authentication failed/);
    await refused(join({ ...good, key: "" }), /join it with --control-plane and --certificate-key/);
  });
});

describe("a machine joins the control plane", () => {
  test("or nothing of it stays", async () => {
    await second.run("systemctl mask kube-scheduler.service");
    const { code, stderr } = await join(await joinCommand("--control-plane"));
    await second.run("systemctl unmask kube-scheduler.service");
    assert.equal(code, 1);
    assert.match(stderr, /kube-scheduler/);
    assert.equal(await traces(), "");
    assert.deepEqual(await etcdMembers(), ["cp-1 started"]);
  });

  test("with a member of etcd, an API server and a node", async () => {
    const command = await joinCommand("--control-plane");
    const { code, stderr } = await join(command);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await etcdMembers(), ["cp-1 started", "cp-2 started"]);
    assert.equal(await isNodeReady("cp-2"), true);
    const addresses = lab.machines.map(({ address }) => address).toSorted();
    await eventually("both API servers serve", async () => (await apiServers()).join() === addresses.join());
    const encryption = "/etc/kubernetes/credentials/kube-apiserver/encryption.yaml";
    const keys = `stat -c '%a %U' ${encryption} && sha256sum ${encryption}`;
    assert.match(await second.run(keys), /^600 root$/m);
    assert.equal(await second.run(keys), await first.run(keys));
    const own = `kubectl --kubeconfig=/etc/kubernetes/admin.conf --server=https://${second.address}:6443`;
    assert.match(await second.run(`${own} get secrets --namespace=kube-system --output=name`), /kubeadm-certs/);
    assert.match((await join(command)).stdout, /Nothing to change: cp-2 is in the cluster already/);
  });

  test("and renews its certificates while the cluster serves", async () => {
    assert.match(await second.run("kube-ts certificates renew"), /Nothing to renew/);
    const expirations = async () =>
      new Map(
        (
          JSON.parse(await second.run("kube-ts certificates check -o json")) as {
            certificates: { name: string; expirationDate: string }[];
          }
        ).certificates.map(({ name, expirationDate }) => [name, Date.parse(expirationDate)]),
      );
    const before = await expirations();
    await renewAsTheTimerDoes();
    const renewed = await expirations();
    assert.deepEqual([...renewed.keys()], [...before.keys()]);
    for (const [name, endMs] of renewed) assert.ok(endMs > (before.get(name) ?? 0), name);
    for (const daemon of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]) {
      assert.match(await second.journal("kube-ts-certificates.service"), new RegExp(`restart of ${daemon} `));
    }
    assert.equal((await second.run("systemctl --failed --plain --no-legend")).trim(), "");
    assert.equal(await isNodeReady("cp-2"), true);
    assert.match(await second.run("KUBECONFIG=/etc/kubernetes/admin.conf kubectl get --raw /readyz"), /^ok/);
  });

  test("and takes over from an API server that hangs", async () => {
    kubectl = new MachineKubectl(second);
    await first.run("systemctl kill --kill-who=main --signal=STOP kube-apiserver.service");
    await eventually("the hanging one is no endpoint", async () => (await apiServers()).join() === second.address);
    // Its watchdog ends it, and systemd brings it back.
    await eventually("it is back", async () => (await apiServers()).length === 2, Boolean, 120_000);
    for (const daemon of ["kube-controller-manager", "kube-scheduler"]) {
      const former = await leader(daemon);
      const machine = lab.machine(former);
      await machine.run(`systemctl stop ${daemon}.service`);
      await eventually(`${daemon} is led by the other machine`, async () => {
        const now = await leader(daemon);
        return now !== former && now !== "";
      });
      await machine.run(`systemctl start ${daemon}.service`);
    }
  });

  test("and leaves it again", async () => {
    kubectl = new MachineKubectl(first);
    await second.run("kube-ts reset --yes", { timeoutMs: commandMs });
    assert.deepEqual(await etcdMembers(), ["cp-1 started"]);
    assert.equal(await traces(), "");
    await kubectl.run(["delete", "node", "cp-2"]);
  });
});

test("a machine joins as a worker that the configuration does not name", async () => {
  const command = await joinCommand();
  const { code, stderr } = await join(command, "--machine w-1");
  assert.equal(code, 1);
  assert.match(stderr, /to the machine cp-2: join it as --machine cp-2, or take that out of the configuration/);
  await install(first);
  const joined = await join(command, "--machine w-1");
  assert.equal(joined.code, 0, joined.stderr);
  assert.equal(await isNodeReady("w-1"), true);
  const requests = await eventually(
    "the machine's certificates are signed",
    () => kubectl.json<{ items: CertificateSigningRequest[] }>(["get", "csr"]),
    ({ items }) => {
      const serving = items.find(({ spec }) => spec.signerName === "kubernetes.io/kubelet-serving");
      return serving?.status?.certificate !== undefined;
    },
  );
  const ofWorker = requests.items.filter(({ spec }) => spec.username === "system:node:w-1");
  assert.equal(ofWorker.length, 4);
  assert.ok(ofWorker.every(({ status }) => status?.certificate !== undefined));
  await renewAsTheTimerDoes();
  assert.match(await second.journal("kube-ts-certificates.service"), /restart of kube-proxy /);
  assert.equal((await second.run("systemctl --failed --plain --no-legend")).trim(), "");
  assert.match((await join(command, "--machine w-1")).stdout, /Nothing to change: w-1 is in the cluster already/);
});
