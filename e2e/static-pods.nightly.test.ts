import assert from "node:assert/strict";
import { test } from "node:test";
import { formatYaml, parseYaml } from "@kube-ts/std/yaml";
import { eventually } from "./harness/eventually.ts";
import { TcpBalancer } from "./harness/tcp-balancer.ts";
import { etcdIsHealthy } from "./many-machines/cluster-state.ts";
import { MachineKubectl } from "./many-machines/kubectl-on-machine.ts";
import { MachineCluster } from "./many-machines/machine-cluster.ts";
import { Packages } from "./many-machines/packages.ts";
import { Lab } from "./machines/lab.ts";
import { SteadyWrites } from "./machines/load/steady-writes.ts";
import type { Machine } from "./machines/machine.ts";

// What operators do to a machine whose control plane the kubelet keeps running.

const packages = ["kube-ts-runtime", "kube-ts-etcd", "kube-ts-control-plane", "kube-ts-node"];
const daemons = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
type Daemon = (typeof daemons)[number];
const longMs = 600_000;
/** Not the host's name: a machine remembers what it is called in its cluster. */
const nodeName = "cp-1";
const backup = "/root/backup.tar";

interface DoctorCheck {
  readonly id: string;
  readonly state: "PASS" | "FAIL" | "WARN" | "SKIP";
  readonly detail?: string;
}

test("a control plane of static pods is looked after as one of units is", async (context) => {
  using built = await Packages.build();
  await using lab = await Lab.start({ machines: [{ name: "one" }] });
  const machine = lab.machine("one");
  const kubectl = new MachineKubectl(machine);
  await built.install(machine, packages);
  await machine.write("/root/cluster.yaml", configuration(machine));
  const output = await machine.run(`kube-ts install --config /root/cluster.yaml --machine ${nodeName}`, {
    timeoutMs: longMs,
  });
  assert.match(output, /✓ node is Ready/);
  await kubectl.run(["create", "deployment", "web", "--image=kube-ts/demo:v1", "--replicas=2"]);
  await kubectl.run(["rollout", "status", "deployment/web", "--timeout=90s"]);

  await context.test("the doctor finds the daemons in their pods", async () => {
    const checks = await doctor(machine);
    const failed = [...checks.values()].filter(({ state }) => state === "FAIL");
    assert.deepEqual(failed, []);
    const ids = daemons.flatMap((daemon) => [daemon, `${daemon} ports`]);
    for (const id of [...ids, "readyz", "1.1.1", "1.1.6", "1.2.5", "1.3.2", "1.4.1"])
      assert.equal(checks.get(id)?.state, "PASS", `${id}: ${JSON.stringify(checks.get(id))}`);
  });

  await context.test("renewed certificates are those that the pods serve with", async () => {
    const before = await containers(machine);
    const serial = await servedSerial(machine);
    await machine.run("kube-ts certificates renew --force", { timeoutMs: longMs });
    assert.notEqual(await servedSerial(machine), serial);
    const renewed = await containers(machine);
    for (const daemon of daemons) assert.notEqual(renewed[daemon], before[daemon], `${daemon} was not made anew`);
    assert.match(await machine.run("kube-ts certificates renew"), /Nothing to renew/);
    assert.deepEqual(await containers(machine), renewed);
    await machine.run("kube-ts certificates check");
  });

  await context.test("the timer's unit renews what is due, too", async () => {
    const serial = await servedSerial(machine);
    await machine.run("rm /etc/kubernetes/pki/apiserver.crt && systemctl start kube-ts-certificates.service", {
      timeoutMs: longMs,
    });
    assert.notEqual(await servedSerial(machine), serial);
    assert.equal((await machine.unit("kube-ts-certificates.service")).Result, "success");
  });

  await context.test("another build of the programs is taken over by an upgrade", async () => {
    const before = await containers(machine);
    const web = await machine.run("docker ps --quiet --no-trunc --filter name=k8s_demo_web | sort");
    await machine.run(
      "for name in kube-apiserver kube-scheduler; do echo '// another build' >>/usr/lib/kube-ts/$name.mjs; done",
    );
    assert.match(await machine.run("kube-ts upgrade --dry-run"), /cp-1 can be upgraded/);
    assert.deepEqual(await containers(machine), before);
    await machine.run("kube-ts upgrade", { timeoutMs: longMs });
    const after = await containers(machine);
    for (const daemon of daemons) assert.notEqual(after[daemon], before[daemon], `${daemon} was not made anew`);
    assert.equal(await machine.run("docker ps --quiet --no-trunc --filter name=k8s_demo_web | sort"), web);
    assert.match(await machine.run("kube-ts upgrade", { timeoutMs: longMs }), /cp-1 was of version/);
    assert.deepEqual(await containers(machine), after);
  });

  await context.test("a backup brings back what was there", async () => {
    await kubectl.run(["create", "configmap", "kept", "--from-literal=a=1"]);
    await machine.run(`kube-ts backup ${backup}`);
    await kubectl.run(["create", "configmap", "later", "--from-literal=a=1"]);
    await kubectl.run(["delete", "configmap", "kept"]);
    await machine.run("systemctl stop etcd && rm -r /var/lib/etcd/kubernetes");
    await machine.run(`kube-ts restore ${backup} --yes`, { timeoutMs: longMs });
    const names = await kubectl.run(["get", "configmaps", "-o", "jsonpath={.items[*].metadata.name}"]);
    assert.deepEqual(names.split(" ").toSorted(), ["kept", "kube-root-ca.crt"]);
    await kubectl.run(["rollout", "restart", "deployment/web"]);
    await kubectl.run(["rollout", "status", "deployment/web", "--timeout=120s"]);
  });

  await context.test("after a power cut the control plane comes back by itself", async () => {
    await machine.powerCycle();
    await eventually(
      "the node is Ready",
      () => kubectl.run(["wait", "--for=condition=Ready", `node/${nodeName}`]),
      Boolean,
      180_000,
    );
    await kubectl.run(["rollout", "status", "deployment/web", "--timeout=120s"]);
    assert.match(await machine.run("kube-ts install", { timeoutMs: longMs }), /Nothing to change/);
  });

  await context.test("a reset leaves nothing of it", async () => {
    await machine.run("kube-ts reset --yes", { timeoutMs: longMs });
    assert.equal(await machine.run("docker ps --all --quiet"), "");
    assert.equal(
      await machine.run("find /etc/kubernetes /var/lib/kubelet /var/lib/etcd -type f 2>/dev/null || true"),
      "",
    );
    assert.equal(await machine.run("ss -Hltn | grep -E ':(6443|10257|10259|10250|2379) ' || true"), "");
  });
});

