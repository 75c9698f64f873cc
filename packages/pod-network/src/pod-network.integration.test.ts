import assert from "node:assert/strict";
import { test } from "node:test";
import { createPodLab, eventually, probe, stopProcess } from "./testing/pod-lab.ts";
import type { LabHost, LabNode, LabOptions, LabPod, PodLab } from "./testing/pod-lab.ts";

const signal = AbortSignal.timeout(600_000);
const clusterCidr = "--cluster-cidr=10.244.0.0/16,fd00:244::/48";

interface Site {
  readonly node: LabNode;
  readonly pod: LabPod;
}

/** Starts the agents and connects one pod on each node. */
async function startSites(lab: PodLab): Promise<readonly Site[]> {
  lab.tell(lab.nodes);
  for (const node of lab.nodes) node.startAgent();
  return Promise.all(lab.nodes.map((node) => siteOf(node)));
}

async function siteOf(node: LabNode): Promise<Site> {
  await eventually(() => node.podNetworkWritten(), signal);
  return { node, pod: await node.addPod() };
}

/** Every pod reaches every pod and every node, and they it, each seen by its own address. */
async function assertFullMesh(sites: readonly Site[]): Promise<void> {
  for (const from of sites) {
    for (const to of sites) {
      await assertReaches(from.pod, to.pod);
      await assertReaches(from.pod, to.node);
      await assertReaches(from.node, to.pod, false);
    }
  }
}

/** A node may use any of its addresses towards a pod. */
async function assertReaches(from: LabHost, to: LabHost, sameSource = true): Promise<void> {
  for (const address of to.addresses) {
    const family = address.includes(":");
    const what = `${from.name} to ${to.name} at ${address}`;
    await eventually(async () => {
      const seen = await probe(from, address).catch((error: unknown) => assert.fail(`${what}: ${String(error)}`));
      const own = from.addresses.find((candidate) => candidate.includes(":") === family);
      if (sameSource) assert.equal(seen, own, what);
    }, signal);
  }
}

const topologies: readonly { readonly name: string; readonly options: LabOptions; readonly mtu: number }[] = [
  {
    name: "routes on one segment, IPv4",
    options: { segments: [1, 1, 1], families: ["IPv4"], flags: ["--mode=routes", clusterCidr] },
    mtu: 1500,
  },
  {
    name: "routes on one segment, IPv6",
    options: { segments: [1, 1], families: ["IPv6"], flags: ["--mode=routes", clusterCidr] },
    mtu: 1500,
  },
  {
    name: "routes on one segment, both families",
    options: { segments: [1, 1], families: ["IPv4", "IPv6"], flags: ["--mode=routes", clusterCidr] },
    mtu: 1500,
  },
  {
    name: "vxlan between two segments, both families",
    options: { segments: [1, 2], families: ["IPv4", "IPv6"], flags: ["--mode=vxlan", clusterCidr] },
    mtu: 1450,
  },
  {
    name: "vxlan between two segments, IPv6",
    options: { segments: [1, 2], families: ["IPv6"], flags: ["--mode=vxlan", clusterCidr] },
    mtu: 1430,
  },
  {
    name: "auto on two segments, IPv4",
    options: { segments: [1, 1, 2], families: ["IPv4"], flags: ["--mode=auto"] },
    mtu: 1450,
  },
];

for (const { name, options, mtu } of topologies) {
  test(`${name}: every pod reaches every pod and node without NAT, with packets of ${mtu} bytes`, async () => {
    await using lab = await createPodLab(options, signal);
    const sites = await startSites(lab);
    await assertFullMesh(sites);
    const [first, last] = [sites[0], sites.at(-1)];
    assert.ok(first && last);
    for (const address of last.pod.addresses) {
      await probe(first.pod, address, mtu);
      await assert.rejects(probe(first.pod, address, mtu + 1), /Message too long/);
    }
    await assertHiddenOutside(lab, first);
  });
}

/** Outside of the cluster the node's address is seen. */
async function assertHiddenOutside(lab: PodLab, { node, pod }: Site): Promise<void> {
  for (const address of lab.router.addresses) {
    const own = node.addresses.find((candidate) => candidate.includes(":") === address.includes(":"));
    assert.equal(await probe(pod, address), own);
  }
}

