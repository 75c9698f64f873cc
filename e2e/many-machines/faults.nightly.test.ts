import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Node } from "@kube-ts/api/core/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { eventually } from "../harness/eventually.ts";
import { FaultReport, seconds } from "../machines/load/fault-report.ts";
import { HttpClients } from "../machines/load/http-clients.ts";
import { ApiClient } from "../machines/load/api-access.ts";
import { SteadyWrites } from "../machines/load/steady-writes.ts";
import type { Machine } from "../machines/machine.ts";
import { AnyApiServer, etcdLeader } from "./cluster-state.ts";
import { echoManifest } from "./echo-server.ts";
import { FaultRun } from "./fault-run.ts";
import type { FaultOutcome } from "./fault-run.ts";
import { isReady, MachineCluster } from "./machine-cluster.ts";
import { echoPods, echoService } from "./reachability.ts";

const longestOutageMs = 10_000;
const longestElectionMs = 20_000;

let cluster: MachineCluster;
let writes: SteadyWrites;
let web: HttpClients;
let faults: FaultRun;
let nodePort = 0;
const report = new FaultReport();

before(async () => {
  cluster = await MachineCluster.start({
    machines: [
      { name: "cp-1", roles: ["etcd", "control-plane", "worker"] },
      { name: "cp-2", roles: ["etcd", "control-plane", "worker"] },
      { name: "cp-3", roles: ["etcd", "control-plane"] },
      { name: "worker-1", roles: ["worker"] },
    ],
  });
  const workers = cluster.having("worker");
  await cluster.kubectl.run(["apply", "-f", "-"], echoManifest("web", { replicas: 4 }));
  await eventually(
    "four pods are ready",
    () => echoPods(cluster.kubectl, "web"),
    (pods) => pods.length === 4,
    120_000,
  );
  nodePort = (await echoService(cluster.kubectl, "web")).nodePort;
  writes = await SteadyWrites.start({ servers: cluster.servers, access: cluster.access, everyMs: 200 });
  web = new HttpClients(
    workers.map(({ address }) => ({ host: address, port: nodePort })),
    100,
  );
  faults = new FaultRun(cluster, { writes, web }, report);
});

after(async () => {
  await Promise.all([writes?.stop(), web?.stop()]);
  await cluster?.[Symbol.asyncDispose]();
  process.stdout.write(`\n${report.format()}\n`);
});

/** What holds for every fault. Times are longer on a computer that others use, too. */
function assertHarmless({ apiOutageMs, leaderMovedMs, restarted, stretch }: FaultOutcome): void {
  assert.ok(apiOutageMs <= longestOutageMs * stretch, `no write was taken for ${seconds(apiOutageMs)}`);
  for (const ms of leaderMovedMs) assert.ok(ms <= longestElectionMs * stretch, `leadership moved after ${seconds(ms)}`);
  assert.deepEqual(restarted, []);
}

/** The machine whose process leads. */
async function leaderOf(daemon: "kube-controller-manager" | "kube-scheduler"): Promise<Machine> {
  using api = new AnyApiServer(cluster.servers, cluster.access);
  return cluster.lab.machine((await api.holder(daemon)).split("_")[0] ?? "");
}

async function leadingMember(): Promise<Machine> {
  const found = await eventually("etcd has a leader", () => etcdLeader(cluster.having("etcd")));
  if (found === undefined) throw new Error("etcd has no leader");
  return found;
}

/** Who led, and lost its lease, ends and starts anew: nothing else tells that its work is no longer its own. */
function elected({ name }: Machine): readonly string[] {
  return [`${name}/kube-controller-manager.service`, `${name}/kube-scheduler.service`];
}

/** How long a fault lasts. */
function lasting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe("kill -9", () => {
  const killed = async (machine: Machine, unit: string, more: Partial<Parameters<FaultRun["run"]>[0]> = {}) => {
    const act = async () => void (await machine.kill(unit));
    const name = `kill -9 ${unit.replace(".service", "")}`;
    return faults.run({ name, act, dies: [`${machine.name}/${unit}`], ...more });
  };

  test("the leader of etcd", async () => {
    assertHarmless(await killed(await leadingMember(), "etcd.service"));
  });

  test("an API server", async () => {
    assertHarmless(await killed(cluster.first, "kube-apiserver.service"));
  });

  for (const daemon of ["kube-controller-manager", "kube-scheduler"] as const) {
    test(`the active ${daemon}`, async () => {
      assertHarmless(await killed(await leaderOf(daemon), `${daemon}.service`, { elects: [daemon] }));
    });
  }

  for (const unit of ["kubelet.service", "kube-proxy.service", "docker.service"]) {
    test(`${unit}: no container is restarted and nobody notices`, async () => {
      const outcome = await killed(cluster.lab.machine("worker-1"), unit);
      assertHarmless(outcome);
      assert.equal(outcome.webTroubleMs, 0);
    });
  }
});

test("systemctl restart docker: no container is restarted and nobody notices", async () => {
  const worker = cluster.lab.machine("worker-1");
  const outcome = await faults.run({
    name: "restart docker",
    act: async () => void (await worker.run("systemctl restart docker.service")),
    dies: ["worker-1/docker.service"],
  });
  assertHarmless(outcome);
  assert.equal(outcome.webTroubleMs, 0);
});

