import assert from "node:assert/strict";
import type { NetworkInterfaceInfo } from "node:os";
import { test } from "node:test";
import type { Lease } from "@kube-ts/api/coordination/v1";
import type { Node, NodeStatus } from "@kube-ts/api/core/v1";
import { conflict, notFound } from "@kube-ts/api/status-error";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import type { NodeConfig } from "../config/kubelet-config.ts";
import type { RuntimeStatus } from "../runtime/runtime.ts";
import { parseMeminfo, type Machine } from "./machine.ts";
import { chooseIps, defaultInterface, defaultIpv6Interface } from "./node-addresses.ts";
import { nodeConditions } from "./node-conditions.ts";
import { NodeLease } from "./node-lease.ts";
import { newNode, nodePatch } from "./node-object.ts";
import { NodeReporter } from "./node-reporter.ts";
import { nodeResources } from "./node-resources.ts";
import { nodeStatus, nodeStatusChanged } from "./node-status.ts";
import { nodeStatusPatch } from "./node-status-patch.ts";
import { RuntimeHealth } from "./runtime-health.ts";

const machine: Machine = {
  cores: 4,
  memoryBytes: 8 * 1024 ** 3,
  hugepages: new Map([["hugepages-2Mi", 0]]),
  swapBytes: 0,
  machineId: "m",
  systemUuid: "s",
  bootId: "b",
  kernelVersion: "6.1",
  osImage: "Debian",
  architecture: "amd64",
};
const config: NodeConfig = {
  register: true,
  labels: { disk: "ssd" },
  taints: [{ key: "a", effect: "NoSchedule" }],
  providerId: "",
  statusUpdateMs: 10_000,
  statusReportMs: 300_000,
  leaseDurationSeconds: 40,
  maxImages: 50,
  maxPods: 110,
  podsPerCore: 10,
  kubeReserved: { cpu: "100m", memory: "128Mi" },
  systemReserved: { cpu: "400m" },
  enforceAllocatable: true,
};
const identity = { name: "node-1", hostname: "host-1", architecture: "amd64" };

test("allocatable is what is not reserved and not defended", () => {
  const memory = { type: "quantity" as const, amount: 100 * 1024 ** 2, text: "100Mi" };
  const disk = { type: "percent" as const, share: 0.1 };
  const { capacity, allocatable } = nodeResources(machine, 1000 * 1024, config, [
    { signal: "memory.available", value: memory, graceMs: 0, minReclaim: undefined },
    { signal: "memory.available", value: { ...memory, amount: 1 }, graceMs: 5, minReclaim: undefined },
    { signal: "nodefs.available", value: disk, graceMs: 0, minReclaim: undefined },
  ]);
  assert.deepEqual(capacity, {
    cpu: "4",
    "ephemeral-storage": "1000Ki",
    "hugepages-2Mi": "0",
    memory: "8Gi",
    pods: "40",
  });
  assert.deepEqual(allocatable, {
    cpu: "3500m",
    "ephemeral-storage": "900Ki",
    "hugepages-2Mi": "0",
    memory: "7964Mi",
    pods: "40",
  });
});

test("conditions keep the time of their last transition", () => {
  const first = nodeConditions({ problems: ["a", "b"], pressure: new Set(["MemoryPressure"]) }, [], 0);
  assert.deepEqual(
    first.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
    [
      "MemoryPressure=True KubeletHasInsufficientMemory",
      "DiskPressure=False KubeletHasNoDiskPressure",
      "PIDPressure=False KubeletHasSufficientPID",
      "Ready=False KubeletNotReady",
    ],
  );
  assert.equal(first[3]?.message, "[a, b]");
  const second = nodeConditions({ problems: [], pressure: new Set(["MemoryPressure"]) }, first, 60_000);
  assert.equal(second[0]?.lastTransitionTime, first[0]?.lastTransitionTime);
  assert.equal(second[0]?.lastHeartbeatTime, "1970-01-01T00:01:00Z");
  assert.deepEqual([second[3]?.status, second[3]?.lastTransitionTime], ["True", "1970-01-01T00:01:00Z"]);
});

function statusAt(nowMs: number, last: NodeStatus = {}): NodeStatus {
  return nodeStatus({
    machine,
    resources: { capacity: { cpu: "4" }, allocatable: { cpu: "3" } },
    addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
    port: 10_250,
    images: [
      { id: "1", repoTags: ["small:v1"], repoDigests: [], sizeBytes: 1, uid: undefined, username: "", pinned: false },
      {
        id: "2",
        repoTags: ["big:v1"],
        repoDigests: ["big@sha256:x"],
        sizeBytes: 9,
        uid: undefined,
        username: "",
        pinned: false,
      },
    ],
    maxImages: 1,
    runtime: { runtimeName: "docker", runtimeVersion: "20.10", runtimeApiVersion: "1.41" },
    features: undefined,
    health: { problems: [], pressure: new Set() },
    last,
    nowMs,
  });
}

