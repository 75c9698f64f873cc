import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fieldErrorText } from "@kube-ts/api/field-error";
import type { DeviceClass, ResourceClaim, ResourceClaimTemplate } from "@kube-ts/api/resource/v1";
import type { CompileExpression } from "../meta/compile-expression.ts";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { adminRequestErrors, adminResultErrors } from "./admin-access.ts";
import { deviceClassResource } from "./device-class.ts";
import { resourceClaimTemplateResource } from "./resource-claim-template.ts";
import { resourceClaimResource } from "./resource-claim.ts";

const metadata = { name: "gpu", creationTimestamp: "2026-01-31T11:59:00Z" };
const label = "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const labelText = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character ${label}`;
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
/** Takes every expression that does not say that it is wrong. */
const compile: CompileExpression = (expression) =>
  expression.includes("wrong") ? { reason: "invalid", detail: "it says so" } : undefined;

const bench = new RuleBench<ResourceClaim>(resourceClaimResource(compile));
const exactly = { deviceClassName: "gpus" };
const requests = [
  { name: "one", exactly },
  {
    name: "two",
    firstAvailable: [
      { name: "big", deviceClassName: "gpus" },
      { name: "small", deviceClassName: "gpus" },
    ],
  },
];

describe("the devices of a claim", () => {
  it("are filled in", () => {
    const all = { name: "all", exactly: { ...exactly, allocationMode: "All" } };
    const { spec } = bench.decode({ metadata, spec: { devices: { requests: [...requests, all] } } });
    const one = { allocationMode: "ExactCount", count: 1 };
    assert.deepEqual(spec.devices?.requests, [
      { name: "one", exactly: { ...exactly, ...one } },
      {
        name: "two",
        firstAvailable: [
          { name: "big", deviceClassName: "gpus", ...one },
          { name: "small", deviceClassName: "gpus", ...one },
        ],
      },
      all,
    ]);
  });

  function create(what: string, devices: Draft, errors: readonly string[]): void {
    const texts = errors.map((text) => `spec.devices.${text}`);
    it(what, () =>
      assert.deepEqual(bench.createErrors({ metadata, spec: { devices: { requests, ...devices } } }), texts),
    );
  }
  function createExact(what: string, part: Draft, errors: readonly string[]): void {
    const texts = errors.map((text) => `requests[0].exactly.${text}`);
    create(what, { requests: [{ name: "one", exactly: { ...exactly, ...part } }] }, texts);
  }

  create("may be right", {}, []);
  create(
    "are asked for by name",
    {
      requests: [
        { name: "A", exactly },
        { name: "one", exactly },
        { name: "one", exactly },
      ],
    },
    [`requests[0].name: Invalid value: "A": ${labelText}`, 'requests[2]: Duplicate value: "one"'],
  );
  create(
    "are asked for in one way",
    { requests: [{ name: "one" }, { name: "two", exactly, firstAvailable: [{ name: "a", deviceClassName: "b" }] }] },
    [
      "requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required",
      "requests[1]: Invalid value: null: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set",
    ],
  );
  create("are few", { requests: Array.from({ length: 33 }, (_, at) => ({ name: `r${at}`, exactly })) }, [
    "requests: Too many: 33: must have at most 32 items",
  ]);
  create(
    "have few alternatives with names",
    {
      requests: [
        {
          name: "one",
          firstAvailable: [
            { name: "a", deviceClassName: "" },
            { name: "a", deviceClassName: "b" },
          ],
        },
        {
          name: "two",
          firstAvailable: Array.from({ length: 9 }, (_, at) => ({ name: `a${at}`, deviceClassName: "b" })),
        },
      ],
    },
    [
      "requests[0].firstAvailable[0].deviceClassName: Required value",
      'requests[0].firstAvailable[1]: Duplicate value: "a"',
      "requests[1].firstAvailable: Too many: 9: must have at most 8 items",
    ],
  );
  createExact("are counted", { count: -1 }, ["count: Invalid value: -1: must be greater than zero"]);
  createExact("are not counted when all are wanted", { allocationMode: "All", count: 2 }, [
    "count: Invalid value: 2: must not be specified when allocationMode is 'All'",
  ]);
  createExact("are wanted in a known way", { allocationMode: "Some", deviceClassName: "A b" }, [
    `deviceClassName: Invalid value: "A b": ${subdomainText}`,
    'allocationMode: Unsupported value: "Some": supported values: "All", "ExactCount"',
  ]);
  const cel = (expression: string) => ({ cel: { expression } });
  createExact("are selected by expressions", { selectors: [cel("true"), {}, cel("wrong"), cel("x".repeat(10241))] }, [
    "selectors[1].cel: Required value",
    'selectors[2].cel.expression: Invalid value: "wrong": it says so',
    "selectors[3].cel.expression: Too long: may not be more than 10240 bytes",
  ]);
  createExact(
    "tolerate taints",
    {
      tolerations: [{ key: "a", operator: "Exists", value: "b" }, { operator: "Is" }, { value: "a b", effect: "Odd" }],
    },
    [
      'tolerations[0].value: Invalid value: "b": must be empty for operator `Exists`',
      'tolerations[1].operator: Unsupported value: "Is": supported values: "Equal", "Exists"',
      `tolerations[2].value: Invalid value: "a b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      'tolerations[2].effect: Unsupported value: "Odd": supported values: "NoExecute", "NoSchedule", "None"',
    ],
  );
  create(
    "have attributes in common",
    {
      constraints: [
        { requests: ["one", "two/big"], matchAttribute: "gpu.example.com/model" },
        { requests: ["three", "two/other", "one/a/b", "one", "one"], matchAttribute: "model" },
        { distinctAttribute: "a/1" },
        {},
      ],
    },
    [
      `constraints[1].requests[0]: Invalid value: "three": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'`,
      `constraints[1].requests[1]: Invalid value: "two/other": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'`,
      `constraints[1].requests[2]: Invalid value: "one/a/b": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'`,
      'constraints[1].requests[4]: Duplicate value: "one"',
      'constraints[1].matchAttribute: Invalid value: "model": a fully qualified name must be a domain and a name separated by a slash',
      `constraints[2].distinctAttribute: Invalid value: "1": a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')`,
      'constraints[3]: Required value: exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set',
    ],
  );
  create(
    "are configured",
    {
      config: [
        { requests: ["two/small"], opaque: { driver: "gpu.example.com", parameters: { kind: "Gpu" } } },
        {},
        { opaque: { driver: "" } },
        { opaque: { driver: "gpu.example.com", parameters: { a: "x".repeat(10240) } } },
      ],
    },
    [
      "config[1].opaque: Required value",
      "config[2].opaque.driver: Required value",
      `config[2].opaque.driver: Invalid value: "": ${subdomainText}`,
      "config[2].opaque.parameters: Required value",
      "config[3].opaque.parameters: Too long: may not be more than 10240 bytes",
    ],
  );
});

