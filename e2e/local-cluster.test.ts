import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { localCluster } from "../deploy/local/layout.ts";
import { daemonPid } from "../deploy/local/supervision.ts";
import { eventually } from "./harness/eventually.ts";
import { bothKubectls } from "./harness/kubectl.ts";
import { runScript } from "./harness/local-cluster.ts";
import { machineState } from "./harness/machine-state.ts";
import { fetchText } from "./harness/web.ts";
import { livePods, serviceAddress, waitForReady, webManifest } from "./harness/workload.ts";

const cluster = localCluster();
const [kubectl] = bothKubectls();
assert.ok(kubectl);

const daemons = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "cluster-dns",
];

const containersOf = (pods: readonly Pod[]) =>
  pods.map(({ metadata, status }) => `${metadata.name} ${status?.containerStatuses?.[0]?.containerID}`).sort();

/** Certificates, keys and kubeconfigs, with the times of their last change. */
function identityFiles(): readonly string[] {
  const { pkiDirectory, kubeconfigDirectory, adminKubeconfig } = cluster;
  const below = [pkiDirectory, kubeconfigDirectory].flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => join(directory, name)),
  );
  return [...below, adminKubeconfig].map((path) => `${path} ${statSync(path).mtimeMs}`).sort();
}

test("up, up again, kill everything, down", async (context) => {
  if (existsSync(cluster.directory)) await runScript("down");
  const before = await machineState();

  try {
    await context.test("up ends with a Ready node, resolving DNS, a kubeconfig and three lines to try", async () => {
      const { code, output } = await runScript("up");
      assert.equal(code, 0, output);
      assert.match(output, /node is Ready/);
      assert.match(output, /cluster DNS answers/);
      assert.equal(output.split("Try:\n")[1]?.trim().split("\n").length, 3);
      assert.equal(statSync(cluster.adminKubeconfig).mode & 0o077, 0);
      const { items } = await kubectl.json<{ items: Node[] }>(["get", "nodes"]);
      assert.deepEqual(
        items.map(({ metadata }) => metadata.name),
        [cluster.nodeName],
      );
    });

    await context.test("a second up changes nothing", async () => {
      const pids = daemons.map((name) => daemonPid(cluster, name));
      const files = identityFiles();
      const { code, output } = await runScript("up");
      assert.equal(code, 0, output);
      assert.deepEqual(identityFiles(), files);
      assert.deepEqual(
        daemons.map((name) => daemonPid(cluster, name)),
        pids,
      );
    });

    await context.test("any daemon may be killed: the cluster converges and containers keep running", async () => {
      await kubectl.run(["apply", "-f", "-"], webManifest("steady"));
      const containers = containersOf(await waitForReady(kubectl, "steady", 3));
      const { clusterIp } = await serviceAddress(kubectl, "steady");
      for (const name of [...daemons, ...daemons.toReversed()]) {
        const pid = daemonPid(cluster, name);
        assert.ok(pid, `${name} does not run`);
        process.kill(pid, "SIGKILL");
        await eventually(
          `${name} runs again`,
          () => daemonPid(cluster, name),
          (next) => next !== undefined && next !== pid,
        );
      }
      await eventually(
        "the API answers",
        () => kubectl.run(["get", "--raw", "/readyz"]),
        (text) => text === "ok",
      );
      await kubectl.run(["scale", "deployment/steady", "--replicas=4"]);
      const pods = await waitForReady(kubectl, "steady", 4);
      const now = new Set(containersOf(pods));
      assert.deepEqual(
        containers.filter((id) => !now.has(id)),
        [],
      );
      await eventually("the service answers", () => fetchText(clusterIp, 80));
      await kubectl.run(["delete", "-f", "-"], webManifest("steady"));
      await eventually(
        "no pod is left",
        () => livePods(kubectl, "steady"),
        (left) => left.length === 0,
      );
    });
  } finally {
    await context.test("down leaves nothing behind", async () => {
      const { code, output } = await runScript("down");
      assert.equal(code, 0, output);
      assert.ok(!existsSync(join(cluster.directory)));
      assert.deepEqual(await machineState(), before);
    });
  }
});
