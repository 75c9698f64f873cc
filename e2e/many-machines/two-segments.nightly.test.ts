import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually } from "../harness/eventually.ts";
import type { Machine } from "../machines/machine.ts";
import { echoManifest } from "./echo-server.ts";
import { MachineCluster } from "./machine-cluster.ts";
import { echoPods, echoService, unreachable } from "./reachability.ts";

// Machines behind a router that knows nothing of pods: the overlay carries what it could not.

interface Stack {
  readonly name: string;
  readonly podCIDRs: readonly string[];
  readonly serviceCIDRs: readonly string[];
  /** Which of a machine's addresses its node has. */
  readonly isNodeAddress: (address: string) => boolean;
  readonly mtu: number;
}

const stacks: readonly Stack[] = [
  {
    name: "both families",
    podCIDRs: ["10.244.0.0/16", "fd00:10:244::/56"],
    serviceCIDRs: ["10.96.0.0/16", "fd00:10:96::/112"],
    isNodeAddress: () => true,
    mtu: 1450,
  },
  {
    name: "IPv6 alone",
    podCIDRs: ["fd00:10:244::/56"],
    serviceCIDRs: ["fd00:10:96::/112"],
    isNodeAddress: (address) => address.includes(":"),
    mtu: 1430,
  },
];

for (const stack of stacks) describe(`two segments with ${stack.name}`, () => describeStack(stack));

function describeStack({ podCIDRs, serviceCIDRs, isNodeAddress, mtu }: Stack): void {
  let cluster: MachineCluster;
  const roles = { "cp-1": ["etcd", "control-plane", "worker"], "worker-1": ["worker"] } as const;
  const addressesOf = ({ addresses }: Machine) => addresses.filter(isNodeAddress);

  before(async () => {
    cluster = await MachineCluster.start({
      machines: [
        { name: "cp-1", roles: roles["cp-1"] },
        { name: "worker-1", roles: roles["worker-1"], segment: 1 },
      ],
      network: { ipv6: true, segments: 2 },
      config: (machines) => ({
        network: { podCIDRs, serviceCIDRs, podNetwork: { mode: "auto" } },
        machines: machines.map((machine) => {
          const { name } = machine;
          return { name, roles: roles[name as keyof typeof roles], addresses: addressesOf(machine), taints: [] };
        }),
      }),
    });
  });

  after(() => cluster[Symbol.asyncDispose]());

  test("pods reach each other, services and all nodes, with the overlay's packets", async () => {
    const workers = cluster.having("worker");
    await cluster.kubectl.run(["apply", "-f", "-"], echoManifest("echo", { nodes: workers.map(({ name }) => name) }));
    const pods = await eventually(
      "a ready pod on each node",
      () => echoPods(cluster.kubectl, "echo"),
      (found) => found.length === workers.length,
      120_000,
    );
    for (const { addresses } of pods) assert.equal(addresses.length, podCIDRs.length, JSON.stringify(pods));
    const service = await echoService(cluster.kubectl, "echo");
    const machines = workers.map((machine) => ({ addresses: addressesOf(machine) }));
    const everything = { pods, service, serviceName: "echo", machines };
    const check = async () => {
      const found = await Promise.all(
        pods.map((pod) => unreachable({ pod, machine: cluster.lab.machine(pod.node) }, everything)),
      );
      return found.flat();
    };
    await eventually("everything is reached", check, (wrong) => wrong.length === 0, 90_000);
    for (const machine of workers) {
      const overlay = await machine.run("ip -details link show podnet.1");
      assert.match(overlay, new RegExp(`mtu ${mtu} .* vxlan id 1 `, "s"));
      assert.match(await machine.run("ip link show cni0"), new RegExp(`mtu ${mtu} `));
    }
  });
}
