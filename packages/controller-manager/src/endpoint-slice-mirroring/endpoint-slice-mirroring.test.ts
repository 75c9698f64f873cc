import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoints, Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { endpointSlices, endpoints, services } from "@kube-ts/api/resource-types";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { endpointSliceMirroringController } from "./endpoint-slice-mirroring-controller.ts";
import { planMirror } from "./plan.ts";

const service: Service = { metadata: { namespace: "ns", name: "db" }, spec: { ports: [{ port: 80 }] } };

function object(subsets: Endpoints["subsets"], metadata: Partial<Endpoints["metadata"]> = {}): Endpoints {
  return { metadata: { namespace: "ns", name: "db", uid: "e", ...metadata }, subsets: subsets ?? [] };
}

const one = object([{ addresses: [{ ip: "10.1.2.3" }], ports: [{ name: "example", port: 80, protocol: "TCP" }] }]);

const plan = (given: Endpoints | undefined, slices: readonly EndpointSlice[] = [], maxEndpointsPerSubset = 1000) =>
  planMirror({ service, endpoints: given, slices, maxEndpointsPerSubset });

test("addresses are shown by family and by ports, ready or not", () => {
  const { create } = plan(
    object(
      [
        {
          addresses: [{ ip: "10.0.0.1", hostname: "a", nodeName: "n1" }, { ip: "fd00::1" }],
          notReadyAddresses: [{ ip: "10.0.0.2" }],
          ports: [{ port: 80 }],
        },
        { addresses: [{ ip: "10.0.0.3" }], ports: [{ port: 81, name: "x", appProtocol: "http" }] },
      ],
      {
        labels: { team: "x", "service.kubernetes.io/headless": "" },
        annotations: { note: "y", "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:00Z" },
      },
    ),
  );
  const metadata = {
    generateName: "db-",
    namespace: "ns",
    labels: {
      team: "x",
      "kubernetes.io/service-name": "db",
      "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
    },
    annotations: { note: "y" },
    ownerReferences: [
      { apiVersion: "v1", kind: "Endpoints", name: "db", uid: "e", controller: true, blockOwnerDeletion: true },
    ],
  };
  const ports = [{ name: "", protocol: "TCP", port: 80 }];
  assert.deepEqual(create, [
    {
      metadata,
      addressType: "IPv4",
      ports,
      endpoints: [
        { addresses: ["10.0.0.1"], conditions: { ready: true }, hostname: "a", nodeName: "n1" },
        { addresses: ["10.0.0.2"], conditions: { ready: false } },
      ],
    },
    { metadata, addressType: "IPv6", ports, endpoints: [{ addresses: ["fd00::1"], conditions: { ready: true } }] },
    {
      metadata,
      addressType: "IPv4",
      ports: [{ name: "x", protocol: "TCP", port: 81, appProtocol: "http" }],
      endpoints: [{ addresses: ["10.0.0.3"], conditions: { ready: true } }],
    },
  ]);
});

test("what is not for mirroring leaves no slice", () => {
  const slices = plan(one).create;
  assert.equal(slices.length, 1);
  const skipped = { labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } };
  const leader = { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } };
  for (const given of [undefined, object(one.subsets, skipped), object(one.subsets, leader)]) {
    assert.deepEqual(plan(given, slices), { create: [], update: [], remove: slices, dropped: 0 });
  }
  const selecting: Service = { ...service, spec: { ...service.spec, selector: { app: "db" } } };
  for (const owner of [undefined, selecting]) {
    const { remove } = planMirror({ service: owner, endpoints: one, slices, maxEndpointsPerSubset: 1000 });
    assert.deepEqual(remove, slices);
  }
});

test("addresses beyond the limit are counted", () => {
  const addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((ip) => ({ ip }));
  const { create, dropped } = plan(object([{ addresses, ports: [{ port: 80 }] }]), [], 2);
  assert.deepEqual([create[0]?.endpoints?.length, dropped], [2, 1]);
});

test("slices follow the object, and go with it", async () => {
  const cluster = new MemoryCluster();
  cluster.create(services, service);
  await using running = await RunningControllers.start(cluster, [endpointSliceMirroringController]);
  const shown = () =>
    cluster
      .list(endpointSlices)
      .map((slice) => [(slice.endpoints ?? []).map(({ addresses }) => addresses), slice.ports]);
  assert.deepEqual(shown(), []);
  cluster.create(endpoints, one);
  await running.settle();
  assert.deepEqual(shown(), [[[["10.1.2.3"]], [{ name: "example", port: 80, protocol: "TCP" }]]]);
  const { writes } = cluster;
  await running.settle();
  assert.equal(cluster.writes, writes);
  cluster.change(endpoints, "db", { subsets: [{ addresses: [{ ip: "10.2.3.4" }], ports: [{ port: 9090 }] }] }, "ns");
  await running.settle();
  assert.deepEqual(shown(), [[[["10.2.3.4"]], [{ name: "", port: 9090, protocol: "TCP" }]]]);
  cluster.remove(endpoints, "db", "ns");
  await running.settle();
  assert.deepEqual(shown(), []);
});