describe("a claim of devices", () => {
  const claim = { metadata, spec: { devices: { requests } } };
  const result = { request: "one", driver: "gpu.example.com", pool: "n1", device: "gpu-0" };
  const allocation = { devices: { results: [result] } };
  const consumer = { resource: "pods", name: "p", uid: "u" };
  const withStatus = (status: Draft): ResourceClaim => ({ ...bench.prepared(claim), status });
  const statusErrors = (status: Draft, old: Draft = {}): string[] =>
    bench.updateErrors(withStatus(old), (next) => void Object.assign(next, { status }), "status");

  it("starts unallocated and does not change", () => {
    const old = bench.prepared({ ...claim, status: { allocation } });
    assert.deepEqual(old.status, {});
    const errors = bench.updateErrors(old, (next) => (next.spec.devices = { requests: [] }));
    assert.deepEqual(errors, ['spec: Invalid value: {"devices":{"requests":[]}}: field is immutable']);
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.metadata.labels = { a: "b" })),
      [],
    );
  });

  it("can be allocated and reserved", () => {
    assert.deepEqual(statusErrors({ allocation, reservedFor: [consumer] }), []);
    assert.deepEqual(statusErrors({}, { allocation }), []);
  });

  it("is reserved for consumers with names, each once, when it is allocated", () => {
    const nobody = { resource: "", name: "", uid: "" };
    assert.deepEqual(statusErrors({ reservedFor: [nobody, consumer, consumer] }), [
      "status.reservedFor[0].resource: Required value",
      "status.reservedFor[0].name: Required value",
      "status.reservedFor[0].uid: Required value",
      'status.reservedFor[2]: Duplicate value: "u"',
      "status.reservedFor: Forbidden: may not be specified when `allocated` is not set",
    ]);
  });

  it("gets no new consumers while it goes away", () => {
    const old = withStatus({ allocation, reservedFor: [consumer] });
    old.metadata.deletionTimestamp = "2026-01-31T12:00:00Z";
    const reservedFor = [consumer, { ...consumer, uid: "v" }];
    assert.deepEqual(
      bench.updateErrors(old, (next) => void Object.assign(next, { status: { allocation, reservedFor } }), "status"),
      [
        "status.reservedFor: Forbidden: new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set",
      ],
    );
  });

  it("keeps its allocation", () => {
    const other = { devices: { results: [{ ...result, device: "gpu-1" }] } };
    assert.deepEqual(statusErrors({ allocation: other }, { allocation }), [
      'status.allocation: Invalid value: {"devices":{"results":[{"request":"one","driver":"gpu.example.com","pool":"n1","device":"gpu-1"}]}}: field is immutable',
    ]);
  });

  it("is allocated what it asked for", () => {
    const results = [{ ...result, request: "three", pool: "", device: "A", shareID: "ABC", bindingConditions: ["a"] }];
    const config = [{ source: "Nowhere", opaque: { driver: "gpu.example.com", parameters: {} } }];
    assert.deepEqual(
      statusErrors({ allocation: { devices: { results, config }, nodeSelector: { nodeSelectorTerms: [] } } }),
      [
        `status.allocation.devices.results[0].request: Invalid value: "three": must be the name of a request in the claim or the name of a request and a subrequest separated by '/'`,
        "status.allocation.devices.results[0].pool: Required value",
        `status.allocation.devices.results[0].device: Invalid value: "A": ${labelText}`,
        "status.allocation.devices.results[0].bindingFailureConditions: Invalid value: []: bindingFailureConditions are required to use bindingConditions",
        'status.allocation.devices.results[0].shareID: Invalid value: "ABC": error validating uid: invalid UUID length: 3',
        'status.allocation.devices.config[0].source: Unsupported value: "Nowhere": supported values: "FromClaim", "FromClass"',
        "status.allocation.nodeSelector.nodeSelectorTerms: Required value: must have at least one node selector term",
      ],
    );
  });

  const device = { driver: "gpu.example.com", pool: "n1", device: "gpu-0" };

  it("has devices that tell of themselves", () => {
    const networkData = {
      interfaceName: "x".repeat(257),
      hardwareAddress: "x".repeat(129),
      ips: ["192.0.2.5/24", "2001:DB8::1/64", "192.0.2.5", "192.0.2.5/33"],
    };
    const devices = [{ ...device, data: { a: 1 }, networkData }, { ...device, device: "gpu-1" }, device];
    assert.deepEqual(statusErrors({ allocation, devices }), [
      "status.devices[0].networkData.interfaceName: Too long: may not be more than 256 bytes",
      "status.devices[0].networkData.hardwareAddress: Too long: may not be more than 128 bytes",
      'status.devices[0].networkData.ips[1]: Invalid value: "2001:DB8::1/64": must be in canonical form ("2001:db8::1/64")',
      'status.devices[0].networkData.ips[2]: Invalid value: "192.0.2.5": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
      'status.devices[0].networkData.ips[3]: Invalid value: "192.0.2.5/33": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
      'status.devices[1]: Invalid value: "gpu.example.com/n1/gpu-1": must be an allocated device in the claim',
      'status.devices[2]: Duplicate value: "gpu.example.com/n1/gpu-0"',
    ]);
  });

  it("forgets what devices told when they are deallocated", () => {
    const old = withStatus({ allocation, devices: [device] });
    const change = (next: ResourceClaim) => {
      delete next.status?.allocation;
      next.metadata.labels = { a: "b" };
    };
    const updated = bench.updated(old, change, "status");
    assert.deepEqual([updated.status, updated.metadata.labels], [{}, undefined]);
  });

  it("is shown", () => {
    const state = (status: Draft, extra: Draft = {}) =>
      bench.row({ ...claim, metadata: { ...metadata, ...extra }, status })["State"];
    const deletionTimestamp = "2026-01-31T12:00:00Z";
    assert.deepEqual(bench.row(claim), { Name: "gpu", State: "pending", Age: "60s" });
    assert.equal(state({ allocation, reservedFor: [consumer] }), "allocated,reserved");
    assert.equal(state({ allocation }, { deletionTimestamp }), "deleted,allocated");
    assert.equal(state({}, { deletionTimestamp }), "deleted");
  });

  it("may administer in some namespaces only", () => {
    const forbidden =
      "adminAccess: Forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace";
    const admin = {
      requests: [
        { name: "one", exactly },
        { name: "two", exactly: { ...exactly, adminAccess: true } },
      ],
    };
    const labels = { "resource.kubernetes.io/admin-access": "true" };
    assert.deepEqual(adminRequestErrors(admin, {}).map(fieldErrorText), [`spec.devices.requests[1].${forbidden}`]);
    assert.deepEqual(adminRequestErrors(admin, labels), []);
    assert.deepEqual(adminRequestErrors({ requests: [] }, {}), []);
    const results = [{ ...result, adminAccess: true }];
    assert.deepEqual(adminResultErrors(results, [], {}).map(fieldErrorText), [
      `status.allocation.devices.results[0].${forbidden}`,
    ]);
    assert.deepEqual(adminResultErrors(results, results, {}), []);
  });
});

