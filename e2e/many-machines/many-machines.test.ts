import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually } from "../harness/eventually.ts";
import type { Machine } from "../machines/machine.ts";
import { echoManifest } from "./echo-server.ts";
import { ClusterUnderLoad } from "./cluster-under-load.ts";
import { describeAftermath, describeDaemonFaults } from "./daemon-faults.ts";
import { isReady, MachineCluster } from "./machine-cluster.ts";
import { describeMb, residentMb, total } from "./memory.ts";
import { echoPods, echoService, unreachable } from "./reachability.ts";

let cluster: MachineCluster;

before(async () => {
  cluster = await MachineCluster.start({ network: { ipv6: true }, balancer: true });
});

after(() => cluster?.[Symbol.asyncDispose]());

describe("a cluster of machines", () => {
  test("has a Ready node for each of the five machines", async () => {
    const ready = (await cluster.nodes()).filter((node) => isReady(node)).map(({ metadata }) => metadata.name);
    assert.deepEqual(ready.toSorted(), ["cp-1", "cp-2", "cp-3", "worker-1", "worker-2"]);
    assert.equal(cluster.having("control-plane").length, 3);
  });

  test("all units run, and none was restarted by systemd", async () => {
    for (const machine of cluster.machines) {
      assert.equal((await machine.run("systemctl --failed --plain --no-legend")).trim(), "", machine.name);
    }
  });

  test("the service kubernetes has all API servers", async () => {
    const addresses = cluster.having("control-plane").map(({ address }) => address);
    const { subsets = [] } = await cluster.kubectl.json<{ subsets?: { addresses?: { ip: string }[] }[] }>([
      "get",
      "endpoints",
      "kubernetes",
    ]);
    assert.deepEqual(subsets.flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip)).sort(), addresses.sort());
  });

  test("the machines' daemons go through the balancer", async () => {
    const kubelet = await cluster.lab.machine("worker-1").read("/etc/kubernetes/kubelet.conf");
    assert.match(kubelet, new RegExp(`server: ["']?https://${cluster.endpoint.replaceAll(".", "\\.")}`));
  });

  test("every pod reaches every pod by address with its own, and services by address, port of each machine, and name", async () => {
    const workers = cluster.having("worker");
    await cluster.kubectl.run(["apply", "-f", "-"], echoManifest("echo", { nodes: workers.map(({ name }) => name) }));
    const pods = await eventually(
      "a ready pod on each node",
      () => echoPods(cluster.kubectl, "echo"),
      (pods) => pods.length === workers.length,
      120_000,
    );
    assert.ok(
      pods.every(({ addresses }) => addresses.length === 2),
      JSON.stringify(pods),
    );
    const everything = {
      pods,
      service: await echoService(cluster.kubectl, "echo"),
      serviceName: "echo",
      machines: workers,
    };
    const check = async () => {
      const found = await Promise.all(
        pods.map((pod) => unreachable({ pod, machine: cluster.lab.machine(pod.node) }, everything)),
      );
      return found.flat();
    };
    await eventually("everything is reached", check, (wrong) => wrong.length === 0, 60_000);
  });
});

test("a worker's kubelet and kube-proxy with 30 pods, and the daemons of a control plane, need little memory", async () => {
  const worker = cluster.lab.machine("worker-1");
  await cluster.kubectl.run(["apply", "-f", "-"], smallPods("small", 30, worker.name));
  await cluster.kubectl.run(["rollout", "status", "deployment/small", "--timeout=110s"]);
  // What the starts of the daemons and of the pods needed is given back within a while.
  const settled = (machine: Machine, daemons: readonly string[], limitMb: number) =>
    eventually(
      `${machine.name} needs less than ${limitMb} MB`,
      async () => [...(await residentMb(machine, daemons))],
      (found) => total(new Map(found)) < limitMb,
      90_000,
    ).then((found) => new Map(found));
  const onWorker = await settled(worker, ["kubelet", "kube-proxy"], 150);
  process.stdout.write(`${worker.name} with 30 pods: ${describeMb(onWorker)}\n`);
  // One that leads needs more than the others.
  for (const server of cluster.having("control-plane")) {
    const onServer = await settled(server, ["kube-apiserver", "kube-controller-manager", "kube-scheduler"], 500);
    process.stdout.write(`${server.name}: ${describeMb(onServer)}\n`);
  }
  await cluster.kubectl.run(["delete", "deployment/small", "--timeout=60s"]);
});

describe("faults under a steady load", () => {
  let load: ClusterUnderLoad;

  before(async () => {
    load = await ClusterUnderLoad.start(cluster);
  });

  after(() => load?.[Symbol.asyncDispose]());

  describeDaemonFaults(() => load);
  describeAftermath(() => load);
});

/** Pods of one node that do nothing. */
function smallPods(name: string, replicas: number, node: string): string {
  const labels = { app: name };
  const nodeSelector = { "kubernetes.io/hostname": node };
  const container = { name: "idle", image: "kube-ts/pause:v1" };
  const template = {
    metadata: { labels },
    spec: { nodeSelector, terminationGracePeriodSeconds: 0, containers: [container] },
  };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  return JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec });
}
