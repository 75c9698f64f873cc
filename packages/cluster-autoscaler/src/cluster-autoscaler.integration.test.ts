import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { nameOf } from "@kube-ts/api/object";
import {
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  deployments,
  events,
  nodes,
  podDisruptionBudgets,
  pods,
  roleBindings,
  roles,
  serviceAccounts,
} from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { eventually } from "@kube-ts/client/testing/eventually";
import { TaskGroup } from "@kube-ts/std/task-group";
import { type ServerUnderTest, startServer } from "../../../bench/api-server-process.ts";
import {
  autoscalerNamespacedRole,
  autoscalerNamespacedRoleBinding,
  autoscalerRole,
  autoscalerRoleBinding,
} from "../../../deploy/node-groups/autoscaler-rights.ts";
import { Authority } from "../../../deploy/pki/authority.ts";
import { toBeDeletedTaint } from "./model/node-marks.ts";
import { DaemonProcess } from "./testing/daemon-process.ts";
import { HollowPods } from "./testing/hollow-pods.ts";

const provider = join(import.meta.dirname, "..", "testdata", "hollow-machines");
const slowMs = 60_000;
const namespace = "default";

function writeKubeconfig(path: string, { url, ca }: ServerUnderTest, user: { cert: string; key: string }): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "k",
    contexts: [{ name: "k", context: { cluster: "k", user: "u" } }],
    clusters: [{ name: "k", cluster: { server: url, "certificate-authority": ca } }],
    users: [{ name: "u", user: { "client-certificate": user.cert, "client-key": user.key } }],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** An API server with a scheduler, a controller manager and the autoscaler, whose machines exist on paper only. */
class HollowCluster implements AsyncDisposable {
  readonly client: Client;
  readonly state: string;
  autoscaler: DaemonProcess;
  readonly #resources: AsyncDisposableStack;
  readonly #directory: string;
  readonly #args: readonly string[];

  private constructor(client: Client, directory: string, args: readonly string[], resources: AsyncDisposableStack) {
    this.client = client;
    this.#directory = directory;
    this.state = join(directory, "machines");
    this.#args = args;
    this.#resources = resources;
    this.autoscaler = this.#startAutoscaler();
  }

  static async start(): Promise<HollowCluster> {
    await using resources = new AsyncDisposableStack();
    const server = resources.use(await startServer());
    const { directory } = server;
    mkdirSync(join(directory, "machines"));
    const admin = writeKubeconfig(join(directory, "admin.kubeconfig"), server, server.admin);
    const authority = await Authority.open(join(directory, "pki"), "ca", "kubernetes");
    const own = await authority.issue("autoscaler", { commonName: "system:cluster-autoscaler", usages: ["client"] });
    const kubeconfig = writeKubeconfig(join(directory, "autoscaler.kubeconfig"), server, own);
    const client = resources.use(
      createClient(await clientConfigFromFile(admin), { userAgent: "test", qps: 1e3, burst: 1e3 }),
    );
    await client.resource(clusterRoles).create(autoscalerRole);
    await client.resource(clusterRoleBindings).create(autoscalerRoleBinding);
    await client.resource(roles).create(autoscalerNamespacedRole);
    await client.resource(roleBindings).create(autoscalerNamespacedRoleBinding);
    const common = [`--kubeconfig=${admin}`, "--secure-port=0", "--leader-elect=false"];
    resources.use(new DaemonProcess(directory, "scheduler/bin/kube-scheduler", common));
    const graceful = ["--node-monitor-grace-period=1h", "--kube-api-qps=200", "--kube-api-burst=300"];
    resources.use(
      new DaemonProcess(directory, "controller-manager/bin/kube-controller-manager", [...common, ...graceful]),
    );
    const tasks = new TaskGroup(new AbortController().signal);
    tasks.start((signal) => new HollowPods(client).run(signal));
    resources.defer(() => tasks.stop());
    const config = {
      apiVersion: "deploy.kube-ts.io/v1",
      kind: "NodeGroupProvider",
      command: [provider],
      environment: {
        STATE: join(directory, "machines"),
        SERVER: server.url,
        CA: server.ca,
        CERT: server.admin.cert,
        KEY: server.admin.key,
      },
    };
    writeFileSync(join(directory, "provider.yaml"), JSON.stringify(config));
    const args = [
      `--kubeconfig=${kubeconfig}`,
      `--cloud-config=${join(directory, "provider.yaml")}`,
      "--secure-port=0",
      "--leader-elect-lease-duration=3s",
      "--leader-elect-renew-deadline=2s",
      "--leader-elect-retry-period=500ms",
      "--scan-interval=300ms",
      "--scale-down-delay-after-add=1s",
      "--scale-down-delay-after-failure=1s",
      "--scale-down-unneeded-time=2s",
      "--scale-down-utilization-threshold=0.6",
      "--unremovable-node-recheck-timeout=1s",
      "--node-delete-delay-after-taint=100ms",
      "--max-pod-eviction-time=20s",
      "--max-node-provision-time=3s",
      "--initial-node-group-backoff-duration=2s",
      "--kube-client-qps=200",
      "--kube-client-burst=300",
    ];
    const cluster = new HollowCluster(client, directory, args, resources.move());
    await eventually(
      () =>
        client
          .resource(serviceAccounts)
          .get({ namespace, name: "default" })
          .then(() => {}),
      slowMs,
    );
    return cluster;
  }

