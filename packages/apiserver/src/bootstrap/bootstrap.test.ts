import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "@kube-ts/api/core/v1";
import * as types from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import { MemoryStore } from "../storage/memory/memory-store.ts";
import { ensureAuthenticationConfigMap } from "./authentication-config-map.ts";
import { MasterLeases } from "./master-leases.ts";
import { type BootstrapConfig, type BootstrapStep, bootstrapSteps, runBootstrap } from "./run-bootstrap.ts";

const startMs = Date.parse("2026-03-01T12:00:00Z");

function set(
  objects = new MemoryObjects(),
  advertiseAddress = "192.0.2.1",
  clock = new FakeClock(startMs),
  store = new MemoryStore({ clock }),
  serviceRanges: readonly string[] = ["10.96.0.0/12"],
) {
  const stop = new AbortController();
  const done: BootstrapStep[] = [];
  const config: BootstrapConfig = {
    kubernetesService: { clusterIp: "10.96.0.1", advertiseAddress, securePort: 6443 },
    serviceRanges,
    authentication: () => ({ clientCaPem: "" }),
    hostName: "host-1",
    groupVersions: [{ group: "", version: "v1" }],
    rbac: true,
    store,
    storagePrefix: "/registry",
    clock,
    random: seededRandom(1),
    log: silentLogger,
    onStepDone: (step) => void done.push(step),
  };
  const running = runBootstrap(objects, objects, config, stop.signal);
  const settled = async () => {
    const deadline = Date.now() + 5_000;
    while (done.length < bootstrapSteps(config).length) {
      assert.ok(Date.now() < deadline, `still waiting, done: ${done.join(", ")}`);
      await clock.advance(1_000);
    }
  };
  return { objects, store, clock, stop, running, done, settled };
}

function addresses(objects: MemoryObjects): { slice: string[]; endpoints: string[] } {
  const slice = objects.get(types.endpointSlices, "default", "kubernetes");
  const endpoints = objects.get(types.endpoints, "default", "kubernetes");
  return {
    slice: slice?.endpoints?.flatMap((endpoint) => endpoint.addresses) ?? [],
    endpoints: endpoints?.subsets?.flatMap((subset) => subset.addresses?.map(({ ip }) => ip) ?? []) ?? [],
  };
}

test("a new cluster gets its namespaces, classes, service and config maps", async () => {
  const { objects, running, stop, settled } = set();
  await settled();
  assert.deepEqual(
    objects
      .list(types.namespaces)
      .map(({ metadata }) => metadata.name)
      .sort(),
    ["default", "kube-node-lease", "kube-public", "kube-system"],
  );
  assert.deepEqual(
    objects.list(types.priorityClasses).map(({ metadata, value }) => [metadata.name, value]),
    [
      ["system-node-critical", 2000001000],
      ["system-cluster-critical", 2000000000],
    ],
  );
  const service = objects.get(types.services, "default", "kubernetes");
  assert.equal(service?.spec.clusterIP, "10.96.0.1");
  assert.deepEqual(service?.spec.ports, [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }]);
  assert.deepEqual(addresses(objects), { slice: ["192.0.2.1"], endpoints: ["192.0.2.1"] });
  const tracking = "kube-apiserver-legacy-service-account-token-tracking";
  assert.deepEqual(objects.get(types.configMaps, "kube-system", tracking)?.data, { since: "2026-03-01" });
  assert.ok(objects.get(types.configMaps, "kube-system", "extension-apiserver-authentication"));
  assert.ok(objects.get(types.clusterRoles, "", "cluster-admin"));
  assert.ok(objects.get(types.flowSchemas, "", "catch-all"));
  assert.ok(objects.get(types.apiServices, "", "v1."));
  stop.abort(new Error("stop"));
  await running;
});

test("deleted objects come back, and what was changed by others is repaired without being replaced", async () => {
  const { objects, running, stop, settled, clock } = set();
  await settled();
  objects.remove(types.namespaces, "", "kube-public");
  objects.remove(types.endpointSlices, "default", "kubernetes");
  const service = objects.get(types.services, "default", "kubernetes") as Service;
  objects.put(types.services, {
    ...service,
    metadata: { ...service.metadata, labels: { mine: "1" } },
    spec: { ...service.spec, ports: [{ port: 1 }] },
  });
  await clock.advance(60_000);
  assert.ok(objects.get(types.namespaces, "", "kube-public"));
  assert.deepEqual(addresses(objects).slice, ["192.0.2.1"]);
  const repaired = objects.get(types.services, "default", "kubernetes");
  assert.equal(repaired?.spec.ports?.[0]?.port, 443);
  assert.deepEqual(repaired?.metadata.labels, { mine: "1" });
  stop.abort(new Error("stop"));
  await running;
});