describe("a template of claims", () => {
  const templates = new RuleBench<ResourceClaimTemplate>(resourceClaimTemplateResource(compile));
  const template = { metadata, spec: { metadata: { labels: { a: "b" } }, spec: { devices: { requests } } } };

  it("is right and does not change", () => {
    assert.deepEqual(templates.createErrors(template), []);
    const wrong = { metadata: { name: "a" }, spec: { devices: { requests: [{ name: "one" }] } } };
    assert.deepEqual(templates.createErrors({ metadata, spec: wrong }), [
      "spec.metadata.name: Forbidden: cannot be set",
      "spec.spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required",
    ]);
    const errors = templates.updateErrors(templates.prepared(template), (next) => (next.spec.metadata = {}));
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /^spec: Invalid value: \{.*\}: field is immutable$/);
    assert.deepEqual(templates.row(template), { Name: "gpu", Age: "60s" });
  });
});

describe("a class of devices", () => {
  const classes = new RuleBench<DeviceClass>(deviceClassResource(compile));

  it("is right", () => {
    const spec = {
      selectors: [{ cel: { expression: "wrong" } }],
      config: [{}],
      extendedResourceName: "cpu",
    };
    assert.deepEqual(classes.createErrors({ metadata, spec: {} }), []);
    assert.deepEqual(classes.createErrors({ metadata, spec }), [
      'spec.selectors[0].cel.expression: Invalid value: "wrong": it says so',
      "spec.config[0].opaque: Required value",
      'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
    ]);
  });

  it("counts changes, and does not compile what is stored", () => {
    const old = classes.prepared({ metadata, spec: { selectors: [{ cel: { expression: "wrong" } }] } });
    const rename = (next: DeviceClass) => (next.spec.extendedResourceName = "example.com/gpu");
    assert.deepEqual(classes.updateErrors(old, rename), []);
    assert.equal(classes.updated(old, rename).metadata.generation, 2);
    assert.deepEqual(
      classes.updateErrors(old, (next) => next.spec.selectors?.push({ cel: { expression: "true" } })),
      ['spec.selectors[0].cel.expression: Invalid value: "wrong": it says so'],
    );
    assert.deepEqual(classes.row({ metadata }), { Name: "gpu", Age: "60s" });
  });
});
