import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { LiveCluster } from "../src/testing/live-cluster.ts";
import { testPod } from "../src/testing/objects.ts";

/**
 * Pods a second and CPU per pod of `bin/kube-scheduler` on a real API server with nodes on paper. The pods exist before
 * the scheduler starts, so that creating them does not count.
 */
const { values } = parseArgs({
  options: { nodes: { type: "string", default: "1000" }, pods: { type: "string", default: "3000" } },
});
const nodeCount = Number(values.nodes);
const podCount = Number(values.pods);

await using cluster = await LiveCluster.start();
await cluster.createNodes(nodeCount, (index) => ({ labels: { "topology.kubernetes.io/zone": `zone-${index % 3}` } }));
await cluster.createPods(podCount, (index) => testPod(`pod-${index}`, { cpu: "100m", memory: "128Mi" }));
const scheduler = cluster.startScheduler("--leader-elect=false", "--kube-api-qps=100000", "--kube-api-burst=100000");
let firstMs: number | undefined;
let cpuAtFirstMs = 0;
let boundAtFirst = 0;
for (;;) {
  const bound = (await cluster.pods()).filter(({ spec }) => spec.nodeName).length;
  if (firstMs === undefined && bound > 0) {
    firstMs = performance.now();
    boundAtFirst = bound;
    cpuAtFirstMs = cpuMs(scheduler.pid);
  }
  if (bound === podCount && firstMs !== undefined) break;
  await delay(200);
}
const seconds = (performance.now() - firstMs) / 1_000;
const cpu = cpuMs(scheduler.pid);
const counted = podCount - boundAtFirst;
console.log(
  [
    `${nodeCount} nodes, ${podCount} pods: ${(counted / seconds).toFixed(0)} pods/s`,
    `${((cpu - cpuAtFirstMs) / counted).toFixed(2)} ms CPU a pod (${(cpu / podCount).toFixed(2)} with the start)`,
    `${Math.round(residentBytes(scheduler.pid) / 1e6)} MB RSS`,
  ].join(", "),
);

/** User and system time of a process; the kernel counts in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentBytes(pid: number): number {
  const [, kibibytes = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes) * 1_024;
}
