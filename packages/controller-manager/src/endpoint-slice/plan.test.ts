import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Node, Pod, Service } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { planSubsets } from "../endpoints/plan.ts";
import { maxEndpointsPerSlice, planSlices } from "./plan.ts";
import type { SlicePlan } from "./plan.ts";

const zone: Node = { metadata: { name: "n1", labels: { "topology.kubernetes.io/zone": "a" } }, spec: {} };

function service(spec: Partial<Service["spec"]> = {}): Service {
  return {
    metadata: { namespace: "ns", name: "web", uid: "web-uid", labels: { team: "x" } },
    spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: "web" }], ...spec },
  };
}

interface Shape {
  readonly ip?: string | undefined;
  readonly ready?: boolean;
  readonly deleted?: boolean;
  readonly phase?: NonNullable<Pod["status"]>["phase"];
  readonly port?: number;
  readonly spec?: Partial<Pod["spec"]>;
}

function pod(name: string, shape: Shape = {}): Pod {
  const { ip = "10.0.0.1", ready = true, deleted, phase = "Running", port = 8080, spec } = shape;
  return {
    metadata: {
      namespace: "ns",
      name,
      uid: `${name}-uid`,
      ...(deleted && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    },
    spec: { nodeName: "n1", containers: [{ name: "c", ports: [{ name: "web", containerPort: port }] }], ...spec },
    status: {
      phase,
      podIPs: ip === "" ? [] : ip.split(",").map((each) => ({ ip: each })),
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}

function plan(given: Service, pods: readonly Pod[], slices: readonly EndpointSlice[] = []): SlicePlan {
  return planSlices({ service: given, pods, nodeOf: () => zone, slices });
}

/** The slices as they are stored after a plan was carried out. */
function stored({ create }: SlicePlan): EndpointSlice[] {
  return create.map((slice, index) => ({ ...slice, metadata: { ...slice.metadata, name: `web-${index}` } }));
}

describe("endpoint slices", () => {
  test("show a pod with its port, node and zone", () => {
    const [slice] = plan(service(), [pod("p")]).create;
    assert.deepEqual(slice, {
      metadata: {
        generateName: "web-",
        namespace: "ns",
        labels: {
          team: "x",
          "kubernetes.io/service-name": "web",
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        },
        ownerReferences: [
          {
            apiVersion: "v1",
            kind: "Service",
            name: "web",
            uid: "web-uid",
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      addressType: "IPv4",
      ports: [{ name: "http", protocol: "TCP", port: 8080 }],
      endpoints: [
        {
          addresses: ["10.0.0.1"],
          conditions: { ready: true, serving: true, terminating: false },
          targetRef: { kind: "Pod", namespace: "ns", name: "p", uid: "p-uid" },
          nodeName: "n1",
          zone: "a",
        },
      ],
    });
  });

  const conditions: [string, Service, Pod, [boolean, boolean, boolean] | undefined][] = [
    ["ready", service(), pod("p"), [true, true, false]],
    ["not ready", service(), pod("p", { ready: false }), [false, false, false]],
    ["going, still serving", service(), pod("p", { deleted: true }), [false, true, true]],
    ["published anyway", service({ publishNotReadyAddresses: true }), pod("p", { ready: false }), [true, false, false]],
    ["ended", service(), pod("p", { phase: "Succeeded" }), undefined],
    ["without an address", service(), pod("p", { ip: "" }), undefined],
  ];
  for (const [name, given, one, expected] of conditions) {
    test(`conditions of a pod that is ${name}`, () => {
      const [endpoint] = plan(given, [one]).create.flatMap((slice) => slice.endpoints ?? []);
      const { ready, serving, terminating } = endpoint?.conditions ?? {};
      assert.deepEqual(endpoint && [ready, serving, terminating], expected);
    });
  }

  test("are one set for each address family", () => {
    const both = service({ ipFamilies: ["IPv4", "IPv6"] });
    const { create } = plan(both, [pod("p", { ip: "10.0.0.1,fd00::1" }), pod("q", { ip: "10.0.0.2" })]);
    const shown = create.map((slice) => [slice.addressType, slice.endpoints?.flatMap(({ addresses }) => addresses)]);
    assert.deepEqual(shown, [
      ["IPv4", ["10.0.0.1", "10.0.0.2"]],
      ["IPv6", ["fd00::1"]],
    ]);
  });

  test("keep pods apart that serve different ports", () => {
    const { create } = plan(service(), [pod("p"), pod("q", { port: 9090 })]);
    assert.deepEqual(
      create.map(({ ports }) => ports?.[0]?.port),
      [8080, 9090],
    );
  });

  test("hold a bounded number and fill what has room", () => {
    const pods = Array.from({ length: maxEndpointsPerSlice + 50 }, (_, i) => pod(`p${i}`, { ip: `10.0.1.${i}` }));
    const slices = stored(plan(service(), pods));
    assert.deepEqual(
      slices.map((slice) => slice.endpoints?.length),
      [100, 50],
    );
    const { create, update, remove } = plan(service(), [...pods, pod("more", { ip: "10.0.2.1" })], slices);
    assert.deepEqual([create, remove], [[], []]);
    assert.deepEqual(
      update.map(({ metadata, endpoints }) => [metadata.name, endpoints?.length]),
      [["web-1", 51]],
    );
  });

  test("are left alone when nothing changes", () => {
    const pods = [pod("p"), pod("q", { ip: "10.0.0.2" })];
    assert.deepEqual(plan(service(), pods, stored(plan(service(), pods))), { create: [], update: [], remove: [] });
  });

  test("are updated when a pod's readiness changes", () => {
    const slices = stored(plan(service(), [pod("p")]));
    const { create, update, remove } = plan(service(), [pod("p", { ready: false })], slices);
    assert.deepEqual([create, remove], [[], []]);
    assert.equal(update[0]?.endpoints?.[0]?.conditions?.ready, false);
  });

  test("without endpoints are one empty slice, made once", () => {
    const slices = stored(plan(service(), [pod("p")]));
    const { create, remove } = plan(service(), [], slices);
    assert.deepEqual(
      remove.map(({ metadata }) => metadata.name),
      ["web-0"],
    );
    assert.deepEqual(
      create.map(({ endpoints, ports }) => [endpoints, ports]),
      [[[], []]],
    );
    const placeholder = stored({ create, update: [], remove: [] });
    assert.deepEqual(plan(service(), [], placeholder), { create: [], update: [], remove: [] });
    assert.deepEqual(plan(service(), [pod("p")], placeholder).remove, placeholder);
  });

  test("of a headless service say so, and carry hostnames of its subdomain", () => {
    const named = pod("p", { spec: { hostname: "db-0", subdomain: "web" } });
    const [slice] = plan(service({ clusterIP: "None" }), [named]).create;
    assert.equal(slice?.metadata.labels?.["service.kubernetes.io/headless"], "");
    assert.equal(slice?.endpoints?.[0]?.hostname, "db-0");
  });
});

describe("endpoints", () => {
  test("put ready and other pods of the same ports into one subset, ordered by address", () => {
    const pods = [
      pod("b", { ip: "10.0.0.2" }),
      pod("a"),
      pod("c", { ip: "10.0.0.3", ready: false }),
      pod("d", { deleted: true }),
    ];
    const { subsets, truncated } = planSubsets(service(), pods);
    assert.equal(truncated, false);
    assert.deepEqual(
      subsets.map(({ addresses, notReadyAddresses, ports }) => [
        addresses?.map(({ ip }) => ip),
        notReadyAddresses?.map(({ ip }) => ip),
        ports,
      ]),
      [[["10.0.0.1", "10.0.0.2"], ["10.0.0.3"], [{ name: "http", port: 8080, protocol: "TCP" }]]],
    );
  });

  test("are cut off at a thousand", () => {
    const pods = Array.from({ length: 1_001 }, (_, i) => pod(`p${i}`, { ip: `10.1.${i >> 8}.${i & 255}` }));
    const { subsets, truncated } = planSubsets(service(), pods);
    assert.deepEqual([truncated, subsets[0]?.addresses?.length], [true, 1_000]);
  });

  test("of a headless service without ports have none", () => {
    const [subset] = planSubsets(service({ clusterIP: "None", ports: [] }), [pod("p")]).subsets;
    assert.deepEqual([subset?.addresses?.length, subset?.ports], [1, undefined]);
  });
});
