import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Node } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { nodeResource } from "./node.ts";

const bench = new RuleBench<Node>(nodeResource);
const metadata = { name: "n1", creationTimestamp: "2026-01-30T12:00:00Z" };

describe("node defaults", () => {
  it("fill in what is always served", () => {
    assert.deepEqual(bench.decode({ metadata: { name: "n1" } }), {
      metadata: { name: "n1" },
      spec: {},
      status: {
        daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
        nodeInfo: {
          machineID: "",
          systemUUID: "",
          bootID: "",
          kernelVersion: "",
          osImage: "",
          containerRuntimeVersion: "",
          kubeletVersion: "",
          kubeProxyVersion: "",
          operatingSystem: "",
          architecture: "",
        },
      },
      kind: "Node",
      apiVersion: "v1",
    });
  });

  it("give to pods what there is", () => {
    const { status } = bench.decode({ metadata, status: { capacity: { cpu: "4000m" } } });
    assert.deepEqual(status?.allocatable, { cpu: "4" });
  });

  it("keep the range of pods in both of its fields", () => {
    assert.deepEqual(bench.decode({ metadata, spec: { podCIDR: "10.0.0.0/24" } }).spec, {
      podCIDR: "10.0.0.0/24",
      podCIDRs: ["10.0.0.0/24"],
    });
    assert.deepEqual(bench.decode({ metadata, spec: { podCIDRs: ["10.0.0.0/24", "fd00::/64"] } }).spec, {
      podCIDRs: ["10.0.0.0/24", "fd00::/64"],
      podCIDR: "10.0.0.0/24",
    });
  });
});

describe("a node", () => {
  function create(what: string, fields: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, ...fields }), errors));
  }

  create("may be plain", { spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }, []);
  create(
    "has right taints",
    {
      spec: {
        taints: [
          { key: "a b", effect: "NoSchedule" },
          { key: "a", value: "not a value" },
          { key: "a", effect: "NoSleep" },
          { key: "c", effect: "NoExecute" },
          { key: "c", value: "d", effect: "NoExecute" },
        ],
      },
    },
    [
      `metadata.taints[0].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      `metadata.taints[1].value: Invalid value: "not a value": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      "metadata.taints[1].effect: Required value",
      'metadata.taints[2].effect: Unsupported value: "NoSleep": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      'metadata.taints[4]: Duplicate value: {"key":"c","value":"d","effect":"NoExecute"}: taints must be unique by key and effect pair',
    ],
  );
  create("has right ranges", { spec: { podCIDRs: ["x"] } }, [
    'spec.podCIDRs[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
  ]);
  create("has a range of each family", { spec: { podCIDRs: ["10.0.0.0/24", "10.0.0.0/24"] } }, [
    'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.0.0/24"]: may specify no more than one CIDR for each IP family',
    'spec.podCIDRs[1]: Duplicate value: "10.0.0.0/24"',
  ]);
  create("has right amounts", { status: { capacity: { cpu: "-1", pods: "1500m" } } }, [
    'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
    'status.capacity.pods: Invalid value: "1500m": must be an integer',
    'status.allocatable.cpu: Invalid value: "-1": must be greater than or equal to 0',
    'status.allocatable.pods: Invalid value: "1500m": must be an integer',
  ]);
});

describe("an update of a node", () => {
  const stored = bench.prepared({ metadata, spec: { podCIDR: "10.0.0.0/24", providerID: "x://1" } });

  function update(what: string, change: (node: Node) => void, errors: readonly string[], part = ""): void {
    it(what, () => assert.deepEqual(bench.updateErrors(stored, change, part), errors));
  }

  update("may taint it", (node) => (node.spec.taints = [{ key: "a", effect: "NoExecute" }]), []);
  update("keeps its ranges", (node) => (node.spec = { podCIDRs: ["10.0.1.0/24"], providerID: "x://1" }), [
    'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
  ]);
  update("keeps its provider's id", (node) => (node.spec.providerID = "x://2"), [
    'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
  ]);
  update(
    "tells each address once",
    (node) =>
      Object.assign(node, {
        status: {
          addresses: [
            { type: "Hostname", address: "a" },
            { type: "Hostname", address: "a" },
          ],
        },
      }),
    ['status.addresses[1]: Duplicate value: {"type":"Hostname","address":"a"}'],
    "status",
  );

  it("changes nothing but the status by the part for it", () => {
    const change = (node: Node) => Object.assign(node, { spec: { unschedulable: true }, status: { phase: "Running" } });
    assert.deepEqual(bench.updated(stored, change, "status").spec, stored.spec);
    assert.equal(bench.updated(stored, change, "status").status?.phase, "Running");
    assert.equal(bench.updated(stored, change).spec.unschedulable, true);
    assert.deepEqual(bench.updated(stored, change).status, stored.status);
  });
});

describe("the columns of a node", () => {
  const ready = (status: string) => ({ conditions: [{ type: "Ready", status }] });

  it("show all of it", () => {
    const labels = {
      "node-role.kubernetes.io/worker": "",
      "kubernetes.io/role": "edge",
      "node-role.kubernetes.io/control-plane": "",
    };
    const row = bench.row({
      metadata: { ...metadata, labels },
      spec: { unschedulable: true },
      status: {
        ...ready("True"),
        addresses: [
          { type: "Hostname", address: "n1" },
          { type: "InternalIP", address: "192.168.0.1" },
          { type: "InternalIP", address: "fd00::1" },
        ],
        nodeInfo: {
          kubeletVersion: "v1.36.0",
          osImage: "Linux",
          kernelVersion: "6.1",
          containerRuntimeVersion: "docker://20.10",
        },
      },
    });
    assert.deepEqual(row, {
      Name: "n1",
      Status: "Ready,SchedulingDisabled",
      Roles: "control-plane,edge,worker",
      Age: "24h",
      Version: "v1.36.0",
      "Internal-IP": "192.168.0.1",
      "External-IP": "<none>",
      "OS-Image": "Linux",
      "Kernel-Version": "6.1",
      "Container-Runtime": "docker://20.10",
    });
  });

  it("show one that is not ready, or says nothing", () => {
    assert.equal(bench.row({ metadata, status: ready("Unknown") })["Status"], "NotReady");
    assert.deepEqual(bench.row({ metadata }), {
      Name: "n1",
      Status: "Unknown",
      Roles: "<none>",
      Age: "24h",
      Version: "",
      "Internal-IP": "<none>",
      "External-IP": "<none>",
      "OS-Image": "<unknown>",
      "Kernel-Version": "<unknown>",
      "Container-Runtime": "<unknown>",
    });
  });
});
