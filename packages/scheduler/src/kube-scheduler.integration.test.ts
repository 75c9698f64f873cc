import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Event, Pod } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { events, nodes, pods } from "@kube-ts/api/resource-types";
import { eventually } from "@kube-ts/client/testing/eventually";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import { LiveCluster } from "./testing/live-cluster.ts";
import { testPod } from "./testing/objects.ts";

const nodeCount = 30;
const cpuPerNode = 4_000;
const timeoutMs = 60_000;
const web = { app: "web" };

function byNode(list: readonly Pod[]): Map<string, Pod[]> {
  return Map.groupBy(
    list.filter(({ spec }) => spec.nodeName),
    ({ spec }) => spec.nodeName ?? "",
  );
}

function assertRoom(list: readonly Pod[]): void {
  for (const [node, placed] of byNode(list)) {
    const milliCpu = placed.reduce((sum, pod) => sum + podInfoOf(pod).requests.milliCpu, 0);
    assert.ok(milliCpu <= cpuPerNode, `${node} is given ${milliCpu}m of ${cpuPerNode}m`);
  }
}

describe("kube-scheduler on a real API server", { timeout: 300_000 }, () => {
  let cluster: LiveCluster;
  const bound = async (prefix: string, count: number): Promise<readonly Pod[]> => {
    let all: readonly Pod[] = [];
    await eventually(async () => {
      all = await cluster.pods();
      const done = all.filter(({ metadata, spec }) => metadata.name?.startsWith(prefix) && spec.nodeName);
      assert.equal(done.length, count);
    }, timeoutMs);
    return all;
  };

  before(async () => {
    cluster = await LiveCluster.start();
    await cluster.createNodes(nodeCount, (index) => ({
      labels: { "topology.kubernetes.io/zone": `zone-${index % 3}` },
    }));
  });
  after(() => cluster[Symbol.asyncDispose]());

  it("places hundreds of pods evenly, through a kill of the scheduler", async () => {
    const scheduler = cluster.startScheduler("--leader-elect=false");
    const creating = cluster.createPods(400, (index) =>
      testPod(`web-${index}`, { cpu: "100m", memory: "64Mi", labels: web }),
    );
    await eventually(async () => {
      assert.ok((await cluster.pods()).some(({ spec }) => spec.nodeName));
    }, timeoutMs);
    await scheduler.stop("SIGKILL");
    cluster.startScheduler("--leader-elect=false");
    await creating;
    const all = await bound("web-", 400);
    assertRoom(all);
    const sizes = [...byNode(all).values()].map((placed) => placed.length);
    assert.equal(sizes.length, nodeCount, "every node has pods");
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 4, `pods per node: ${sizes.join(" ")}`);
  });

  it("keeps a hard zone spread", async () => {
    await cluster.createPods(30, (index) =>
      testPod(`spread-${index}`, {
        labels: { app: "spread" },
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: { app: "spread" } },
          },
        ],
      }),
    );
    const all = await bound("spread-", 30);
    const zones = [0, 0, 0];
    for (const { metadata, spec } of all) {
      if (!metadata.name?.startsWith("spread-")) continue;
      const zone = Number(spec.nodeName?.slice("node-".length)) % 3;
      zones[zone] = (zones[zone] ?? 0) + 1;
    }
    assert.deepEqual(zones, [10, 10, 10]);
  });

  it("fills nodes to the brim but never over it, and says why the rest waits", async () => {
    // 80 of the 120 CPUs are left, in pieces of about 2.6 a node: two pods of one CPU fit each.
    await cluster.createPods(70, (index) => testPod(`big-${index}`, { cpu: "1" }));
    const all = await bound("big-", 60);
    assertRoom(all);
    let waiting: Pod | undefined;
    await eventually(async () => {
      waiting = (await cluster.pods()).find(
        (pod) => findCondition(pod.status?.conditions, "PodScheduled")?.status === "False",
      );
      assert.ok(waiting);
    }, timeoutMs);
    const condition = findCondition(waiting?.status?.conditions, "PodScheduled");
    assert.equal(condition?.reason, "Unschedulable");
    const text =
      "0/30 nodes are available: 30 Insufficient cpu. preemption: 0/30 nodes are available: 30 No preemption victims found for incoming pod.";
    assert.equal(condition?.message, text);
    await eventually(async () => {
      const { items } = await cluster.client.resource<Event>(events).list({ namespace: "default" });
      const about = items.filter(({ involvedObject }) => involvedObject.uid === waiting?.metadata.uid);
      assert.ok(about.some(({ reason, message }) => reason === "FailedScheduling" && message === text));
      assert.ok(
        items.some(
          ({ reason, message }) =>
            reason === "Scheduled" && /^Successfully assigned default\/\S+ to node-\d+$/.test(message ?? ""),
        ),
      );
    }, timeoutMs);
  });

  it("gives freed room to pods that wait", async () => {
    const victims = (await cluster.pods()).filter(
      ({ metadata, spec }) => metadata.name?.startsWith("big-") && spec.nodeName,
    );
    for (const { metadata } of victims.slice(0, 10)) {
      const key = { namespace: "default", name: metadata.name ?? "" };
      await cluster.client.resource<Pod>(pods).delete(key, { gracePeriodSeconds: 0 });
    }
    assertRoom(await bound("big-", 60));
  });

  it("takes nodes into use when their taint goes", async () => {
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "tainted", labels: { pool: "tainted" } } };
    const taints = [{ key: "k", effect: "NoSchedule" as const }];
    const status = { allocatable: { cpu: "4", memory: "8Gi", pods: "10" } };
    await cluster.client.resource(nodes).create({ ...node, spec: { taints }, status });
    await cluster.createPods(1, () => testPod("patient", { nodeSelector: { pool: "tainted" } }));
    await eventually(async () => {
      const pod = (await cluster.pods()).find(({ metadata }) => metadata.name === "patient");
      assert.match(findCondition(pod?.status?.conditions, "PodScheduled")?.message ?? "", /untolerated taint/);
    }, timeoutMs);
    await cluster.client.resource(nodes).patch({ name: "tainted" }, "merge", { spec: { taints: null } });
    await bound("patient", 1);
  });
});