test("what others change is repaired, what is theirs is left alone, and what is stale goes", async () => {
  const flags = ["--mode=auto", clusterCidr];
  await using lab = await createPodLab({ segments: [1, 1, 2], families: ["IPv4", "IPv6"], flags }, signal);
  const sites = await startSites(lab);
  const [near, far] = [lab.nodes[0], lab.nodes[2]];
  assert.ok(near && far);
  const { run } = near.namespace;
  await run("ip", "route", "add", "10.99.0.0/16", "via", "192.168.1.254");
  await run("ip", "route", "add", "10.244.3.0/24", "via", "192.168.1.254", "metric", "9000");
  await run("iptables", "-A", "FORWARD", "-s", "10.99.0.0/16", "-j", "DROP");
  const breakers = [
    ["ip", "route", "flush", "protocol", "107", "table", "all"],
    ["ip", "-6", "route", "flush", "protocol", "107", "table", "all"],
    ["bridge", "fdb", "delete", (await forwardingMac(near)) ?? "", "dev", "podnet.1", "dst", "192.168.2.3"],
    ["ip", "neighbour", "flush", "nud", "permanent", "dev", "podnet.1"],
    ["ip", "address", "flush", "dev", "podnet.1"],
    ["ip", "rule", "delete", "priority", "107"],
    ["ip", "link", "set", "podnet.1", "mtu", "1300"],
    ["ip", "link", "set", "podnet.1", "down"],
    ["ip", "link", "delete", "podnet.1"],
    ["sysctl", "-qw", "net.ipv4.ip_forward=0"],
  ];
  const whole = await hostText(near);
  for (const [command = "", ...args] of breakers) {
    await run(command, ...args);
    await eventually(async () => assert.equal(await hostText(near), whole, `${command} ${args.join(" ")}`), signal);
  }
  await assertFullMesh(sites);
  assert.match(await run("ip", "route", "show", "10.99.0.0/16"), /via 192\.168\.1\.254/);
  assert.match(await run("ip", "route", "show", "10.244.3.0/24"), /metric 9000/);
  assert.match(await run("iptables-save"), /-A FORWARD -s 10\.99\.0\.0\/16 -j DROP/);

  lab.tell(lab.nodes.slice(0, 2));
  await eventually(async () => {
    const text = await hostText(near);
    assert.doesNotMatch(text, /10\.244\.3\.|fd00:244:0:3:|192\.168\.2\.3/);
    assert.match(text, /10\.244\.2\.0\/24 via 192\.168\.1\.2/);
  }, signal);
});

test("traffic flows on without agents, and a new one finds nothing to change", async () => {
  await using lab = await createPodLab({ segments: [1, 2], families: ["IPv4"], flags: ["--mode=vxlan"] }, signal);
  lab.tell(lab.nodes);
  const agents = lab.nodes.map((node) => node.startAgent());
  const sites = await Promise.all(lab.nodes.map((node) => siteOf(node)));
  await assertFullMesh(sites);
  for (const agent of agents) await stopProcess(agent);
  await assertFullMesh(sites);
  const [node] = lab.nodes;
  assert.ok(node);
  const whole = await hostText(node);
  const index = await node.namespace.run("cat", "/sys/class/net/podnet.1/ifindex");
  node.startAgent();
  const metrics = () => fetchInside(node, "http://127.0.0.1:10245/metrics");
  await eventually(async () => assert.match(await metrics(), /pod_network_sync_duration_seconds_count [2-9]/), signal);
  assert.doesNotMatch(await metrics(), /pod_network_commands_total\{/);
  assert.equal(await hostText(node), whole);
  assert.equal(await node.namespace.run("cat", "/sys/class/net/podnet.1/ifindex"), index);
});

test("a node behind a router is reported where there is no overlay, and its condition is written", async () => {
  await using lab = await createPodLab({ segments: [1, 2], families: ["IPv4"], flags: ["--mode=routes"] }, signal);
  lab.tell(lab.nodes);
  const [node] = lab.nodes;
  assert.ok(node);
  node.startAgent();
  await eventually(async () => {
    const event = lab.writes.find(({ method, path }) => method === "POST" && path.endsWith("/events"));
    assert.match(event?.body ?? "", /Pods of node n2 cannot be reached over IPv4: its address is behind a router/);
    const patch = lab.writes.find(({ path }) => path === "/api/v1/nodes/n1/status");
    assert.match(patch?.body ?? "", /"type":"NetworkUnavailable","status":"False"/);
    const metrics = await fetchInside(node, "http://127.0.0.1:10245/metrics");
    assert.match(metrics, /pod_network_unreachable_nodes\{reason="OffSegment"\} 1/);
  }, signal);
  assert.equal(await fetchInside(node, "http://127.0.0.1:10246/healthz"), "ok");
});

async function fetchInside({ namespace }: LabNode, url: string): Promise<string> {
  const program = "process.stdout.write(await (await fetch(process.argv[1])).text())";
  return namespace.run(process.execPath, "--input-type=module", "-e", program, url);
}

/** Everything that the agent keeps on a node, as text. */
async function hostText({ namespace: { run } }: LabNode): Promise<string> {
  const texts = [
    await run("ip", "route", "show", "protocol", "107", "table", "all"),
    await run("ip", "-6", "route", "show", "protocol", "107", "table", "all"),
    await run("ip", "rule", "show"),
    await run("ip", "-6", "rule", "show"),
    await run("sysctl", "net.ipv4.ip_forward"),
    await run("ip", "-details", "-oneline", "link", "show", "type", "vxlan"),
  ];
  if (texts.some((text) => text.includes("podnet.1"))) {
    texts.push(await run("ip", "-oneline", "address", "show", "scope", "global", "dev", "podnet.1"));
    texts.push(await run("ip", "neighbour", "show", "dev", "podnet.1"));
    texts.push(await run("bridge", "fdb", "show", "dev", "podnet.1"));
  }
  return texts.join("").replaceAll(/^\d+:/gm, "");
}

async function forwardingMac({ namespace }: LabNode): Promise<string | undefined> {
  const entries = await namespace.run("bridge", "fdb", "show", "dev", "podnet.1");
  return /^(\S+) dst 192\.168\.2\.3/m.exec(entries)?.[1];
}
