import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Service, ServiceSpec } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { serviceResource } from "./service.ts";

const bench = new RuleBench<Service>(serviceResource(["IPv4"]));
const dualBench = new RuleBench<Service>(serviceResource(["IPv4", "IPv6"]));
const port = { port: 80 };

function draft(spec: Draft, metadata: Draft = {}): Draft {
  return { metadata: { name: "web", ...metadata }, spec: { ports: [port], ...spec } };
}

function create(what: string, spec: Draft, errors: readonly string[], metadata: Draft = {}): void {
  it(what, () => assert.deepEqual(bench.createErrors(draft(spec, metadata)), errors));
}

describe("a service", () => {
  create("may be plain", { clusterIP: "10.96.0.5" }, []);
  create("may be headless without ports", { clusterIP: "None", ports: [] }, []);
  create("may be a name", { type: "ExternalName", externalName: "db.example.com.", ports: [] }, []);
  create("has a name that DNS takes", {}, ['metadata.name: Invalid value: "a.b": must not contain dots'], {
    name: "a.b",
  });
  create("has a known type", { type: "Public" }, [
    'spec.type: Unsupported value: "Public": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  ]);
  create("has ports", { ports: [] }, ["spec.ports: Required value"]);
  create("has an address when it has node ports", { type: "NodePort", clusterIP: "None" }, [
    `spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`,
  ]);
  create("is a name of something", { type: "ExternalName", ports: [] }, ["spec.externalName: Required value"]);
  create(
    "is a right name",
    {
      type: "ExternalName",
      externalName: "A B",
      clusterIP: "10.96.0.5",
      clusterIPs: ["10.96.0.5"],
      ipFamilyPolicy: "SingleStack",
      ports: [],
    },
    [
      "spec.clusterIPs: Forbidden: may not be set for ExternalName services",
      "spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services",
      `spec.externalName: Invalid value: "A B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
  );
  create("selects by right labels", { selector: { "a b": "c" } }, [
    `spec.selector: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  create("has right addresses outside", { externalIPs: ["x", "127.0.0.1", "0.0.0.0", "169.254.1.1", "224.0.0.1"] }, [
    'spec.externalIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    'spec.externalIPs[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    'spec.externalIPs[2]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
    'spec.externalIPs[3]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    'spec.externalIPs[4]: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  ]);
  create(
    "agrees with itself on topologies",
    {},
    [
      'metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "disabled": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified',
    ],
    {
      annotations: {
        "service.kubernetes.io/topology-aware-hints": "auto",
        "service.kubernetes.io/topology-mode": "disabled",
      },
    },
  );
  create("distributes traffic in a known way", { trafficDistribution: "Random" }, [
    'spec.trafficDistribution: Unsupported value: "Random": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"',
  ]);
});

describe("the ports of a service", () => {
  create(
    "may be several",
    {
      ports: [
        { ...port, name: "a" },
        { port: 80, protocol: "UDP", name: "b" },
        { port: 81, name: "c", targetPort: "web", appProtocol: "kubernetes.io/h2c" },
      ],
    },
    [],
  );
  create("have a name when they are several", { ports: [port, { port: 81 }] }, [
    "spec.ports[0].name: Required value",
    "spec.ports[1].name: Required value",
  ]);
  create(
    "have names of their own",
    {
      ports: [
        { ...port, name: "a" },
        { port: 81, name: "a" },
      ],
    },
    ['spec.ports[1].name: Duplicate value: "a"'],
  );
  create(
    "are right",
    { ports: [{ port: 0, protocol: "ICMP", targetPort: "Not A Port", name: "A", appProtocol: "a b" }] },
    [
      `spec.ports[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      'spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
      'spec.ports[0].targetPort: Invalid value: "Not A Port": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      `spec.ports[0].appProtocol: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
  );
  create(
    "are not the same",
    {
      ports: [
        { ...port, name: "a" },
        { ...port, name: "b" },
      ],
    },
    ['spec.ports[1]: Duplicate value: {"protocol":"TCP","port":80}'],
  );
  create("are on no node without need", { ports: [{ ...port, nodePort: 30001 }] }, [
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  ]);
  create(
    "are not on the same port of nodes",
    {
      type: "NodePort",
      ports: [
        { ...port, name: "a", nodePort: 30001 },
        { port: 81, name: "b", nodePort: 30001 },
      ],
    },
    ["spec.ports[1].nodePort: Duplicate value: 30001"],
  );
});

describe("the affinity of a service", () => {
  create("is known", { sessionAffinity: "Cookie" }, [
    'spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"',
  ]);
  create(
    "ends in a day",
    { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } } },
    [
      "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400",
    ],
  );
  create(
    "takes some time",
    { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } },
    [
      "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400",
    ],
  );
});

describe("the balancer of a service", () => {
  create(
    "may be of a class",
    { type: "LoadBalancer", loadBalancerClass: "example.com/a", loadBalancerSourceRanges: ["10.0.0.0/8"] },
    [],
  );
  create(
    "is asked for",
    { loadBalancerClass: "a", allocateLoadBalancerNodePorts: true, loadBalancerSourceRanges: ["10.0.0.0/8"] },
    [
      "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
      "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
      "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
    ],
  );
  create(
    "is asked for rightly",
    { type: "LoadBalancer", loadBalancerClass: "a b", loadBalancerSourceRanges: ["10.0.0.0/40"] },
    [
      'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.0/40": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      `spec.loadBalancerClass: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
  );
  create(
    "takes ranges from an annotation",
    { type: "LoadBalancer" },
    [
      'metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
    { annotations: { "service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8, x" } },
  );
});

describe("the traffic policies of a service", () => {
  create("are known", { type: "NodePort", externalTrafficPolicy: "Near", internalTrafficPolicy: "Far" }, [
    'spec.externalTrafficPolicy: Unsupported value: "Near": supported values: "Cluster", "Local"',
    'spec.internalTrafficPolicy: Unsupported value: "Far": supported values: "Cluster", "Local"',
  ]);
  create("are about traffic from outside", { externalTrafficPolicy: "Local" }, [
    'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
  ]);
  create("need a port for checks", { type: "LoadBalancer", externalTrafficPolicy: "Local" }, [
    "spec.healthCheckNodePort: Required value",
  ]);
  create(
    "have a port for checks in range",
    { type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort: 70000 },
    ["spec.healthCheckNodePort: Invalid value: 70000: must be between 1 and 65535, inclusive"],
  );
  create("need no port for checks otherwise", { type: "LoadBalancer", healthCheckNodePort: 30001 }, [
    "spec.healthCheckNodePort: Invalid value: 30001: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
  ]);
});

describe("the addresses of a service", () => {
  function onDual(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(dualBench.createErrors(draft(spec)), errors));
  }

  onDual(
    "may be of both families",
    { ipFamilyPolicy: "RequireDualStack", clusterIPs: ["10.96.0.5", "fd00::5"], clusterIP: "10.96.0.5" },
    [],
  );
  onDual("are addresses", { clusterIP: "x" }, [
    'spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]);
  onDual(
    "are two at most",
    { ipFamilyPolicy: "PreferDualStack", clusterIP: "10.96.0.5", clusterIPs: ["10.96.0.5", "fd00::5", "10.96.0.6"] },
    [
      'spec.ipFamilies[2]: Duplicate value: "IPv4"',
      'spec.clusterIPs: Invalid value: ["10.96.0.5","fd00::5","10.96.0.6"]: may only hold up to 2 values',
      'spec.clusterIPs: Invalid value: ["10.96.0.5","fd00::5","10.96.0.6"]: may specify no more than one IP for each IP family',
    ],
  );
  onDual(
    "are of a family each",
    { ipFamilyPolicy: "PreferDualStack", clusterIP: "10.96.0.5", clusterIPs: ["10.96.0.5", "10.96.0.6"] },
    [
      'spec.ipFamilies[1]: Duplicate value: "IPv4"',
      'spec.clusterIPs: Invalid value: ["10.96.0.5","10.96.0.6"]: may specify no more than one IP for each IP family',
    ],
  );
  onDual("begin with the first", { clusterIP: "10.96.0.5", clusterIPs: ["10.96.0.6"] }, [
    'spec.clusterIPs: Invalid value: ["10.96.0.6"]: first value must match `clusterIP`',
  ]);
  onDual(
    "are none alone",
    { clusterIP: "None", clusterIPs: ["None", "10.96.0.6"], ipFamilyPolicy: "PreferDualStack" },
    [`spec.clusterIPs: Invalid value: ["None","10.96.0.6"]: 'None' must be the first and only value`],
  );
  onDual("are of the families", { clusterIP: "10.96.0.5", ipFamilies: ["IPv6"] }, [
    'spec.clusterIPs[0]: Invalid value: "10.96.0.5": expected an IPv6 value as indicated by `ipFamilies[0]`',
  ]);
  onDual("are of known families", { ipFamilies: ["IPv5", "IPv4"], ipFamilyPolicy: "Both" }, [
    'spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"',
    'spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
  ]);
  onDual("are of one family by policy", { ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "SingleStack" }, [
    'spec.ipFamilyPolicy: Invalid value: "SingleStack": must be RequireDualStack or PreferDualStack when multiple ipFamilies are specified',
  ]);
  onDual("are of several families by policy", { ipFamilies: ["IPv4", "IPv6"] }, [
    "spec.ipFamilyPolicy: Required value: must be RequireDualStack or PreferDualStack when multiple ipFamilies are specified",
  ]);
  create("are of a family of the cluster", { ipFamilies: ["IPv6"] }, [
    'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
  ]);
  create("are of both families in a cluster that has them", { ipFamilyPolicy: "RequireDualStack" }, [
    'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
  ]);
});

describe("an update of a service", () => {
  function update(
    what: string,
    before: Draft,
    change: Partial<ServiceSpec>,
    errors: readonly string[],
    on = bench,
  ): void {
    it(what, () =>
      assert.deepEqual(
        on.updateErrors(on.prepared(draft(before)), (service) => Object.assign(service.spec, change)),
        errors,
      ),
    );
  }

  update("may change the selector", { clusterIP: "10.96.0.5" }, { selector: { a: "b" } }, []);
  update("keeps the address", { clusterIP: "10.96.0.5" }, { clusterIP: "10.96.0.6", clusterIPs: ["10.96.0.6"] }, [
    'spec.clusterIPs[0]: Invalid value: ["10.96.0.6"]: may not change once set',
  ]);
  update("keeps having an address", { clusterIP: "10.96.0.5" }, { clusterIP: "None", clusterIPs: ["None"] }, [
    'spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set',
  ]);
  update(
    "keeps the family",
    { clusterIP: "10.96.0.5" },
    { ipFamilies: ["IPv6"] },
    [
      'spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set',
      'spec.clusterIPs[0]: Invalid value: "10.96.0.5": expected an IPv6 value as indicated by `ipFamilies[0]`',
    ],
    dualBench,
  );
  update(
    "releases a family by policy",
    { ipFamilyPolicy: "RequireDualStack", clusterIP: "10.96.0.5", clusterIPs: ["10.96.0.5", "fd00::5"] },
    { clusterIPs: ["10.96.0.5"], ipFamilies: ["IPv4"] },
    [
      `spec.ipFamilyPolicy: Invalid value: "RequireDualStack": must be set to 'SingleStack' when releasing the secondary clusterIP`,
    ],
    dualBench,
  );
  update(
    "keeps the class of the balancer",
    { type: "LoadBalancer", clusterIP: "10.96.0.5", loadBalancerClass: "a" },
    { loadBalancerClass: "b" },
    ['spec.loadBalancerClass: Invalid value: "b": may not change once set'],
  );
  update(
    "keeps the port for checks",
    { type: "LoadBalancer", clusterIP: "10.96.0.5", externalTrafficPolicy: "Local", healthCheckNodePort: 30001 },
    { healthCheckNodePort: 30002 },
    ["spec.healthCheckNodePort: Forbidden: field is immutable"],
  );
});

describe("an update of a service's status", () => {
  function status(what: string, type: string, ingress: readonly Draft[], errors: readonly string[]): void {
    it(what, () => {
      const old = bench.prepared(draft({ type, clusterIP: "10.96.0.5" }));
      const change = (service: Service) => Object.assign(service, { status: { loadBalancer: { ingress } } });
      assert.deepEqual(bench.updateErrors(old, change, "status"), errors);
    });
  }

  status("may tell of a balancer", "LoadBalancer", [{ ip: "1.2.3.4" }, { hostname: "lb.example.com" }], []);
  status(
    "tells of a balancer that there is",
    "ClusterIP",
    [{ ip: "1.2.3.4" }],
    ["status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"],
  );
  status(
    "tells of right addresses",
    "LoadBalancer",
    [{ ip: "x", ipMode: "Tunnel" }, { hostname: "1.2.3.4", ipMode: "VIP" }, { hostname: "A B" }],
    [
      'status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'status.loadBalancer.ingress[0].ipMode: Unsupported value: "Tunnel": supported values: "Proxy", "VIP"',
      "status.loadBalancer.ingress[1].ipMode: Forbidden: may not be specified when `ip` is not set",
      'status.loadBalancer.ingress[1].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
      `status.loadBalancer.ingress[2].hostname: Invalid value: "A B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
  );
});
