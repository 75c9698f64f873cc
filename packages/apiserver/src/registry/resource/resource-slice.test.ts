import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ResourceSlice } from "@kube-ts/api/resource/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { resourceSliceResource } from "./resource-slice.ts";

const bench = new RuleBench<ResourceSlice>(resourceSliceResource);
const metadata = { name: "n1-gpu", creationTimestamp: "2026-01-31T11:59:00Z" };
const plain = {
  driver: "gpu.example.com",
  nodeName: "n1",
  pool: { name: "n1", generation: 0, resourceSliceCount: 1 },
  devices: [{ name: "gpu-0" }],
};
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const identifierText =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";
const oneOf = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

function create(what: string, spec: Draft, errors: readonly string[]): void {
  const texts = errors.map((text) => `spec${text}`);
  it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), texts));
}

describe("a slice of devices", () => {
  create("may be right", {}, []);
  create("has a driver and a pool", { driver: "", pool: { name: "a//B", generation: -1 } }, [
    ".driver: Required value",
    `.driver: Invalid value: "": ${subdomainText}`,
    `.pool.name: Invalid value: "": ${subdomainText}`,
    `.pool.name: Invalid value: "B": ${subdomainText}`,
    ".pool.resourceSliceCount: Invalid value: 0: must be greater than zero",
    ".pool.generation: Invalid value: -1: must be greater than or equal to zero",
  ]);
  create("is for some nodes", { nodeName: undefined }, [`: Required value: ${oneOf}`]);
  create(
    "is for nodes in one way",
    { nodeSelector: { nodeSelectorTerms: [{}, {}] }, allNodes: true, perDeviceNodeSelection: false },
    [
      ".nodeSelector.nodeSelectorTerms: Invalid value: [{},{}]: must have exactly one node selector term",
      ".perDeviceNodeSelection: Invalid value: false: must be either unset or set to true",
      `: Invalid value: "{\`nodeName\`, \`nodeSelector\`, \`allNodes\`}": ${oneOf}, but multiple fields are set`,
    ],
  );
  create("names a node when it does", { nodeName: "", allNodes: true }, [
    '.nodeName: Invalid value: "": must be either unset or set to a non-empty string',
  ]);
  const counters = { memory: { value: "1Gi" } };
  create("has devices or counters", { sharedCounters: [{ name: "set", counters }] }, [
    ': Invalid value: "": only one of `sharedCounters` or `devices` is allowed',
  ]);
  create(
    "has right counters",
    {
      devices: undefined,
      sharedCounters: [{ name: "set", counters }, { name: "set", counters: { A: { value: "1" } } }, { name: "" }],
    },
    [
      `.sharedCounters[1].counters: Invalid value: "A": ${labelText}`,
      ".sharedCounters[2].name: Required value",
      ".sharedCounters[2].counters: Required value",
      '.sharedCounters[1]: Duplicate value: "set"',
    ],
  );
  const many = (count: number, part: Draft = {}) =>
    Array.from({ length: count }, (_, at) => ({ name: `d${at}`, ...(at === 0 && part) }));
  create("has 128 devices", { devices: many(128) }, []);
  create("has no more devices", { devices: many(129) }, [".devices: Too many: 129: must have at most 128 items"]);
  create("has fewer large devices", { devices: many(65, { taints: [{ key: "a", effect: "None" }] }) }, [
    ".devices: Too many: 65: must have at most 64 items",
  ]);

  it("stays where it is", () => {
    const old = bench.prepared({ metadata, spec: plain });
    const change = (next: ResourceSlice) =>
      Object.assign(next.spec, { driver: "a.b", nodeName: "n2", pool: { ...plain.pool, name: "p", generation: 1 } });
    assert.deepEqual(bench.updateErrors(old, change), [
      'spec.pool.name: Invalid value: "p": field is immutable',
      'spec.driver: Invalid value: "a.b": field is immutable',
      'spec.nodeName: Invalid value: "n2": field is immutable',
    ]);
    assert.equal(bench.updated(old, (next) => (next.spec.pool.generation = 1)).metadata.generation, 2);
  });

  it("dates taints, and loses what is not enabled", () => {
    const devices = [
      {
        name: "a",
        taints: [{ key: "a", effect: "None" }],
        attributes: { model: { string: "m", strings: ["a"] } },
        nodeAllocatableResourceMappings: { cpu: {} },
      },
    ];
    assert.deepEqual(bench.prepared({ metadata, spec: { ...plain, devices } }).spec.devices, [
      {
        name: "a",
        taints: [{ key: "a", effect: "None", timeAdded: "2026-01-31T12:00:00Z" }],
        attributes: { model: { string: "m" } },
      },
    ]);
  });

  it("can be selected", () => {
    const fields = resourceSliceResource.selectableFields ?? {};
    const slice = bench.decode({ metadata, spec: plain });
    assert.equal(fields["spec.driver"]?.(slice), "gpu.example.com");
    assert.equal(fields["spec.nodeName"]?.(slice), "n1");
  });

  it("warns of capital letters", () => {
    assert.deepEqual(bench.warnings({ metadata, spec: { ...plain, driver: "GPU.example.com" } }), [
      'spec.driver: driver names should be lowercase; "GPU.example.com" contains uppercase characters',
    ]);
  });

  it("is shown", () => {
    assert.deepEqual(bench.row({ metadata, spec: plain }), {
      Name: "n1-gpu",
      Node: "n1",
      Driver: "gpu.example.com",
      Pool: "n1",
      Age: "60s",
    });
  });
});

