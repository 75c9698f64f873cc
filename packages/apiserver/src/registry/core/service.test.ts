import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Service } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { serviceResource } from "./service.ts";

const bench = new RuleBench<Service>(serviceResource(["IPv4"]));
const dualBench = new RuleBench<Service>(serviceResource(["IPv4", "IPv6"]));

const port = { port: 80 };

function draft(spec: Draft): Draft {
  return { metadata: { name: "web" }, spec: { ports: [port], ...spec } };
}

describe("service defaults", () => {
  const specOf = (spec: Draft) => bench.decode(draft(spec)).spec;

  it("fill in a plain service", () => {
    assert.deepEqual(bench.decode(draft({ selector: { app: "web" } })), {
      metadata: { name: "web" },
      spec: {
        ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
        selector: { app: "web" },
        sessionAffinity: "None",
        type: "ClusterIP",
        internalTrafficPolicy: "Cluster",
      },
      status: { loadBalancer: {} },
      kind: "Service",
      apiVersion: "v1",
    });
  });

  it("fill in a load balancer", () => {
    assert.deepEqual(specOf({ type: "LoadBalancer" }), {
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      type: "LoadBalancer",
      sessionAffinity: "None",
      externalTrafficPolicy: "Cluster",
      internalTrafficPolicy: "Cluster",
      allocateLoadBalancerNodePorts: true,
    });
  });

  it("fill in the affinity of sessions", () => {
    assert.deepEqual(specOf({ sessionAffinity: "ClientIP" }).sessionAffinityConfig, {
      clientIP: { timeoutSeconds: 10800 },
    });
    assert.equal(specOf({ sessionAffinityConfig: { clientIP: {} } }).sessionAffinityConfig, undefined);
  });

  it("aim at the same port", () => {
    const { ports } = specOf({
      ports: [
        { port: 53, protocol: "UDP", targetPort: "dns" },
        { port: 80, targetPort: 0 },
      ],
    });
    assert.deepEqual(ports, [
      { port: 53, protocol: "UDP", targetPort: "dns" },
      { port: 80, targetPort: 80, protocol: "TCP" },
    ]);
  });

  it("have no traffic policy for other names", () => {
    assert.deepEqual(specOf({ type: "ExternalName", externalName: "example.com", ports: [] }), {
      type: "ExternalName",
      externalName: "example.com",
      sessionAffinity: "None",
    });
  });
});

describe("a new service", () => {
  it("has the family of the cluster", () => {
    assert.deepEqual(familiesOf(bench.prepared(draft({}))), { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" });
  });

  it("has the family of its address", () => {
    assert.deepEqual(familiesOf(dualBench.prepared(draft({ clusterIP: "fd00::1" }))), {
      ipFamilies: ["IPv6"],
      ipFamilyPolicy: "SingleStack",
      clusterIPs: ["fd00::1"],
    });
  });

  it("has both families when it wants to", () => {
    assert.deepEqual(familiesOf(dualBench.prepared(draft({ ipFamilyPolicy: "PreferDualStack" }))), {
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "PreferDualStack",
    });
    assert.deepEqual(familiesOf(bench.prepared(draft({ ipFamilyPolicy: "PreferDualStack" }))), {
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "PreferDualStack",
    });
  });

  it("has both families when nothing says which pods are behind it", () => {
    assert.deepEqual(familiesOf(bench.prepared(draft({ clusterIP: "None" }))), {
      ipFamilies: ["IPv4", "IPv6"],
      ipFamilyPolicy: "RequireDualStack",
      clusterIPs: ["None"],
    });
    assert.deepEqual(familiesOf(bench.prepared(draft({ clusterIP: "None", selector: { a: "b" } }))), {
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      clusterIPs: ["None"],
    });
  });

  it("has no families when it is but a name", () => {
    assert.deepEqual(familiesOf(bench.prepared(draft({ type: "ExternalName", externalName: "a.b" }))), {});
  });

  it("brings no status", () => {
    const service = bench.prepared({ ...draft({}), status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } });
    assert.deepEqual(service.status, { loadBalancer: {} });
  });
});

describe("an updated service", () => {
  function stored(spec: Draft, allocated: Draft): Service {
    return bench.prepared(draft({ ...spec, ...allocated }));
  }

  it("keeps what was allocated", () => {
    const old = stored(
      { type: "NodePort" },
      { clusterIP: "10.96.0.5", ports: [{ ...port, name: "a", nodePort: 30001 }] },
    );
    const service = bench.updated(old, (next) => {
      delete next.spec.clusterIP;
      delete next.spec.clusterIPs;
      next.spec.ports = [
        { port: 81, name: "a" },
        { port: 82, name: "b" },
      ];
    });
    const { clusterIP, clusterIPs, ports } = service.spec;
    assert.deepEqual(
      { clusterIP, clusterIPs, ports },
      {
        clusterIP: "10.96.0.5",
        clusterIPs: ["10.96.0.5"],
        ports: [
          { port: 81, name: "a", protocol: "TCP", targetPort: 81, nodePort: 30001 },
          { port: 82, name: "b", protocol: "TCP", targetPort: 82 },
        ],
      },
    );
  });

  it("loses what its new type has no use for", () => {
    const old = stored(
      { type: "LoadBalancer", loadBalancerClass: "example.com/a", externalTrafficPolicy: "Local" },
      { clusterIP: "10.96.0.5", healthCheckNodePort: 30002, ports: [{ ...port, nodePort: 30001 }] },
    );
    assert.deepEqual(bench.updated(old, (next) => (next.spec.type = "ClusterIP")).spec, {
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      type: "ClusterIP",
      clusterIP: "10.96.0.5",
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      clusterIPs: ["10.96.0.5"],
      ipFamilyPolicy: "SingleStack",
      ipFamilies: ["IPv4"],
    });
  });

  it("loses its addresses when it becomes but a name", () => {
    const old = stored({}, { clusterIP: "10.96.0.5" });
    const service = bench.updated(old, (next) =>
      Object.assign(next.spec, { type: "ExternalName", externalName: "a.b" }),
    );
    assert.deepEqual(service.spec, {
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      sessionAffinity: "None",
      type: "ExternalName",
      internalTrafficPolicy: "Cluster",
      externalName: "a.b",
    });
  });

  it("takes the changed one of its two fields of addresses", () => {
    const old = stored({}, { clusterIP: "10.96.0.5" });
    const other = bench.updated(old, (next) => (next.spec.clusterIP = "10.96.0.6"));
    assert.deepEqual(other.spec.clusterIPs, ["10.96.0.6"]);
  });

  it("gives its second family back", () => {
    const old = dualBench.prepared(
      draft({ ipFamilyPolicy: "PreferDualStack", clusterIPs: ["10.96.0.5", "fd00::5"], clusterIP: "10.96.0.5" }),
    );
    const service = dualBench.updated(old, (next) => (next.spec.ipFamilyPolicy = "SingleStack"));
    assert.deepEqual(familiesOf(service), {
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      clusterIPs: ["10.96.0.5"],
    });
  });

  it("keeps its status, and its spec when the status is written", () => {
    const old = stored({ type: "LoadBalancer" }, { clusterIP: "10.96.0.5" });
    const change = (next: Service) => {
      next.spec.type = "ClusterIP";
      next.status = { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } };
    };
    assert.deepEqual(bench.updated(old, change).status, { loadBalancer: {} });
    const written = bench.updated(old, change, "status");
    assert.equal(written.spec.type, "LoadBalancer");
    assert.deepEqual(written.status, { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } });
  });
});