  #startAutoscaler(): DaemonProcess {
    return this.#resources.use(
      new DaemonProcess(this.#directory, "cluster-autoscaler/bin/cluster-autoscaler", this.#args),
    );
  }

  restartAutoscaler(): void {
    this.autoscaler = this.#startAutoscaler();
  }

  get machines(): string[] {
    return readdirSync(this.state).filter((name) => name.endsWith(".machine"));
  }

  flag(name: "empty" | "mute", isSet: boolean): void {
    if (isSet) writeFileSync(join(this.state, name), "");
    else rmSync(join(this.state, name), { force: true });
  }

  async nodes(): Promise<readonly Node[]> {
    return (await this.client.resource<Node>(nodes).list()).items;
  }

  async pods(app: string): Promise<readonly Pod[]> {
    return (await this.client.resource<Pod>(pods).list({ namespace, labelSelector: `app=${app}` })).items;
  }

  async readyPods(app: string): Promise<number> {
    const all = await this.pods(app);
    return all.filter(
      ({ metadata, status }) => !metadata.deletionTimestamp && isConditionTrue(status?.conditions, "Ready"),
    ).length;
  }

  async messages(reason: string): Promise<readonly string[]> {
    const { items } = await this.client.resource(events).list();
    return items.filter((event) => event.reason === reason).map(({ message = "" }) => message);
  }

  async deploy(name: string, replicas: number, cpu: string): Promise<void> {
    const labels = { app: name };
    const containers = [{ name: "c", image: "i", resources: { requests: { cpu } } }];
    const deployment: Deployment = {
      metadata: { namespace, name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers, terminationGracePeriodSeconds: 1 } },
      },
    };
    await this.client.resource(deployments).create(deployment);
  }

  async scale(name: string, replicas: number): Promise<void> {
    await this.client.resource(deployments).patch({ namespace, name }, "merge", { spec: { replicas } });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources[Symbol.asyncDispose]();
  }
}