test("several servers list each other, and one that stops is taken out", async () => {
  const first = set();
  const second = set(first.objects, "192.0.2.2", first.clock, first.store);
  await Promise.all([first.settled(), second.settled()]);
  await first.clock.advance(20_000);
  const both = ["192.0.2.1", "192.0.2.2"];
  assert.deepEqual(addresses(first.objects), { slice: both, endpoints: both });
  const version = () => first.objects.get(types.endpoints, "default", "kubernetes")?.metadata.resourceVersion;
  const before = version();
  await first.clock.advance(30_000);
  assert.equal(version(), before);
  second.stop.abort(new Error("stop"));
  await second.running;
  assert.deepEqual(addresses(first.objects), { slice: ["192.0.2.1"], endpoints: ["192.0.2.1"] });
  first.stop.abort(new Error("stop"));
  await first.running;
  assert.deepEqual(addresses(first.objects), { slice: ["192.0.2.1"], endpoints: ["192.0.2.1"] });
});

test("a loopback address is not published", async () => {
  const { objects, running, stop, settled } = set(new MemoryObjects(), "127.0.0.1");
  await settled();
  assert.ok(objects.get(types.services, "default", "kubernetes"));
  assert.deepEqual(addresses(objects), { slice: [], endpoints: [] });
  stop.abort(new Error("stop"));
  await running;
});

test("a server that dies is taken out when its lease ends", async () => {
  const { objects, store, clock, running, stop, settled } = set();
  await settled();
  await new MasterLeases(store, "/registry").renew("192.0.2.9", stop.signal);
  await clock.advance(10_000);
  assert.deepEqual(addresses(objects).slice, ["192.0.2.1", "192.0.2.9"]);
  await clock.advance(20_000);
  assert.deepEqual(addresses(objects).slice, ["192.0.2.1"]);
  stop.abort(new Error("stop"));
  await running;
});

test("a step that fails is retried until it succeeds", async () => {
  const objects = new MemoryObjects();
  const create = objects.create.bind(objects);
  let failures = 3;
  objects.create = (type, object) => {
    if (type.plural === "priorityclasses" && failures-- > 0) return Promise.reject(new Error("not now"));
    return create(type, object);
  };
  const { running, stop, settled } = set(objects);
  await settled();
  assert.equal(objects.list(types.priorityClasses).length, 2);
  stop.abort(new Error("stop"));
  await running;
});

const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;

test("the authentication config map trusts what every server trusts", async () => {
  const objects = new MemoryObjects();
  const both = { source: objects, writer: objects };
  const { signal } = new AbortController();
  const requestHeader = {
    caPem: pem("front"),
    allowedNames: ["proxy"],
    usernameHeaders: ["X-Remote-User"],
    uidHeaders: [],
    groupHeaders: ["X-Remote-Group"],
    extraHeaderPrefixes: ["X-Remote-Extra-"],
  };
  await ensureAuthenticationConfigMap(both, { clientCaPem: pem("a") }, signal);
  await ensureAuthenticationConfigMap(both, { clientCaPem: pem("b") + pem("a"), requestHeader }, signal);
  assert.deepEqual(objects.get(types.configMaps, "kube-system", "extension-apiserver-authentication")?.data, {
    "client-ca-file": pem("a") + pem("b"),
    "requestheader-client-ca-file": pem("front"),
    "requestheader-allowed-names": '["proxy"]',
    "requestheader-username-headers": '["X-Remote-User"]',
    "requestheader-uid-headers": "[]",
    "requestheader-group-headers": '["X-Remote-Group"]',
    "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
  });
});

test("the service ranges are shown, and ready", async () => {
  const { objects, running, stop, settled } = set();
  await settled();
  const range = objects.get(types.serviceCidrs, "", "kubernetes");
  assert.deepEqual(range?.spec, { cidrs: ["10.96.0.0/12"] });
  assert.deepEqual(range?.status?.conditions, [
    {
      type: "Ready",
      status: "True",
      lastTransitionTime: "2026-03-01T12:00:00Z",
      reason: "",
      message: "Kubernetes default Service CIDR is ready",
    },
  ]);
  stop.abort();
  await running;
});

test("a range of another family joins, and a range that differs is left alone", async () => {
  for (const [stored, wanted] of [
    [["10.96.0.0/12"], ["10.96.0.0/12", "fd00::/112"]],
    [["10.0.0.0/24"], ["10.0.0.0/24"]],
  ]) {
    const objects = new MemoryObjects();
    objects.put(types.serviceCidrs, { metadata: { name: "kubernetes" }, spec: { cidrs: stored ?? [] } });
    const clock = new FakeClock(startMs);
    const ranges = ["10.96.0.0/12", "fd00::/112"];
    const { running, stop, settled } = set(objects, "192.0.2.1", clock, new MemoryStore({ clock }), ranges);
    await settled();
    const range = objects.get(types.serviceCidrs, "", "kubernetes");
    assert.deepEqual(range?.spec.cidrs, wanted);
    assert.equal(range?.status?.conditions?.length, wanted?.length === 2 ? 1 : undefined);
    stop.abort();
    await running;
  }
});