describe("the columns of a service", () => {
  const cases: Readonly<Record<string, readonly [spec: Draft, status: Draft]>> = {
    "with an address": [{ clusterIPs: ["10.96.0.5"], selector: { app: "web", tier: "front" } }, {}],
    "without an address": [{ clusterIPs: ["None"], ports: [] }, {}],
    "with node ports": [
      {
        type: "NodePort",
        clusterIPs: ["10.96.0.5"],
        externalIPs: ["1.1.1.1", "2.2.2.2"],
        ports: [
          { ...port, nodePort: 30001 },
          { port: 53, protocol: "UDP" },
        ],
      },
      {},
    ],
    "that waits for its balancer": [{ type: "LoadBalancer", clusterIPs: ["10.96.0.5"] }, {}],
    "with a balancer": [
      { type: "LoadBalancer", clusterIPs: ["10.96.0.5"] },
      { loadBalancer: { ingress: [{ ip: "1.2.3.4" }, { hostname: "lb.example.com" }] } },
    ],
    "that is but a name": [{ type: "ExternalName", externalName: "db.example.com", ports: [] }, {}],
  };
  const shown: Readonly<Record<string, Draft>> = {
    "with an address": {
      Name: "web",
      Type: "ClusterIP",
      "Cluster-IP": "10.96.0.5",
      "External-IP": "<none>",
      "Port(s)": "80/TCP",
      Age: "60s",
      Selector: "app=web,tier=front",
    },
    "without an address": {
      Name: "web",
      Type: "ClusterIP",
      "Cluster-IP": "None",
      "External-IP": "<none>",
      "Port(s)": "<none>",
      Age: "60s",
      Selector: "<none>",
    },
    "with node ports": {
      Name: "web",
      Type: "NodePort",
      "Cluster-IP": "10.96.0.5",
      "External-IP": "1.1.1.1,2.2.2.2",
      "Port(s)": "80:30001/TCP,53/UDP",
      Age: "60s",
      Selector: "<none>",
    },
    "that waits for its balancer": {
      Name: "web",
      Type: "LoadBalancer",
      "Cluster-IP": "10.96.0.5",
      "External-IP": "<pending>",
      "Port(s)": "80/TCP",
      Age: "60s",
      Selector: "<none>",
    },
    "with a balancer": {
      Name: "web",
      Type: "LoadBalancer",
      "Cluster-IP": "10.96.0.5",
      "External-IP": "1.2.3.4,lb.example.com",
      "Port(s)": "80/TCP",
      Age: "60s",
      Selector: "<none>",
    },
    "that is but a name": {
      Name: "web",
      Type: "ExternalName",
      "Cluster-IP": "<none>",
      "External-IP": "db.example.com",
      "Port(s)": "<none>",
      Age: "60s",
      Selector: "<none>",
    },
  };
  for (const [what, [spec, status]] of Object.entries(cases)) {
    it(`show one ${what}`, () => {
      const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };
      assert.deepEqual(bench.row({ metadata, spec: { ports: [port], ...spec }, status }), shown[what]);
    });
  }
});

function familiesOf({ spec }: Service): Draft {
  const fields = ["ipFamilies", "ipFamilyPolicy", "clusterIPs"] as const;
  return Object.fromEntries(fields.filter((field) => field in spec).map((field) => [field, spec[field]]));
}
