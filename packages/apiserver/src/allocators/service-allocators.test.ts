import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service, ServiceSpec } from "@kube-ts/api/core/v1";
import type { ServiceCIDR } from "@kube-ts/api/networking/v1";
import { serviceCidrs, services } from "@kube-ts/api/resource-types";
import { type ApiError, badRequest, timeout } from "@kube-ts/api/status-error";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import { MemoryStore } from "../storage/memory/memory-store.ts";
import { ServiceAllocators } from "./service-allocators.ts";

const { signal } = new AbortController();
const startMs = Date.parse("2026-03-01T12:00:00Z");

interface Options {
  readonly ipRanges?: readonly string[];
  readonly nodePorts?: { readonly first: number; readonly last: number };
  readonly objects?: MemoryObjects;
  readonly store?: MemoryStore;
  readonly clock?: FakeClock;
  readonly seed?: number;
}

function server(options: Options = {}) {
  const objects = options.objects ?? new MemoryObjects();
  const store = options.store ?? new MemoryStore();
  const clock = options.clock ?? new FakeClock(startMs);
  const allocators = new ServiceAllocators({
    store,
    storageRoot: "/registry",
    ipRanges: options.ipRanges ?? ["10.96.0.0/24"],
    nodePorts: options.nodePorts ?? { first: 30000, last: 30063 },
    clock,
    random: seededRandom(options.seed ?? 1),
    log: silentLogger,
  });
  const stop = new AbortController();
  const running = allocators.run(objects, stop.signal);
  const end = async () => {
    stop.abort(new Error("stop"));
    await running;
  };
  /** Stores the service where the server's cache and the repair see it. */
  const save = async (service: Service) => {
    objects.put(services, service);
    const key = `/registry/services/specs/${service.metadata.namespace}/${service.metadata.name}`;
    const { value } = await store.get(key, signal);
    const bytes = Buffer.from(JSON.stringify(service));
    await (value ? store.update(key, bytes, value.revision, signal) : store.create(key, bytes, signal));
  };
  const create = async (service: Service) => {
    const reservation = await allocators.allocateForService(service, undefined, { dryRun: false, signal });
    await save(service);
    await reservation.commit();
    return service;
  };
  const update = async (old: Service, spec: Partial<ServiceSpec>) => {
    const changed: Service = structuredClone({ ...old, spec: { ...old.spec, ...spec } });
    const reservation = await allocators.allocateForService(changed, old, { dryRun: false, signal });
    await save(changed);
    await reservation.commit();
    return changed;
  };
  const keys = async () => {
    const page = await store.list({ prefix: "/registry/ipaddresses/", limit: 1000 }, signal);
    return page.values.map(({ key }) => key.slice("/registry/ipaddresses/".length));
  };
  const ports = async () => {
    const { value } = await store.get("/registry/ranges/servicenodeports", signal);
    const data = value ? (JSON.parse(value.bytes.toString()) as { data: string }).data : "";
    const bits = Buffer.from(data, "base64").reverse();
    const set: number[] = [];
    for (let bit = 0; bit < bits.length * 8; bit += 1)
      if (((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) set.push(30000 + bit);
    return set;
  };
  return { objects, store, clock, allocators, end, save, create, update, keys, ports };
}

function makeService(name: string, spec: ServiceSpec = {}): Service {
  return { metadata: { name, namespace: "ns" }, spec: { type: "ClusterIP", ports: [{ port: 80 }], ...spec } };
}

async function problem(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "",
    (error: ApiError) => `${error.code} ${error.message}`,
  );
}

test("a service gets an address, recorded as upstream's IPAddress", async () => {
  const { create, store, end } = server();
  const { spec } = await create(makeService("web"));
  assert.match(spec.clusterIP ?? "", /^10\.96\.0\.\d+$/);
  assert.deepEqual(spec.clusterIPs, [spec.clusterIP]);
  const { value } = await store.get(`/registry/ipaddresses/${spec.clusterIP}`, signal);
  const stored = JSON.parse(value?.bytes.toString() ?? "") as { metadata: { uid: string } };
  assert.deepEqual(stored, {
    kind: "IPAddress",
    apiVersion: "networking.k8s.io/v1",
    metadata: {
      name: spec.clusterIP,
      uid: stored.metadata.uid,
      creationTimestamp: "2026-03-01T12:00:00Z",
      labels: {
        "ipaddress.kubernetes.io/ip-family": "IPv4",
        "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
      },
    },
    spec: { parentRef: { resource: "services", namespace: "ns", name: "web" } },
  });
  await end();
});

test("headless and external services get none", async () => {
  const { create, keys, end } = server();
  await create(makeService("a", { clusterIP: "None", clusterIPs: ["None"] }));
  await create(makeService("b", { type: "ExternalName", externalName: "x" }));
  assert.deepEqual(await keys(), []);
  await end();
});

test("addresses that cannot be had are refused in upstream's words", async () => {
  const { create, end } = server();
  await create(makeService("a", { clusterIP: "10.96.0.10", clusterIPs: ["10.96.0.10"] }));
  assert.equal(
    await problem(create(makeService("b", { clusterIP: "10.96.0.10", clusterIPs: ["10.96.0.10"] }))),
    '422 Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
  );
  assert.equal(
    await problem(create(makeService("b", { clusterIP: "192.168.0.1", clusterIPs: ["192.168.0.1"] }))),
    '422 Service "b" is invalid: spec.clusterIPs: Invalid value: ["192.168.0.1"]: failed to allocate IP 192.168.0.1: the provided network does not match the current range',
  );
  await end();
});

test("what cannot be an address is left to validation", async () => {
  const { allocators, keys, end } = server();
  for (const spec of [{ clusterIPs: ["x"] }, { clusterIPs: ["fd00::1"] }, { ipFamilies: ["IPv6" as const] }]) {
    await allocators.allocateForService(makeService("a", spec), undefined, { dryRun: false, signal });
  }
  assert.deepEqual(await keys(), []);
  await end();
});

test("many creators on two servers never get the same address, and all of the range is used", async () => {
  const first = server({ ipRanges: ["10.0.0.0/27"], seed: 1 });
  const second = server({ ipRanges: ["10.0.0.0/27"], seed: 2, store: first.store, objects: first.objects });
  const created = await Promise.all(
    Array.from({ length: 30 }, (_, index) => (index % 2 ? first : second).create(makeService(`s${index}`))),
  );
  assert.equal(new Set(created.map(({ spec }) => spec.clusterIP)).size, 30);
  assert.equal(
    await problem(first.create(makeService("more"))),
    "500 Internal error occurred: failed to allocate a serviceIP: range is full",
  );
  await Promise.all([first.end(), second.end()]);
});

test("dual-stack services have an address of each family, and give the second back", async () => {
  const { create, update, keys, end } = server({ ipRanges: ["10.96.0.0/24", "fd00::/112"] });
  const service = await create(makeService("a", { ipFamilies: ["IPv6", "IPv4"], ipFamilyPolicy: "RequireDualStack" }));
  assert.match(service.spec.clusterIPs?.[0] ?? "", /^fd00::/);
  assert.match(service.spec.clusterIPs?.[1] ?? "", /^10\.96\.0\./);
  assert.equal(service.spec.clusterIP, service.spec.clusterIPs?.[0]);
  const single = await update(service, {
    ipFamilies: ["IPv6"],
    ipFamilyPolicy: "SingleStack",
    clusterIPs: [service.spec.clusterIP ?? ""],
  });
  assert.deepEqual(await keys(), single.spec.clusterIPs);
  const dual = await update(single, { ipFamilies: ["IPv6", "IPv4"], ipFamilyPolicy: "PreferDualStack" });
  assert.equal(dual.spec.clusterIPs?.length, 2);
  assert.equal(dual.spec.clusterIPs?.[0], single.spec.clusterIPs?.[0]);
  await end();
});

test("ServiceCIDRs add ranges, from which nothing is taken once they are deleted or not ready", async () => {
  const { create, objects, allocators, keys, end } = server({ ipRanges: ["10.0.0.0/29"] });
  const range = (changes: Partial<ServiceCIDR> = {}): ServiceCIDR => ({
    metadata: { name: "more" },
    spec: { cidrs: ["10.77.0.0/29", "fd00::/112"] },
    ...changes,
  });
  const at = (name: string, address: string) =>
    create(makeService(name, { clusterIP: address, clusterIPs: [address] }));
  for (let index = 0; index < 6; index += 1) await create(makeService(`s${index}`));
  const full = "500 Internal error occurred: failed to allocate a serviceIP: range is full";
  assert.equal(await problem(create(makeService("more"))), full);
  objects.put(serviceCidrs, range());
  const more = await create(makeService("more"));
  assert.match(more.spec.clusterIP ?? "", /^10\.77\.0\.[1-6]$/);
  const free = more.spec.clusterIP === "10.77.0.3" ? "10.77.0.4" : "10.77.0.3";
  const named = await at("named", free);
  assert.match(
    await problem(at("network", "10.77.0.0")),
    /the provided IP \(10\.77\.0\.0\) is not in the valid range\. The range of valid IPs is 10\.77\.0\.0\/29$/,
  );
  const ready = (status: "True" | "False") => [
    { type: "Ready", status, reason: "", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" },
  ];
  objects.put(serviceCidrs, range({ status: { conditions: ready("False") } }));
  assert.equal(await problem(create(makeService("late"))), full);
  objects.put(serviceCidrs, range({ metadata: { name: "more", deletionTimestamp: "2026-01-01T00:00:00Z" } }));
  assert.equal(await problem(create(makeService("late"))), full);
  await allocators.releaseForService(named, signal);
  assert.ok(!(await keys()).includes(free), "what was taken is given back all the same");
  await end();
});

test("ranges of one family only, or none, are refused", () => {
  assert.throws(() => server({ ipRanges: [] }), /at least one/);
  assert.throws(() => server({ ipRanges: ["10.0.0.0/24", "10.1.0.0/24"] }), /different families/);
});

test("node ports come and go with the type of the service", async () => {
  const { create, update, ports, keys, allocators, end } = server();
  const nodePort = await create(
    makeService("a", { type: "NodePort", ports: [{ port: 80 }, { port: 81, nodePort: 30005 }] }),
  );
  const [picked, given] = nodePort.spec.ports ?? [];
  assert.equal(given?.nodePort, 30005);
  assert.deepEqual(await ports(), [30005, picked?.nodePort].sort());
  const balancer = await update(nodePort, { type: "LoadBalancer", externalTrafficPolicy: "Local" });
  assert.ok(balancer.spec.healthCheckNodePort);
  assert.equal((await ports()).length, 3);
  const fewer = await update(balancer, { ports: [given ?? { port: 81 }] });
  assert.deepEqual(await ports(), [30005, fewer.spec.healthCheckNodePort].sort());
  const plain = await update(fewer, { type: "ClusterIP", ports: [{ port: 81 }] });
  assert.deepEqual(await ports(), []);
  assert.equal((await keys()).length, 1);
  await update(plain, { type: "ExternalName" });
  assert.deepEqual(await keys(), []);
  const again = await update({ ...plain, spec: { type: "ExternalName" } }, { type: "NodePort", ports: [{ port: 1 }] });
  assert.deepEqual([(await keys()).length, (await ports()).length], [1, 1]);
  await allocators.releaseForService(again, signal);
  assert.deepEqual([await keys(), await ports()], [[], []]);
  await end();
});

test("node ports that cannot be had are refused in upstream's words", async () => {
  const { create, ports, keys, end } = server();
  await create(makeService("a", { type: "NodePort", ports: [{ port: 80, nodePort: 30005 }] }));
  const before = [await ports(), await keys()];
  const wanting = (nodePort: number) =>
    problem(create(makeService("b", { type: "NodePort", ports: [{ port: 1 }, { port: 80, nodePort }] })));
  assert.equal(
    await wanting(30005),
    '422 Service "b" is invalid: spec.ports[1].nodePort: Invalid value: 30005: provided port is already allocated',
  );
  assert.equal(
    await wanting(80),
    '422 Service "b" is invalid: spec.ports[1].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-30063',
  );
  assert.deepEqual([await ports(), await keys()], before);
  await end();
});

test("protocols of one port share its node port", async () => {
  const { create, ports, end } = server();
  const dns = await create(
    makeService("dns", {
      type: "NodePort",
      ports: [
        { name: "u", port: 53, protocol: "UDP" },
        { name: "t", port: 53, protocol: "TCP" },
      ],
    }),
  );
  const [udp, tcp] = dns.spec.ports ?? [];
  assert.ok(udp?.nodePort);
  assert.equal(udp.nodePort, tcp?.nodePort);
  assert.equal((await ports()).length, 1);
  await end();
});

test("a dry run takes nothing and refuses what could not be had", async () => {
  const { create, allocators, keys, ports, end } = server();
  const taken = await create(makeService("a", { type: "NodePort" }));
  const before = [await keys(), await ports()];
  const service = makeService("b", { type: "NodePort" });
  const reservation = await allocators.allocateForService(service, undefined, { dryRun: true, signal });
  await reservation.commit();
  assert.ok(service.spec.clusterIP && service.spec.ports?.[0]?.nodePort);
  const copy = makeService("c", { clusterIPs: taken.spec.clusterIPs ?? [], clusterIP: taken.spec.clusterIP ?? "" });
  const outcome = await problem(allocators.allocateForService(copy, undefined, { dryRun: true, signal }));
  assert.match(outcome, /provided IP is already allocated/);
  assert.deepEqual([await keys(), await ports()], before);
  await end();
});

test("a refused write gives back at once what it took, one of unknown outcome keeps it", async () => {
  const { allocators, keys, ports, end } = server();
  const reserve = () =>
    allocators.allocateForService(makeService("a", { type: "NodePort" }), undefined, { dryRun: false, signal });
  for (const cause of [undefined, badRequest("no")]) {
    await (await reserve()).rollback(cause);
    assert.deepEqual([await keys(), await ports()], [[], []]);
  }
  for (const cause of [timeout("etcd", 1), new Error("aborted")]) await (await reserve()).rollback(cause);
  assert.deepEqual([(await keys()).length, (await ports()).length], [2, 2]);
  await end();
});

test("the repair frees what nobody has, but not before writes under way must have ended", async () => {
  const { allocators, create, clock, keys, ports, end } = server();
  const kept = await create(makeService("kept", { type: "NodePort" }));
  const leaked = await allocators.allocateForService(makeService("lost", { type: "NodePort" }), undefined, {
    dryRun: false,
    signal,
  });
  await leaked.rollback(timeout("etcd", 1));
  await clock.advance(60_000);
  assert.deepEqual([(await keys()).length, (await ports()).length], [2, 2]);
  for (let minute = 0; minute < 5; minute += 1) await clock.advance(60_000);
  assert.deepEqual(await keys(), kept.spec.clusterIPs);
  assert.deepEqual(await ports(), [kept.spec.ports?.[0]?.nodePort]);
  await end();
});

test("the repair believes the store, not a cache that is behind", async () => {
  const { create, objects, clock, keys, ports, end } = server();
  await create(makeService("new", { type: "NodePort" }));
  objects.remove(services, "ns", "new");
  for (let minute = 0; minute < 6; minute += 1) await clock.advance(60_000);
  assert.deepEqual([(await keys()).length, (await ports()).length], [1, 1]);
  await end();
});

test("the repair adds what is missing before the first allocation, and corrects owners", async () => {
  const objects = new MemoryObjects();
  objects.put(
    services,
    makeService("old", {
      type: "NodePort",
      clusterIP: "10.96.0.99",
      clusterIPs: ["10.96.0.99"],
      ports: [{ port: 1, nodePort: 30001 }],
    }),
  );
  const { create, store, clock, end } = server({ objects });
  assert.match(await problem(create(makeService("b", { clusterIPs: ["10.96.0.99"] }))), /already allocated/);
  assert.match(
    await problem(create(makeService("b", { type: "NodePort", ports: [{ port: 1, nodePort: 30001 }] }))),
    /already allocated/,
  );
  objects.remove(services, "ns", "old");
  objects.put(services, makeService("renamed", { clusterIP: "10.96.0.99", clusterIPs: ["10.96.0.99"] }));
  await clock.advance(60_000);
  const { value } = await store.get("/registry/ipaddresses/10.96.0.99", signal);
  assert.match(value?.bytes.toString() ?? "", /"name":"renamed"/);
  await end();
});

test("nothing is allocated before the first pass has succeeded", async () => {
  const store = new MemoryStore();
  store.available = false;
  const { allocators, clock, end } = server({ store });
  const early = allocators.allocateForService(makeService("a"), undefined, {
    dryRun: false,
    signal: AbortSignal.timeout(50),
  });
  await assert.rejects(early, { name: "TimeoutError" });
  store.available = true;
  await clock.advance(1_000);
  await allocators.allocateForService(makeService("a"), undefined, { dryRun: false, signal });
  await end();
});

test("the addresses of others are not touched", async () => {
  const { store, clock, keys, end } = server();
  const foreign = {
    kind: "IPAddress",
    metadata: { name: "10.96.0.50", creationTimestamp: "2020-01-01T00:00:00Z" },
    spec: {},
  };
  await store.create("/registry/ipaddresses/10.96.0.50", Buffer.from(JSON.stringify(foreign)), signal);
  for (let minute = 0; minute < 5; minute += 1) await clock.advance(60_000);
  assert.deepEqual(await keys(), ["10.96.0.50"]);
  await end();
});

test("a random history of writes and failures never shares an address and leaks nothing", async () => {
  const random = seededRandom(42);
  const nodePorts = { first: 30000, last: 30255 };
  const first = server({ nodePorts, seed: 5 });
  const second = server({
    nodePorts,
    seed: 6,
    store: first.store,
    objects: first.objects,
    clock: first.clock,
  });
  const live = new Map<string, Service>();
  const step = async (index: number) => {
    const { allocators, save } = random.next() < 0.5 ? first : second;
    const name = `s${Math.floor(random.next() * 40)}-${index % 4}`;
    const old = live.get(name);
    if (old && random.next() < 0.4) {
      live.delete(name);
      first.objects.remove(services, "ns", name);
      const { value } = await first.store.get(`/registry/services/specs/ns/${name}`, signal);
      if (value) await first.store.delete(value.key, value.revision, signal);
      await allocators.releaseForService(old, signal);
      return;
    }
    const type = random.next() < 0.5 ? ("NodePort" as const) : ("ClusterIP" as const);
    const service = makeService(name, { ...(old && structuredClone(old.spec)), type, ports: [{ port: 80 }] });
    const reservation = await allocators.allocateForService(service, old, { dryRun: false, signal });
    const fate = random.next();
    if (fate < 0.2) return await reservation.rollback(fate < 0.1 ? badRequest("no") : timeout("etcd", 1));
    live.set(name, service);
    await save(service);
    await reservation.commit();
  };
  for (let round = 0; round < 40; round += 1) {
    await Promise.all([0, 1, 2, 3].map((lane) => step(round * 4 + lane)));
    const used = [...live.values()].flatMap(({ spec }) => spec.clusterIPs ?? []);
    assert.equal(new Set(used).size, used.length);
  }
  for (let minute = 0; minute < 8; minute += 1) await first.clock.advance(60_000);
  const used = [...live.values()].flatMap(({ spec }) => spec.clusterIPs ?? []);
  assert.deepEqual(await first.keys(), used.sort());
  const usedPorts = [...live.values()].flatMap(
    ({ spec }) => spec.ports?.flatMap(({ nodePort }) => nodePort ?? []) ?? [],
  );
  assert.deepEqual(await first.ports(), usedPorts.sort());
  await Promise.all([first.end(), second.end()]);
});