describe("cluster-autoscaler on a real API server", { timeout: 400_000 }, () => {
  let cluster: HollowCluster;
  const ready = (app: string, count: number) =>
    eventually(async () => assert.equal(await cluster.readyPods(app), count), slowMs);
  const nodeCount = (count: number) =>
    eventually(async () => {
      const names = (await cluster.nodes()).map(nameOf);
      assert.equal(names.length, count, `nodes: ${names.join(" ")}`);
      assert.equal(cluster.machines.length, count);
    }, slowMs);

  before(async () => {
    cluster = await HollowCluster.start();
  });
  after(async () => {
    try {
      assert.doesNotMatch(cluster.autoscaler.log, /is forbidden/, "its own rights are enough");
    } finally {
      await cluster[Symbol.asyncDispose]();
    }
  });

  it("adds as many machines as the pods need, from none", async () => {
    await cluster.deploy("web", 6, "900m");
    await ready("web", 6);
    await nodeCount(3);
    const told = await cluster.messages("TriggeredScaleUp");
    assert.ok(
      told.some((message) => /^pod triggered scale-up: \[\{hollow 0->\d \(max: 4\)\}\]$/.test(message)),
      told.join("\n"),
    );
    assert.deepEqual(await cluster.messages("FailedToScaleUpGroup"), []);
  });

  it("says why it cannot help", async () => {
    await cluster.deploy("huge", 1, "16");
    await eventually(async () => {
      const told = await cluster.messages("NotTriggerScaleUp");
      assert.ok(told.includes("pod didn't trigger scale-up: 1 Insufficient cpu"), told.join("\n"));
    }, slowMs);
    await cluster.client.resource(deployments).delete({ namespace, name: "huge" });
    assert.equal(cluster.machines.length, 3);
  });

  it("tells how things are", async () => {
    const key = { namespace: "kube-system", name: "cluster-autoscaler-status" };
    await eventually(async () => {
      const { data, metadata } = await cluster.client.resource(configMaps).get(key);
      assert.match(data?.["status"] ?? "", /autoscalerStatus: Running/);
      assert.match(data?.["status"] ?? "", /cloudProviderTarget: 3/);
      assert.ok(metadata.annotations?.["cluster-autoscaler.kubernetes.io/last-updated"]);
    }, slowMs);
  });

  it("keeps nodes whose pods no disruption budget lets go", async () => {
    await cluster.client.resource(podDisruptionBudgets).create({
      metadata: { namespace, name: "web" },
      spec: { minAvailable: 3, selector: { matchLabels: { app: "web" } } },
    });
    // One pod is left on each node: two nodes could go.
    const perNode = Map.groupBy(await cluster.pods("web"), ({ spec }) => spec.nodeName ?? "");
    for (const [keep] of perNode.values()) {
      const annotations = { "controller.kubernetes.io/pod-deletion-cost": "1000" };
      if (keep)
        await cluster.client
          .resource<Pod>(pods)
          .patch({ namespace, name: nameOf(keep) }, "merge", { metadata: { annotations } });
    }
    await cluster.scale("web", 3);
    await eventually(async () => assert.equal((await cluster.pods("web")).length, 3), slowMs);
    // The nodes are looked at again and again, and every time the budget keeps them.
    await eventually(async () => {
      const before = await scans();
      assert.ok(before > 20, `${before} scans`);
    }, slowMs);
    assert.equal((await cluster.nodes()).length, 3);
    assert.equal(await cluster.readyPods("web"), 3);
  });

  it("drains nodes one by one within the budget, and removes their machines", async () => {
    const least = { value: Infinity };
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) least.value = Math.min(least.value, await cluster.readyPods("web"));
    })();
    await cluster.client
      .resource(podDisruptionBudgets)
      .patch({ namespace, name: "web" }, "merge", { spec: { minAvailable: 2 } });
    await nodeCount(2);
    await ready("web", 3);
    watching.abort();
    await watch;
    assert.ok(least.value >= 2, `at times only ${least.value} pods were ready`);
    const removed = readFileSync(join(cluster.state, "removed"), "utf8").trim().split("\n");
    assert.equal(new Set(removed).size, removed.length, "each machine is removed once");
    assert.ok((await cluster.messages("ScaleDown")).some((message) => /removed with drain/.test(message)));
  });

  it("takes back a removal that a killed process has begun", async () => {
    await cluster.autoscaler.kill();
    const [first] = await cluster.nodes();
    assert.ok(first);
    const taints = [{ key: toBeDeletedTaint, value: "1", effect: "NoSchedule" }];
    await cluster.client.resource<Node>(nodes).patch({ name: nameOf(first) }, "merge", { spec: { taints } });
    cluster.restartAutoscaler();
    await eventually(async () => {
      const node = await cluster.client.resource<Node>(nodes).get({ name: nameOf(first) });
      assert.equal(
        (node.spec.taints ?? []).some(({ key }) => key === toBeDeletedTaint),
        false,
      );
    }, slowMs);
  });

  it("rests when there is no machine, and goes on when there is", async () => {
    cluster.flag("empty", true);
    await cluster.scale("web", 6);
    await eventually(async () => {
      const told = await cluster.messages("FailedToScaleUpGroup");
      assert.ok(
        told.some((message) => /no machine is left/.test(message)),
        told.join("\n"),
      );
    }, slowMs);
    cluster.flag("empty", false);
    await ready("web", 6);
    await nodeCount(3);
  });

  it("gives up machines that never become nodes", async () => {
    cluster.flag("mute", true);
    await cluster.scale("web", 8);
    await eventually(async () => {
      const told = await cluster.messages("ScaleUpTimedOut");
      assert.ok(
        told.some((message) => /failed to register within 3s/.test(message)),
        told.join("\n"),
      );
      assert.ok(existsSync(join(cluster.state, "removed")));
    }, slowMs);
    cluster.flag("mute", false);
    await ready("web", 8);
    await nodeCount(4);
  });

  it("removes every machine when nothing is left to run", async () => {
    await cluster.client.resource(podDisruptionBudgets).delete({ namespace, name: "web" });
    await cluster.client.resource(deployments).delete({ namespace, name: "web" }, { propagationPolicy: "Background" });
    await nodeCount(0);
  });

  async function scans(): Promise<number> {
    const key = { namespace: "kube-system", name: "cluster-autoscaler-status" };
    const { metadata } = await cluster.client.resource(configMaps).get(key);
    const updated = metadata.annotations?.["cluster-autoscaler.kubernetes.io/last-updated"] ?? "";
    seen.add(updated);
    return seen.size;
  }
  const seen = new Set<string>();
});