test("three machines with static pods are upgraded and get new certificates without a failed request", async (context) => {
  await using cluster = await MachineCluster.start({
    machines: ["cp-1", "cp-2", "cp-3"].map((name) => ({ name, roles: ["etcd", "control-plane", "worker"] })),
    config: { controlPlane: { mode: "static-pods" } },
  });
  await using balancer = await TcpBalancer.start(cluster.servers);
  const servers = [`https://127.0.0.1:${balancer.port}`];
  const writes = await SteadyWrites.start({ servers, access: cluster.access, timeoutMs: 10_000 });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => writes.stop());

  /** Does something to each machine in turn, and fails for a request that failed meanwhile. */
  async function withoutFailures(work: (machine: Machine) => Promise<void>): Promise<void> {
    const [from, asked] = [performance.now(), writes.acknowledged];
    for (const machine of cluster.machines) {
      await work(machine);
      await eventually("etcd is healthy", () => etcdIsHealthy(cluster.first), Boolean, 60_000);
      const areReady = () => Promise.resolve(balancer.ready.every(Boolean));
      await eventually("all API servers are ready", areReady, Boolean, 60_000);
    }
    assert.ok(writes.acknowledged > asked + 10, "nothing was written meanwhile");
    const failed = writes.attempts.filter(({ endedAt, error }) => endedAt >= from && error !== undefined);
    assert.deepEqual(
      failed.map(({ startedAt, error }) => `${((startedAt - from) / 1_000).toFixed(1)} s: ${error}`),
      [],
    );
  }

  await context.test("the doctor has nothing against any of them", async () => {
    for (const machine of cluster.machines) {
      const failed = [...(await doctor(machine)).values()].filter(({ state }) => state === "FAIL");
      assert.deepEqual(failed, [], machine.name);
    }
  });

  await context.test(
    "the doctor finds out that another machine's etcd is down, and an upgrade waits for it and then refuses",
    async () => {
      const broken = cluster.lab.machine("cp-3");
      await broken.run("systemctl stop etcd");
      assert.match((await doctor(cluster.first)).get("etcd members")?.detail ?? "", /no answer from cp-3/);
      const { code, stderr } = await cluster.first.attempt("kube-ts upgrade", { timeoutMs: longMs });
      assert.equal(code, 1);
      assert.match(stderr, /etcd is not healthy on cp-3: it might lose its majority/);
      await broken.run("systemctl start etcd");
      await eventually("etcd is healthy", () => etcdIsHealthy(cluster.first), Boolean, 60_000);
    },
  );

  await context.test("upgrades", async () => {
    await withoutFailures(async (machine) => {
      const before = await containers(machine);
      await machine.run("for file in /usr/lib/kube-ts/kube-*.mjs; do echo '// another build' >>$file; done");
      await machine.run("kube-ts upgrade", { timeoutMs: longMs });
      const after = await containers(machine);
      for (const daemon of daemons) assert.notEqual(after[daemon], before[daemon], `${machine.name} ${daemon}`);
    });
  });

  await context.test("new certificates", async () => {
    await withoutFailures(async (machine) => {
      const before = await servedSerial(machine);
      await machine.run("kube-ts certificates renew --force", { timeoutMs: longMs });
      assert.notEqual(await servedSerial(machine), before, machine.name);
    });
  });

  await context.test("one of them leaves", async () => {
    const leaving = cluster.lab.machine("cp-3");
    assert.match(
      await leaving.run("kube-ts reset --yes", { timeoutMs: longMs }),
      /leave cp-3 out of the file's machines/,
    );
    assert.equal(await leaving.run("docker ps --all --quiet"), "");
    await eventually("etcd is healthy without it", () => etcdIsHealthy(cluster.first), Boolean, 60_000);
    const { code } = await cluster.first.attempt("kube-ts certificates check");
    assert.equal(code, 0);
    const config = parseYaml(await cluster.first.read("/etc/kubernetes/cluster.yaml")) as {
      machines: { name: string }[];
    };
    const machines = config.machines.filter(({ name }) => name !== leaving.name);
    await cluster.first.write("/root/without.yaml", formatYaml({ ...config, machines }));
    await cluster.first.run("kube-ts install --config /root/without.yaml", { timeoutMs: longMs });
    await cluster.lab.machine("cp-2").run("kube-ts install --use-cluster-config", { timeoutMs: longMs });
    assert.match(await cluster.first.run("kube-ts upgrade --dry-run"), /cp-1 can be upgraded/);
  });
});