test("a status says what the node is; heartbeats alone are no change", () => {
  const status = statusAt(0);
  assert.equal(status.nodeInfo?.containerRuntimeVersion, "docker://20.10");
  assert.match(status.nodeInfo?.kubeletVersion ?? "", /^v1\.36\./);
  assert.deepEqual(status.images, [{ names: ["big@sha256:x", "big:v1"], sizeBytes: 9 }]);
  assert.equal(nodeStatusChanged(status, statusAt(99_000, status)), false);
});

test("the status patch leaves alone what others write", () => {
  const stored: Node = {
    metadata: { name: "node-1" },
    spec: {},
    status: {
      capacity: { cpu: "2", "example.com/gpu": "1" },
      addresses: [{ type: "Hostname", address: "old" }],
      conditions: [{ type: "NetworkUnavailable", status: "False" }],
    },
  };
  const patch = nodeStatusPatch(stored, statusAt(0));
  assert.deepEqual(patch["capacity"], { cpu: "4" });
  assert.deepEqual(patch["addresses"], [{ $patch: "replace" }, { type: "InternalIP", address: "10.0.0.1" }]);
  assert.deepEqual(
    (patch["conditions"] as { type: string }[]).map(({ type }) => type),
    ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"],
  );
});

test("an existing node gets the labels it lacks and keeps its taints", () => {
  const created = newNode(identity, config);
  assert.deepEqual(created.spec.taints, config.taints);
  assert.equal(nodePatch(created, identity, config), undefined);
  const stored: Node = { metadata: { name: "node-1", labels: { ...created.metadata.labels, disk: "hdd" } }, spec: {} };
  assert.deepEqual(nodePatch(stored, identity, config), {
    metadata: {
      labels: { disk: "ssd" },
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
  });
});

test("addresses are those of the interface of the default route", () => {
  const info = (address: string, family: "IPv4" | "IPv6", internal = false) => ({
    address,
    family,
    internal,
    netmask: "",
    mac: "",
    cidr: null,
    ...(family === "IPv6" ? { scopeid: 0 } : {}),
  });
  const interfaces = {
    lo: [info("127.0.0.1", "IPv4", true)],
    docker0: [info("172.17.0.1", "IPv4")],
    eth0: [info("fe80::1", "IPv6"), info("10.0.0.5", "IPv4")],
  } as unknown as NodeJS.Dict<NetworkInterfaceInfo[]>;
  const routes = "Iface\tDestination\tGateway\neth1\t0000FEA9\t00000000\neth0\t00000000\t0100000A\n";
  assert.equal(defaultInterface(routes), "eth0");
  assert.deepEqual(chooseIps(interfaces, { IPv4: "eth0" }), ["10.0.0.5"]);
  assert.deepEqual(chooseIps(interfaces, {}), ["172.17.0.1"]);
});

test("the address of a node with IPv6 is that of the interface of its default route", () => {
  const zeros = "0".repeat(32);
  const gateway = "fd00".padEnd(31, "0");
  const routes = [
    `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`,
    `${gateway}0 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001     eth1`,
    `${zeros} 00 ${zeros} 00 ${gateway}1 00000400 00000001 00000000 00000003     eth0`,
  ].join("\n");
  assert.equal(defaultIpv6Interface(routes), "eth0");
  assert.equal(defaultIpv6Interface(""), undefined);
  const address = (text: string) => ({ address: text, family: text.includes(":") ? "IPv6" : "IPv4", internal: false });
  const interfaces = {
    cni0: [address("fd00:244::1")],
    eth0: [address("fe80::1"), address("fd00::5"), address("10.0.0.5")],
  } as unknown as NodeJS.Dict<NetworkInterfaceInfo[]>;
  assert.deepEqual(chooseIps(interfaces, { IPv6: "eth0" }, "IPv6"), ["fd00::5"]);
  assert.deepEqual(chooseIps(interfaces, { IPv4: "eth0", IPv6: "eth0" }), ["10.0.0.5"]);
  assert.deepEqual(chooseIps({ eth0: [] }, {}), []);
});

test("meminfo is read in bytes", () => {
  assert.equal(parseMeminfo("MemTotal:       1024 kB\nHugePages_Total: 3\n").get("MemTotal"), 1024 * 1024);
});

/** The nodes of an API server. */
class NodeServer {
  stored: Node | undefined;
  cached = false;
  readonly calls: string[] = [];
  #version = 0;

  async get(): Promise<Node> {
    this.calls.push("get");
    if (!this.stored) throw notFound({ group: "", resource: "nodes" }, "node-1");
    return this.stored;
  }

  async create(node: Node): Promise<Node> {
    this.calls.push("create");
    return this.#store(node);
  }

  async patch(_key: unknown, type: string, patch: unknown): Promise<Node> {
    this.calls.push(type === "merge" ? "patch" : "status");
    const { status, metadata } = patch as { status?: NodeStatus; metadata?: object };
    const current = this.stored ?? { metadata: {}, spec: {} };
    return this.#store({
      ...current,
      metadata: { ...current.metadata, ...metadata },
      status: { ...current.status, ...status },
    });
  }

  #store(node: Node): Node {
    this.#version += 1;
    this.stored = { ...node, metadata: { ...node.metadata, uid: "u", resourceVersion: `${this.#version}` } };
    return this.stored;
  }
}

