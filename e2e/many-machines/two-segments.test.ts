import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "../harness/eventually.ts";
import { echoManifest } from "./echo-server.ts";
import { MachineCluster } from "./machine-cluster.ts";
import { echoPods, echoService, unreachable } from "./reachability.ts";

// Machines behind a router that knows nothing of pods: the overlay carries what it could not.

let cluster: MachineCluster;

before(async () => {
  cluster = await MachineCluster.start({
    machines: [
      { name: "cp-1", roles: ["etcd", "control-plane", "worker"] },
      { name: "worker-1", roles: ["worker"], segment: 1 },
    ],
    network: { ipv6: true, segments: 2 },
    config: {
      network: {
        podCIDRs: ["10.244.0.0/16", "fd00:10:244::/56"],
        serviceCIDRs: ["10.96.0.0/16", "fd00:10:96::/112"],
        podNetwork: { mode: "auto" },
      },
    },
  });
});

after(() => cluster[Symbol.asyncDispose]());

test("pods of two segments reach each other over both families, with the overlay's packets", async () => {
  const workers = cluster.having("worker");
  await cluster.kubectl.run(["apply", "-f", "-"], echoManifest("echo", { nodes: workers.map(({ name }) => name) }));
  const pods = await eventually(
    "a ready pod on each node",
    () => echoPods(cluster.kubectl, "echo"),
    (found) => found.length === workers.length,
    120_000,
  );
  assert.ok(
    pods.every(({ addresses }) => addresses.length === 2),
    JSON.stringify(pods),
  );
  const service = await echoService(cluster.kubectl, "echo");
  const everything = { pods, service, serviceName: "echo", machines: workers };
  const check = async () => {
    const found = await Promise.all(
      pods.map((pod) => unreachable({ pod, machine: cluster.lab.machine(pod.node) }, everything)),
    );
    return found.flat();
  };
  await eventually("everything is reached", check, (wrong) => wrong.length === 0, 90_000);
  for (const machine of workers) {
    assert.match(await machine.run("ip -details link show podnet.1"), /mtu 1450 .* vxlan id 1 /s);
    assert.match(await machine.run("ip link show cni0"), /mtu 1450 /);
  }
});
