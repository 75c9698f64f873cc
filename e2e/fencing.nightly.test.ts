import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { isRecord } from "@kube-ts/std/config-schema";
import { formatYaml, parseYaml } from "@kube-ts/std/yaml";
import { eventually } from "./harness/eventually.ts";
import type { Machine } from "./machines/machine.ts";
import { MachineCluster } from "./many-machines/machine-cluster.ts";

const slowMs = 300_000;
const files = {
  fence: "/usr/local/bin/fence",
  power: "/usr/local/bin/power",
  inventory: "/etc/kubernetes/machines.yaml",
  groups: "/etc/kubernetes/node-groups.yaml",
};

/** Turns machines off when it is asked to over the network, as the controller in a server's board does. */
class PowerController implements AsyncDisposable {
  asked = 0;
  isStuck = true;
  readonly off = new Set<string>();
  readonly #server: Server;

  constructor(machineOf: (name: string) => Machine) {
    this.#server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", (data) => {
        const [verb = "", name = ""] = data.toString().trim().split(" ");
        this.#answer(verb, machineOf(name)).then(
          (answer) => socket.end(`${answer}\n`),
          () => socket.end("failed\n"),
        );
      });
    });
  }

  async listen(host: string): Promise<number> {
    this.#server.listen(0, host);
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  async #answer(verb: string, machine: Machine): Promise<string> {
    if (verb === "status") return this.off.has(machine.name) ? "off" : "on";
    this.asked += 1;
    if (this.isStuck) return "busy";
    await machine.powerOff();
    this.off.add(machine.name);
    return "off";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}

let cluster: MachineCluster;
let power: PowerController;

before(async () => {
  cluster = await MachineCluster.start({
    machines: [
      { name: "cp-1", roles: ["etcd", "control-plane", "worker"] },
      { name: "worker-1", roles: ["worker"] },
    ],
  });
  power = new PowerController((name) => cluster.lab.machine(name));
  const [segment] = cluster.lab.segments;
  const [host = ""] = segment?.address(1) ?? [];
  const port = await power.listen(host);
  await writePrograms(cluster.first, host, port);
  await tellDaemons(cluster.first);
});

/** What an operator writes: how power is switched, which machines there are, and who is to be asked. */
async function writePrograms(machine: Machine, host: string, port: number): Promise<void> {
  const power = [
    "#!/bin/bash",
    "set -eu",
    `exec 3<>/dev/tcp/${host}/${port}`,
    'echo "$1 $MACHINE" >&3',
    "read -r -t 60 answer <&3",
    'case $answer in on | off) echo "$answer" ;; *) echo "the power controller says: $answer" >&2; exit 1 ;; esac',
  ];
  const provider = ["/usr/bin/kube-ts", "node-group", "bare-metal", `--inventory=${files.inventory}`];
  const inventory = {
    apiVersion: "deploy.kube-ts.io/v1",
    kind: "MachineInventory",
    stateDirectory: "/var/lib/cluster-autoscaler/machines",
    powerOff: [files.power, "off"],
    powerState: [files.power, "status"],
    groups: [{ name: "rack", minSize: 1, machines: [{ name: "worker-1", mac: "02:00:00:00:00:01" }] }],
  };
  const groups = { apiVersion: "deploy.kube-ts.io/v1", kind: "NodeGroupProvider", command: provider };
  await machine.write(files.power, `${power.join("\n")}\n`);
  await machine.write(files.fence, `#!/bin/sh\nexec ${provider.join(" ")} "$@"\n`);
  await machine.write(files.inventory, JSON.stringify(inventory));
  await machine.write(files.groups, JSON.stringify(groups));
  await machine.run(`chmod 755 ${files.power} ${files.fence} && chmod 644 ${files.inventory} ${files.groups}`);
}

/** Adds flags to the cluster's configuration, and has them take effect. */
async function tellDaemons(machine: Machine): Promise<void> {
  const config = parseYaml(await machine.read("/etc/kubernetes/cluster.yaml"));
  assert.ok(isRecord(config));
  const flags = {
    "kube-controller-manager": { "node-fencing-program": files.fence, "node-fencing-delay": "5s" },
    "cluster-autoscaler": { "cloud-config": files.groups },
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
    assert.ok(power.off.has("worker-1"), "the pod has gone before the machine was off");
    assert.ok((await taints("worker-1")).includes("out-of-service:NoExecute"));
    await cluster.kubectl.run(["apply", "-f", "-"], database("cp-1"));
    await eventually("the pod runs elsewhere", pod, isRunning, slowMs);
  });

  test("is taken back without it", async () => {
    await cluster.lab.wires.heal(worker());
    await worker().powerOn();
    await eventually(
      "the node is in service",
      () => taints("worker-1"),
      (found) => found.length === 0,
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