describe("a device", () => {
  function createDevice(what: string, device: Draft, errors: readonly string[], spec: Draft = {}): void {
    const texts = errors.map((text) => `.devices[0]${text}`);
    create(what, { ...spec, devices: [{ name: "gpu-0", ...device }] }, texts);
  }

  createDevice("has a name", { name: "A" }, [`.name: Invalid value: "A": ${labelText}`]);
  createDevice(
    "has right attributes",
    {
      attributes: {
        "a/b/c": { int: 1 },
        "/x": { bool: true },
        "gpu.example.com/": { version: "1.2.3-a.1+b" },
        "1": { string: "x".repeat(65) },
        v: { version: "1.2" },
        none: {},
        two: { int: 1, bool: false },
      },
    },
    [
      `.attributes: Invalid value: "1": ${identifierText}`,
      ".attributes[1].string: Too long: may not be more than 64 bytes",
      '.attributes: Invalid value: "a/b/c": must not contain more than one slash',
      '.attributes: Invalid value: "": the domain must not be empty',
      '.attributes: Invalid value: "": the name must not be empty',
      '.attributes[v].version: Invalid value: "1.2": must be a string compatible with semver.org spec 2.0.0',
      '.attributes[none]: Invalid value: "": exactly one value must be specified',
      '.attributes[two]: Invalid value: {"int":1,"bool":false}: exactly one value must be specified',
    ],
  );
  createDevice(
    "has few attributes",
    { attributes: Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`a${at}`, { int: at }])) },
    [": Invalid value: 33: the total number of attributes and capacities must not exceed 32"],
  );
  createDevice("has right taints", { taints: [{ key: "", value: "ok" }] }, [
    `.taints[0].key: Invalid value: "": name part must be non-empty`,
    `.taints[0].key: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ".taints[0].effect: Required value",
  ]);
  createDevice(
    "consumes counters by set",
    { consumesCounters: [{ counterSet: "" }, { counterSet: "a", counters: { b: { value: "1" } } }] },
    [".consumesCounters[0].counterSet: Required value", ".consumesCounters[0].counters: Required value"],
  );
  createDevice("leaves nodes to the slice", { allNodes: true }, [
    ": Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
  ]);
  const perDevice = { nodeName: undefined, perDeviceNodeSelection: true };
  const oneOfThree =
    "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  createDevice("may have nodes of its own", { allNodes: true }, [], perDevice);
  createDevice("has nodes of its own where it must", {}, [`: Required value: ${oneOfThree}`], perDevice);
  createDevice(
    "has nodes in one way",
    { nodeName: "n1", allNodes: true },
    [`: Invalid value: "{\`nodeName\`, \`allNodes\`}": ${oneOfThree}`],
    perDevice,
  );
  createDevice(
    "waits for conditions that can fail",
    { bindingConditions: ["a", "a"], bindingFailureConditions: ["a"] },
    [
      '.bindingConditions[1]: Duplicate value: "a"',
      '.bindingFailureConditions[0]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions',
    ],
  );
  createDevice("fails while it waits", { bindingFailureConditions: ["a"] }, [
    ".bindingConditions: Invalid value: []: bindingConditions are required to use bindingFailureConditions",
  ]);

  function createPolicy(what: string, requestPolicy: Draft, errors: readonly string[], shared = true): void {
    const device = { allowMultipleAllocations: shared, capacity: { memory: { value: "8", requestPolicy } } };
    createDevice(
      what,
      device,
      errors.map((text) => `.capacity[memory].requestPolicy${text}`),
    );
  }

  createPolicy("is shared to have a policy", {}, [": Forbidden: allowMultipleAllocations must be true"], false);
  createPolicy("has one policy", { validValues: ["1"], validRange: { min: "1" } }, [
    ': Forbidden: exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time',
  ]);
  createPolicy("has a default among values", { validValues: ["1"] }, [
    ".default: Required value: required when validValues is defined",
  ]);
  createPolicy("has a default in the range", { validRange: { min: "1" } }, [
    ".default: Required value: required when validRange is defined",
  ]);
  createPolicy("has values that ascend and fit", { default: "3", validValues: ["4", "2", "9", "4"] }, [
    '.validValues[1]: Invalid value: "2": values must be sorted in ascending order',
    '.validValues[3]: Invalid value: "4": values must be sorted in ascending order',
    '.validValues[2]: Invalid value: "9": option is larger than capacity value: 8',
    '.validValues[3]: Duplicate value: "4"',
    '.validValues: Invalid value: "3": default value is not valid according to the requestPolicy',
  ]);
  createPolicy("has a range that starts", { default: "3", validRange: {} }, [
    ".validRange.min: Required value: required when validRange is defined",
  ]);
  createPolicy("has a range that fits", { default: "1", validRange: { min: "10", max: "9", step: "3" } }, [
    '.validRange.min: Invalid value: "10": min is larger than capacity value: 8',
    '.validRange.default: Invalid value: "1": default is less than min: 10',
    '.validRange.max: Invalid value: "10": min is larger than max: 9',
    '.validRange.max: Invalid value: "9": max is larger than capacity value: 8',
    '.validRange.step: Invalid value: "3": one step 13 is larger than capacity value: 8',
    '.validRange.step: Invalid value: "9": value is not a multiple of a given step (3) from (10)',
  ]);
  createPolicy("has positive steps", { default: "8", validRange: { min: "1", max: "7", step: "0" } }, [
    '.validRange.default: Invalid value: "8": default is more than max: 7',
    '.validRange.step: Invalid value: "0": must be greater than zero',
  ]);
});
