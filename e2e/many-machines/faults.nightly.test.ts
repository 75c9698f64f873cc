import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { eventually } from "../harness/eventually.ts";
import { ApiClient } from "../machines/load/api-access.ts";
import type { Machine } from "../machines/machine.ts";
import { PowerController } from "../machines/power-controller.ts";
import { AnyApiServer, electedDaemons } from "./cluster-state.ts";
import { ClusterUnderLoad } from "./cluster-under-load.ts";
import { describeAftermath, describeDaemonFaults } from "./daemon-faults.ts";
import { assertHarmless } from "./fault-limits.ts";
import type { Settled } from "./fault-run.ts";
import { endsByElection, gatherLeadership, leadingMember } from "./leadership.ts";
import { isReady, MachineCluster } from "./machine-cluster.ts";

// What npm test has no time for: whole machines die, hang, and are cut off.

let cluster: MachineCluster;
let load: ClusterUnderLoad;
let power: PowerController;

before(async () => {
  cluster = await MachineCluster.start({ config: { flags: { "kube-controller-manager": PowerController.flags } } });
  power = await PowerController.start(cluster.lab);
  const workers = [cluster.lab.machine("worker-1"), cluster.lab.machine("worker-2")];
  for (const server of cluster.having("control-plane")) await power.installOn(server, "workers", workers);
  load = await ClusterUnderLoad.start(cluster);
});