test("a node registers, reports changes at once and itself every five minutes", async () => {
  const server = new NodeServer();
  const clock = new FakeClock(1_000_000);
  const stop = new AbortController();
  const states: string[] = [];
  let cores = "4";
  const reporter = new NodeReporter({
    nodes: server,
    informer: { get: () => (server.cached ? server.stored : undefined), synced: true },
    identity,
    config,
    clock,
    log: silentLogger,
    status: async (last) => ({ ...statusAt(clock.now(), last), capacity: { cpu: cores } }),
    onStateChange: (state) => void states.push(state),
  });
  const running = reporter.run(stop.signal).catch(() => undefined);
  await clock.advance(0);
  assert.deepEqual(server.calls, ["get", "create", "status"]);
  const fresh = ["NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "NodeReady"];
  assert.deepEqual(states, fresh);
  server.cached = true;
  server.calls.length = 0;
  await clock.advance(290_000);
  assert.deepEqual(server.calls, [], "nothing changed");
  await clock.advance(10_000);
  assert.deepEqual(server.calls, ["status"]);
  server.calls.length = 0;
  cores = "8";
  reporter.changed();
  await clock.advance(0);
  assert.deepEqual(server.calls, ["status"]);
  server.stored = undefined;
  server.calls.length = 0;
  await clock.advance(10_000);
  assert.deepEqual(server.calls.slice(0, 2), ["get", "create"], "a node that was deleted registers again");
  assert.deepEqual(states, [...fresh, ...fresh]);
  stop.abort(new Error("done"));
  await running;
});

test("the lease is renewed every quarter of its duration, whoever wrote it before", async () => {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  let stored: Lease | undefined;
  let conflicts = 0;
  const renewals: (string | undefined)[] = [];
  const keep = async (lease: Lease): Promise<Lease> => {
    if (conflicts-- > 0) throw conflict({ group: "coordination.k8s.io", resource: "leases" }, "node-1");
    stored = lease;
    renewals.push(lease.spec.renewTime);
    return lease;
  };
  const get = async (): Promise<Lease> => {
    if (!stored) throw notFound({ group: "coordination.k8s.io", resource: "leases" }, "node-1");
    return stored;
  };
  const leases = { get, create: keep, update: keep };
  const lease = new NodeLease({
    leases: leases,
    nodeName: "node-1",
    durationSeconds: 40,
    clock,
    log: silentLogger,
    node: () => ({ metadata: { name: "node-1", uid: "u" }, spec: {} }),
  });
  const running = lease.run(stop.signal).catch(() => undefined);
  await clock.advance(10_000);
  assert.deepEqual(renewals, ["1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:10.000000Z"]);
  assert.equal(stored?.metadata.ownerReferences?.[0]?.uid, "u");
  conflicts = 1;
  await clock.advance(10_000);
  assert.equal(renewals.length, 3);
  stop.abort(new Error("done"));
  await running;
});

test("the node is ready only when runtime, network and relist are", async () => {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  let relistAgeMs = 0;
  let changes = 0;
  const status = (runtime: boolean, network: boolean): RuntimeStatus =>
    ({
      conditions: [
        { type: "RuntimeReady", status: runtime, reason: "", message: "" },
        { type: "NetworkReady", status: network, reason: "NetworkPluginNotReady", message: "no config" },
      ],
    }) as unknown as RuntimeStatus;
  let now = status(false, false);
  const health = new RuntimeHealth({
    runtime: { status: async () => now },
    clock,
    relistAgeMs: () => relistAgeMs,
    onChange: () => void (changes += 1),
  });
  assert.match(health.problems()[0] ?? "", /may not have completed yet/);
  const running = health.run(stop.signal).catch(() => undefined);
  await clock.advance(0);
  assert.deepEqual(health.problems(), [
    "container runtime is down",
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:no config",
  ]);
  now = status(true, true);
  await clock.advance(500);
  assert.deepEqual(health.problems(), []);
  assert.equal(changes, 2);
  relistAgeMs = 200_000;
  assert.deepEqual(health.problems(), ["PLEG is not healthy: pleg was last seen active 3m20s ago; threshold is 3m0s"]);
  stop.abort(new Error("done"));
  await running;
});