function configuration(machine: Machine): string {
  const roles = ["etcd", "control-plane", "worker"];
  return formatYaml({
    apiVersion: "deploy.kube-ts.io/v1",
    kind: "Cluster",
    controlPlane: { mode: "static-pods" },
    machines: [{ name: nodeName, roles, addresses: machine.addresses, taints: [] }],
  });
}

/** The container that each daemon of the control plane runs in. */
async function containers(machine: Machine): Promise<Readonly<Record<Daemon, string>>> {
  const found = await Promise.all(
    daemons.map(async (daemon) => {
      const filters = `--filter label=io.kubernetes.container.name=${daemon}`;
      return [daemon, (await machine.run(`docker ps --quiet --no-trunc ${filters}`)).trim()] as const;
    }),
  );
  return Object.fromEntries(found) as Record<Daemon, string>;
}

/** Of the certificate that the API server shows to its clients. */
async function servedSerial(machine: Machine): Promise<string> {
  const script = `const socket = tls.connect({ host: "127.0.0.1", port: 6443, rejectUnauthorized: false }, () => {
    process.stdout.write(socket.getPeerX509Certificate().serialNumber);
    socket.destroy();
  });`;
  return machine.run(`/usr/lib/kube-ts/node -e '${script}'`);
}

async function doctor(machine: Machine): Promise<ReadonlyMap<string, DoctorCheck>> {
  const { stdout } = await machine.attempt("kube-ts doctor --output json");
  const { checks } = JSON.parse(stdout) as { checks: readonly DoctorCheck[] };
  return new Map(checks.map((check) => [check.id, check]));
}