after(async () => {
  await load?.[Symbol.asyncDispose]();
  await power?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

/** How long a fault lasts. */
function lasting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describeDaemonFaults(() => load);

test("a machine of the control plane, with all leaders on it, loses its power for a moment", async () => {
  const machine = await leadingMember(cluster);
  await gatherLeadership(cluster, machine);
  const outcome = await load.faults.run({
    name: `power-cycle ${machine.name} (all leaders)`,
    act: () => machine.powerCycle(),
    dies: [`${machine.name}/`],
    elects: electedDaemons,
    hitsServers: true,
    deadTargets: load.targetsOn(machine),
  });
  assertHarmless(outcome);
});

/** What the cluster does about a machine that nobody hears any more. */
async function settleWithout(
  worker: Machine,
  orphans: readonly string[],
  since: number,
  onceNoticed = () => Promise.resolve(),
): Promise<Settled> {
  using api = new AnyApiServer(cluster.servers, cluster.access);
  const node = () => api.json<Node>(`/api/v1/nodes/${worker.name}`);
  await eventually("its death is noticed", node, (node) => !isReady(node), 120_000);
  const noticedMs = performance.now() - since;
  await onceNoticed();
  const elsewhere = async () => {
    const { items } = await api.json<{ items: Pod[] }>(load.servingPods);
    return items.filter((pod) => serves(pod) && pod.spec.nodeName !== worker.name);
  };
  const count = cluster.having("worker").length;
  await eventually("its web servers run elsewhere", elsewhere, (pods) => pods.length === count, 120_000);
  const stranded = () => orphans.filter((identity) => load.stateful.whereNow(identity) === worker.name);
  await eventually("its stateful pods run elsewhere", stranded, (left) => left.length === 0, 120_000);
  return { noticedMs, replacedMs: performance.now() - since };
}

function serves({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
  return ready && metadata.deletionTimestamp === undefined;
}

/** These pods were moved after the machine was off for certain. */
function assertMovedAfterFencing(worker: Machine, identities: readonly string[]): void {
  assert.ok(identities.length > 0, `${worker.name} had no stateful pod`);
  const offSince = power.offSince(worker) ?? Infinity;
  for (const identity of identities) {
    const movedAt = load.stateful.movedAt(identity) ?? -Infinity;
    assert.ok(movedAt > offSince, `${identity} ran elsewhere ${(offSince - movedAt).toFixed(0)} ms too early`);
  }
  assert.deepEqual(load.stateful.sightings.twice, []);
}

/** The machine starts again, and its node is taken into service. */
async function backInService(worker: Machine): Promise<void> {
  await power.powerOn(worker);
  using api = new AnyApiServer(cluster.servers, cluster.access);
  const node = () => api.json<Node>(`/api/v1/nodes/${worker.name}`);
  const inService = (node: Node) => isReady(node) && (node.spec.taints ?? []).length === 0;
  await eventually("its node is in service", node, inService, 120_000);
}

test("the power of a worker fails: its pods run elsewhere, and it comes back", async () => {
  const worker = cluster.lab.machine("worker-1");
  const orphans = load.stateful.on(worker);
  const outcome = await load.faults.run({
    name: "power off worker-1",
    act: () => worker.powerOff(),
    dies: ["worker-1/"],
    hitsServers: true,
    deadTargets: load.targetsOn(worker),
    settle: (since) => settleWithout(worker, orphans, since),
  });
  assertMovedAfterFencing(worker, orphans);
  await backInService(worker);
  assertHarmless(outcome);
});

test("the cable of a worker is cut: its stateful pods run elsewhere once it is off, and not before", async () => {
  const worker = cluster.lab.machine("worker-2");
  const orphans = load.stateful.on(worker);
  power.isStuck = true;
  const asked = power.asked;
  const refuse = async () => {
    await eventually(
      "it was to be turned off",
      () => power.asked,
      (now) => now >= asked + 2,
      120_000,
    );
    assert.deepEqual(load.stateful.on(worker), orphans, "they run on the machine that nobody hears");
    power.isStuck = false;
  };
  const outcome = await load.faults.run({
    name: "cut the cable of worker-2",
    act: () => cluster.lab.wires.cut(worker),
    dies: ["worker-2/"],
    hitsServers: true,
    deadTargets: load.targetsOn(worker),
    settle: (since) => settleWithout(worker, orphans, since, refuse),
  });
  assertMovedAfterFencing(worker, orphans);
  await cluster.lab.wires.heal(worker);
  await backInService(worker);
  assertHarmless(outcome);
});

test("a machine of the control plane, with leaders on it, hangs for a while", async () => {
  const machine = cluster.lab.machine("cp-2");
  await gatherLeadership(cluster, machine);
  const outcome = await load.faults.run({
    name: `pause ${machine.name} (leaders) for 24 s`,
    act: async () => {
      await machine.pause();
      await lasting(24_000);
      await machine.unpause();
    },
    dies: endsByElection(machine),
    elects: electedDaemons,
    hitsServers: true,
    deadTargets: load.targetsOn(machine),
  });
  assertHarmless(outcome);
});

test("a machine of the control plane loses 30 % of its packets for a while", async () => {
  const machine = cluster.lab.machine("cp-3");
  const outcome = await load.faults.run({
    name: "cp-3 loses 30 % of its packets for 10 s",
    act: async () => {
      await cluster.lab.wires.lose(machine, 30);
      await lasting(10_000);
      await cluster.lab.wires.heal();
    },
    dies: [],
    hitsServers: true,
  });
  assertHarmless(outcome);
});

test("a minority that is cut off takes no write and serves nothing stale; healed, all agree", async () => {
  const [cutOff, worker] = [cluster.lab.machine("cp-3"), cluster.lab.machine("worker-1")];
  await gatherLeadership(cluster, cutOff);
  const majority = cluster.machines.filter((machine) => machine !== cutOff && machine !== worker);
  const servers = [cutOff, ...cluster.having("control-plane").filter((machine) => machine !== cutOff)];
  const [apart, ...together] = servers.map(({ address }) => new ApiClient(`https://${address}:6443`, cluster.access));
  const [living] = together;
  assert.ok(apart && living);
  const path = "/api/v1/namespaces/default/configmaps";
  await living.json("POST", path, { metadata: { name: "partition" }, data: { value: "before" } });
  const answersApart: string[] = [];
  const outcome = await load.faults.run({
    name: "partition cp-3 (leaders) and worker-1 from the others for 24 s",
    act: async () => {
      const until = performance.now() + 24_000;
      await cluster.lab.wires.partitionGroups([cutOff, worker], majority);
      const change = () => living.ask("PATCH", `${path}/partition`, { data: { value: "after" } });
      await eventually("the majority takes a write", change, ({ code }) => code === 200, 15_000);
      while (performance.now() < until) answersApart.push(...(await successes(apart, `${path}/partition`)));
      await cluster.lab.wires.heal();
    },
    dies: endsByElection(cutOff),
    elects: electedDaemons,
    hitsServers: true,
    deadTargets: [cutOff, worker].flatMap((machine) => load.targetsOn(machine)),
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

/** What a server that can know nothing answers to a consistent read and a write. */
async function successes(apart: ApiClient, path: string): Promise<readonly string[]> {
  const requests = [["GET", undefined] as const, ["PATCH", { data: { value: "minority" } }] as const];
  const answers: string[] = [];
  for (const [method, body] of requests) {
    const answer = await apart.ask(method, path, body).catch(() => undefined);
    if (answer?.code === 200) answers.push(`${method}: ${answer.text}`);
  }
  return answers;
}

describeAftermath(() => load);
