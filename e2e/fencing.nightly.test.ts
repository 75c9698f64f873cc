import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { isRecord } from "@kube-ts/std/config-schema";
import { formatYaml, parseYaml } from "@kube-ts/std/yaml";
import { eventually } from "./harness/eventually.ts";
import type { Machine } from "./machines/machine.ts";
import { PowerController } from "./machines/power-controller.ts";
import { MachineCluster } from "./many-machines/machine-cluster.ts";

const slowMs = 300_000;
const groupsFile = "/etc/kubernetes/node-groups.yaml";

let cluster: MachineCluster;
let power: PowerController;

before(async () => {
  cluster = await MachineCluster.start({
    machines: [
      { name: "cp-1", roles: ["etcd", "control-plane", "worker"] },
      { name: "worker-1", roles: ["worker"] },
    ],
  });
  power = await PowerController.start(cluster.lab);
  power.isStuck = true;
  const command = await power.installOn(cluster.first, "rack", [cluster.lab.machine("worker-1")]);
  const groups = { apiVersion: "deploy.kube-ts.io/v1", kind: "NodeGroupProvider", command };
  await cluster.first.write(groupsFile, JSON.stringify(groups));
  await tellDaemons(cluster.first);
});

/** Adds flags to the cluster's configuration, and has them take effect. */
async function tellDaemons(machine: Machine): Promise<void> {
  const config = parseYaml(await machine.read("/etc/kubernetes/cluster.yaml"));
  assert.ok(isRecord(config));
  const flags = {
    "kube-controller-manager": PowerController.flags,
    "cluster-autoscaler": { "cloud-config": groupsFile },
  };
  await machine.write("/root/with-fencing.yaml", formatYaml({ ...config, flags }));
  await machine.run("kube-ts install --config /root/with-fencing.yaml", { timeoutMs: 300_000 });
}

after(async () => {
  await power?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});

function database(node: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "db-0" },
    spec: {
      nodeSelector: { "kubernetes.io/hostname": node },
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "pause", image: "kube-ts/pause:v1", imagePullPolicy: "Never" }],
    },
  });
}

async function pod(): Promise<Pod | undefined> {
  const { items } = await cluster.kubectl.json<{ items: Pod[] }>(["get", "pods"]);
  return items.find(({ metadata }) => metadata.name === "db-0");
}

async function taints(name: string): Promise<string[]> {
  const node = await cluster.kubectl.json<Node>(["get", "node", name]);
  return (node.spec.taints ?? []).map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`);
}

/** Containers of the pod that run on the machine, whatever the cluster thinks. */
async function running(machine: Machine): Promise<number> {
  const filter = "--filter label=io.kubernetes.pod.name=db-0 --filter label=io.kubernetes.container.name=pause";
  return (await machine.run(`docker ps --quiet ${filter}`)).split("\n").filter(Boolean).length;
}

const isRunning = (found: Pod | undefined) => found?.status?.phase === "Running";

test("the autoscaler's unit runs and knows the machines", async () => {
  const status = () =>
    cluster.kubectl.run(["-n", "kube-system", "get", "configmap", "cluster-autoscaler-status", "-o", "yaml"]);
  const text = await eventually(
    "the status tells of the group",
    status,
    (found) => found.includes("name: rack"),
    60_000,
  );
  assert.match(text, /cloudProviderTarget: 1/);
  assert.match(text, /autoscalerStatus: Running/);
  assert.equal((await cluster.first.run("systemctl is-active cluster-autoscaler.service")).trim(), "active");
});

describe("a machine that nobody hears", () => {
  const worker = () => cluster.lab.machine("worker-1");

  test("keeps its pod while it is not certainly off", async () => {
    await cluster.kubectl.run(["apply", "-f", "-"], database("worker-1"));
    await eventually("the pod runs", pod, isRunning, slowMs);
    await cluster.lab.wires.cut(worker());
    await eventually(
      "the node is given up",
      () => taints("worker-1"),
      (found) => found.includes("unreachable:NoExecute"),
      slowMs,
    );
    await cluster.kubectl.run(["delete", "pod", "db-0", "--wait=false"]);
    // Every five seconds; the pod garbage collector looks every twenty.
    await eventually(
      "it was asked for often",
      () => power.asked,
      (asked) => asked >= 6,
      slowMs,
    );
    assert.equal((await taints("worker-1")).includes("out-of-service:NoExecute"), false);
    assert.ok((await pod())?.metadata.deletionTimestamp);
    assert.equal(await running(worker()), 1, "it still runs there, and so must not run elsewhere");
  });

  test("loses it only after it was turned off", async () => {
    power.isStuck = false;
    await eventually("the pod is gone", async () => (await pod()) === undefined, Boolean, slowMs);
    assert.ok(power.offSince(worker()) !== undefined, "the pod has gone before the machine was off");
    assert.ok((await taints("worker-1")).includes("out-of-service:NoExecute"));
    await cluster.kubectl.run(["apply", "-f", "-"], database("cp-1"));
    await eventually("the pod runs elsewhere", pod, isRunning, slowMs);
  });

  test("is taken back without it", async () => {
    await cluster.lab.wires.heal(worker());
    await power.powerOn(worker());
    await eventually(
      "the node is in service",
      () => taints("worker-1"),
      // The autoscaler may have marked it as one that is not needed.
      (found) => found.every((taint) => taint.endsWith(":PreferNoSchedule")),
      slowMs,
    );
    await eventually(
      "the old container is gone",
      () => running(worker()),
      (count) => count === 0,
      slowMs,
    );
    assert.equal(await running(cluster.first), 1);
    assert.ok(isRunning(await pod()));
  });
});
