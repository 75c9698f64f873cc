import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { parseKubeconfig } from "@kube-ts/client/kubeconfig";
import { run } from "../deploy/local/command.ts";
import { repositoryRoot } from "../deploy/local/layout.ts";
import { DaemonProcess } from "../packages/cluster-autoscaler/src/testing/daemon-process.ts";
import { eventually } from "./harness/eventually.ts";
import { machineArguments } from "./machines/machine-container.ts";
import { machineImage } from "./machines/machine-image.ts";
import { MachineCluster } from "./many-machines/machine-cluster.ts";

const firstNumber = 50;
const added = `container-${firstNumber}`;
const slowMs = 600_000;

let cluster: MachineCluster;
let directory: string;
let autoscaler: DaemonProcess;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-scaling-"));
  cluster = await MachineCluster.start({
    machines: [{ name: "cp-1", roles: ["etcd", "control-plane", "worker"] }],
  });
  const withNode = join(repositoryRoot, "deploy", "bin", "with-node");
  const main = join(repositoryRoot, "deploy", "cli", "main.ts");
  const machines = write("machines.json", {
    apiVersion: "deploy.kube-ts.io/v1",
    kind: "ContainerMachines",
    group: {
      name: "containers",
      minSize: 0,
      maxSize: 1,
      template: { capacity: { cpu: "2", memory: "4Gi", pods: "110" } },
    },
    namePrefix: "container-",
    firstNumber,
    image: machineImage,
    runArguments: runArguments(),
    setup: ["apt-get install -q -y /packages/kube-ts-runtime_*.deb /packages/kube-ts-node_*.deb"],
    joinCommand: ["docker", "exec", cluster.first.container, "kube-ts", "token", "create", "--print-join-command"],
  });
  const provider = write("provider.json", {
    apiVersion: "deploy.kube-ts.io/v1",
    kind: "NodeGroupProvider",
    command: [withNode, main, "node-group", "container-machines", `--config=${machines}`],
    timeouts: { list: "60s", increase: "5m", delete: "2m" },
  });
  autoscaler = new DaemonProcess(directory, "cluster-autoscaler/bin/cluster-autoscaler", [
    `--kubeconfig=${await ownKubeconfig()}`,
    `--cloud-config=${provider}`,
    "--secure-port=0",
    "--leader-elect=false",
    "--scan-interval=2s",
    "--scale-down-delay-after-add=20s",
    "--scale-down-unneeded-time=20s",
    "--scale-down-utilization-threshold=0.6",
  ]);
});

after(async () => {
  if (autoscaler) await autoscaler[Symbol.asyncDispose]();
  await run("docker", ["rm", "--force", "--volumes", added]).catch(() => undefined);
  await run("docker", ["volume", "rm", "--force", added]).catch(() => undefined);
  if (cluster) await cluster[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function write(name: string, content: object): string {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
  return path;
}

/** What `docker run` needs for a machine of the laboratory, but for what the provider adds itself. */
function runArguments(): string[] {
  const [segment] = cluster.lab.segments;
  assert.ok(segment);
  const { name, addresses } = cluster.first;
  const own = /^(run|--detach|--name=.*|--hostname=.*|--volume=.*)$/;
  const all = machineArguments({
    container: "{name}",
    name: "{name}",
    labels: { "kube-ts.lab": cluster.lab.id },
    network: segment.name,
    mac: `02:6b:${cluster.lab.id.replaceAll(/(..)(?=.)/g, "$1:")}:{number}`,
    addresses: segment.address(firstNumber).map((address) => address.replace(/\d+$/, "{number}")),
    gateways: [],
    engineVolume: "{name}",
    disks: [],
    hosts: [{ name, addresses }],
  });
  const kept = all.filter((argument) => !own.test(argument) && argument !== machineImage);
  return [...kept, `--volume=${cluster.packages.directory}:/packages:ro`, "--env=DEBIAN_FRONTEND=noninteractive"];
}

/** The autoscaler's own credentials, for a daemon that runs beside the machines. */
async function ownKubeconfig(): Promise<string> {
  const text = await cluster.first.read("/etc/kubernetes/cluster-autoscaler.conf");
  const { users = [], clusters = [] } = parseKubeconfig(text, "cluster-autoscaler.conf");
  const ca = clusters[0]?.cluster?.["certificate-authority-data"];
  return write("kubeconfig", {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster: { server: cluster.servers[0], "certificate-authority-data": ca } }],
    users: [{ name: "own", user: users[0]?.user }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "own" } }],
    "current-context": "lab",
  });
}

/** Two of its pods fit on a machine with two CPUs. */
function manifest(replicas: number): string {
  const labels = { app: "web" };
  const container = {
    name: "pause",
    image: "kube-ts/pause:v1",
    imagePullPolicy: "Never",
    resources: { requests: { cpu: "900m" } },
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web" },
    spec: { minAvailable: 1, selector: { matchLabels: labels } },
  };
  return [deployment, budget].map((object) => JSON.stringify(object)).join("\n---\n");
}

async function runningPods(): Promise<readonly Pod[]> {
  const { items } = await cluster.kubectl.json<{ items: Pod[] }>(["get", "pods", "-l", "app=web"]);
  return items.filter(({ metadata, status }) => !metadata.deletionTimestamp && status?.phase === "Running");
}

const nodeNames = async () => (await cluster.nodes()).map(({ metadata }) => metadata.name ?? "").toSorted();

describe("a cluster that grows and shrinks", () => {
  test("a machine joins by itself when a pod does not fit", async () => {
    await cluster.kubectl.run(["apply", "-f", "-"], manifest(3));
    const pods = await eventually("three pods run", runningPods, (found) => found.length === 3, slowMs);
    assert.deepEqual([...new Set(pods.map(({ spec }) => spec.nodeName))].toSorted(), [added, "cp-1"]);
    assert.deepEqual(await nodeNames(), [added, "cp-1"]);
  });

  test("it is drained within the disruption budget and removed when it is not needed", async () => {
    await cluster.kubectl.run(["apply", "-f", "-"], manifest(2));
    const seen: number[] = [];
    await eventually(
      "the machine is gone",
      async () => {
        seen.push((await runningPods()).length);
        return nodeNames();
      },
      (names) => names.length === 1,
      slowMs,
    );
    assert.ok(Math.min(...seen) >= 1, `running pods: ${seen.join(" ")}`);
    const pods = await eventually("two pods run", runningPods, (found) => found.length === 2, slowMs);
    assert.ok(pods.every(({ spec }) => spec.nodeName === "cp-1"));
    assert.equal((await run("docker", ["ps", "--all", "--quiet", `--filter=name=^${added}$`])).trim(), "");
    assert.doesNotMatch(autoscaler.log, /is forbidden/);
  });
});