test("a machine of the control plane, with etcd's leader, loses its power for a moment", async () => {
  const machine = await leadingMember();
  const outcome = await faults.run({
    name: `power-cycle ${machine.name} (etcd's leader)`,
    act: () => machine.powerCycle(),
    dies: [`${machine.name}/`],
    deadTargets: [`${machine.address}:${nodePort}`, `https://${machine.address}:6443`],
  });
  assertHarmless(outcome);
});

test("the power of a worker fails: its pods run elsewhere, and it comes back", async () => {
  const worker = cluster.lab.machine("worker-1");
  using api = new AnyApiServer(cluster.servers, cluster.access);
  const node = () => api.json<Node>(`/api/v1/nodes/${worker.name}`);
  const pods = async () => {
    const { items } = await api.json<{ items: Pod[] }>("/api/v1/namespaces/default/pods?labelSelector=app%3Dweb");
    return items.filter(
      ({ spec, status, metadata }) =>
        metadata.deletionTimestamp === undefined &&
        spec.nodeName !== worker.name &&
        status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
    );
  };
  let noticedMs = 0;
  const outcome = await faults.run({
    name: "power off worker-1",
    act: () => worker.powerOff(),
    dies: ["worker-1/"],
    deadTargets: [`${worker.address}:${nodePort}`],
    settle: async (since) => {
      await eventually("its death is noticed", node, (node) => !isReady(node), 120_000);
      noticedMs = performance.now() - since;
      await eventually("its pods run elsewhere", pods, (ready) => ready.length === 4, 120_000);
      const replaced = performance.now() - since;
      return { "noticed after": seconds(noticedMs), "pods elsewhere after": seconds(replaced) };
    },
  });
  await worker.powerOn();
  await eventually("its node is Ready", node, (node) => isReady(node), 60_000);
  assertHarmless(outcome);
  assert.ok(noticedMs <= 50_000 * outcome.stretch, `its death was noticed after ${seconds(noticedMs)}`);
});

test("a machine of the control plane hangs for a while", async () => {
  const machine = cluster.lab.machine("cp-2");
  const outcome = await faults.run({
    name: `pause ${machine.name} for 15 s`,
    act: async () => {
      await machine.pause();
      await lasting(15_000);
      await machine.unpause();
    },
    dies: elected(machine),
    deadTargets: [`${machine.address}:${nodePort}`, `https://${machine.address}:6443`],
  });
  assertHarmless(outcome);
});

test("a machine of the control plane loses 30 % of its packets for a while", async () => {
  const outcome = await faults.run({
    name: "cp-3 loses 30 % of its packets for 10 s",
    act: async () => {
      await cluster.lab.wires.lose(cluster.lab.machine("cp-3"), 30);
      await lasting(10_000);
      await cluster.lab.wires.heal();
    },
    dies: [],
  });
  assertHarmless(outcome);
});

test("a minority that is cut off takes no write and serves nothing stale; healed, all agree", async () => {
  const [cutOff, worker] = [cluster.lab.machine("cp-3"), cluster.lab.machine("worker-1")];
  const majority = cluster.machines.filter((machine) => machine !== cutOff && machine !== worker);
  const [apart, ...together] = [cutOff, ...majority].map(
    ({ address }) => new ApiClient(`https://${address}:6443`, cluster.access),
  );
  const [living] = together;
  assert.ok(apart && living);
  const path = "/api/v1/namespaces/default/configmaps";
  await living.json("POST", path, { metadata: { name: "partition" }, data: { value: "before" } });
  const answersApart: string[] = [];
  const outcome = await faults.run({
    name: "partition cp-3 and worker-1 from the others for 20 s",
    act: async () => {
      await cluster.lab.wires.partitionGroups([cutOff, worker], majority);
      const change = () => living.ask("PATCH", `${path}/partition`, { data: { value: "after" } });
      await eventually("the majority takes a write", change, ({ code }) => code === 200, 15_000);
      const until = performance.now() + 15_000;
      while (performance.now() < until) {
        const read = await apart.ask("GET", `${path}/partition`).catch((error: unknown) => String(error));
        if (typeof read !== "string" && read.code === 200) answersApart.push(`GET: ${read.text}`);
        const write = await apart
          .ask("PATCH", `${path}/partition`, { data: { value: "minority" } })
          .catch((error: unknown) => String(error));
        if (typeof write !== "string" && write.code === 200) answersApart.push(`PATCH: ${write.text}`);
      }
      await cluster.lab.wires.heal();
    },
    dies: elected(cutOff),
    deadTargets: [`${worker.address}:${nodePort}`, `https://${cutOff.address}:6443`],
  });
  assertHarmless(outcome);
  assert.deepEqual(answersApart, []);
  const values = await Promise.all(
    [apart, ...together].map((client) =>
      client.json<{ data: { value: string }; metadata: { resourceVersion: string } }>("GET", `${path}/partition`),
    ),
  );
  assert.equal(new Set(values.map(({ data, metadata }) => `${data.value} ${metadata.resourceVersion}`)).size, 1);
  for (const client of [apart, ...together]) client.close();
});

test("no acknowledged write was lost, and all API servers agree", async () => {
  await faults.steady([]);
  await writes.stop();
  for (const server of cluster.servers) assert.deepEqual(await writes.lostWrites(server), [], server);
  assert.ok(writes.acknowledged > 500, String(writes.acknowledged));
});
