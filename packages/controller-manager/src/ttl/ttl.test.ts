import assert from "node:assert/strict";
import { test } from "node:test";
import { nodes } from "@kube-ts/api/resource-types";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { nextStep, ttlSeconds } from "./plan.ts";
import { ttlController } from "./ttl-controller.ts";

const cases: [number, number, number][] = [
  [0, 0, 0],
  [0, 100, 0],
  [0, 101, 15],
  [1, 90, 15],
  [1, 89, 0],
  [1, 501, 30],
  [0, 501, 30],
  [2, 450, 30],
  [3, 899, 30],
  [3, 2_001, 300],
  [4, 1_800, 300],
  [4, 1_799, 60],
  [4, 0, 0],
  [0, 150_000, 300],
];
for (const [step, count, seconds] of cases) {
  test(`${count} nodes after step ${step} keep what they read for ${seconds} s`, () => {
    assert.equal(ttlSeconds(nextStep(step, count)), seconds);
  });
}

test("all nodes are told, and told again when the cluster has another size", async () => {
  const cluster = new MemoryCluster();
  const annotations = () =>
    new Set(cluster.list(nodes).map(({ metadata }) => metadata.annotations?.["node.alpha.kubernetes.io/ttl"]));
  const add = (index: number) => cluster.create(nodes, { metadata: { name: `n${index}` }, spec: {} });
  for (let index = 0; index < 100; index += 1) add(index);
  await using running = await RunningControllers.start(cluster, [ttlController]);
  assert.deepEqual([...annotations()], ["0"]);
  add(100);
  await running.settle();
  assert.deepEqual([...annotations()], ["15"]);
  const { writes } = cluster;
  cluster.change(nodes, "n3", { status: { phase: "x" } }, "");
  await running.settle();
  assert.equal(cluster.writes, writes);
  for (let index = 89; index <= 100; index += 1) cluster.remove(nodes, `n${index}`, "");
  await running.settle();
  assert.deepEqual([...annotations()], ["0"]);
});
