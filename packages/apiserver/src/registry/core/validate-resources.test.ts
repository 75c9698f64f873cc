import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { containerErrors, specErrors } from "./testing/pod-drafts.ts";

function resources(what: string, fields: Draft, errors: readonly string[], spec: Draft = {}): void {
  it(what, () => assert.deepEqual(containerErrors({ resources: fields }, spec), errors));
}

describe("the resources of a container", () => {
  resources(
    "may be standard and extended ones",
    {
      limits: { cpu: "2", memory: "1Gi", "example.com/gpu": "1", "hugepages-2Mi": "4Mi", "ephemeral-storage": "1Gi" },
      requests: { cpu: "100m", memory: "1Gi" },
    },
    [],
  );
  resources("request no more than the limit", { limits: { cpu: "1" }, requests: { cpu: "1100m" } }, [
    'resources.requests: Invalid value: "1100m": must be less than or equal to cpu limit of 1',
  ]);
  resources(
    "request extended ones as they are limited",
    { limits: { "example.com/gpu": "2" }, requests: { "example.com/gpu": "1" } },
    ['resources.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2'],
  );
  resources("limit extended ones", { requests: { "example.com/gpu": "1" } }, [
    "resources.limits: Required value: Limit must be set for non overcommitable resources",
  ]);
  resources("are not negative", { limits: { memory: "-1" } }, [
    'resources.limits[memory]: Invalid value: "-1": must be greater than or equal to 0',
    'resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
  ]);
  resources("are whole where they are counted", { limits: { "example.com/gpu": "500m" } }, [
    'resources.limits[example.com/gpu]: Invalid value: "500m": must be an integer',
    'resources.requests[example.com/gpu]: Invalid value: "500m": must be an integer',
  ]);
  resources("have known names", { limits: { disk: "1", "kubernetes.io/x": "1", "a b": "1" } }, [
    'resources.limits[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
    'resources.limits[disk]: Invalid value: "disk": must be a standard resource for containers',
    `resources.limits[a b]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    'resources.limits[a b]: Invalid value: "a b": must be a standard resource for containers',
    'resources.requests[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
    'resources.requests[disk]: Invalid value: "disk": must be a standard resource for containers',
    `resources.requests[a b]: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    'resources.requests[a b]: Invalid value: "a b": must be a standard resource for containers',
  ]);
  resources("are not those of other objects", { limits: { pods: "1", storage: "1" } }, [
    'resources.limits[pods]: Invalid value: "pods": must be a standard resource for containers',
    'resources.limits[storage]: Invalid value: "storage": must be a standard resource for containers',
    'resources.requests[pods]: Invalid value: "pods": must be a standard resource for containers',
    'resources.requests[storage]: Invalid value: "storage": must be a standard resource for containers',
  ]);
  resources("have huge pages with others only", { limits: { "hugepages-2Mi": "2Mi" } }, [
    "resources: Forbidden: HugePages require cpu or memory",
  ]);
  resources("have whole huge pages", { limits: { cpu: "1", "hugepages-2Mi": "3Mi" } }, [
    'resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    'resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
  ]);
  resources(
    "use claims of the pod",
    { claims: [{ name: "a" }, { name: "a" }, { name: "b", request: "r" }, { name: "x" }, { name: "" }] },
    [
      'resources.claims[1]: Duplicate value: "a"',
      'resources.claims[3]: Not found: "x": must be one of the names in pod.spec.resourceClaims: a, b',
      "resources.claims[4]: Required value",
    ],
    {
      resourceClaims: [
        { name: "a", resourceClaimName: "a" },
        { name: "b", resourceClaimTemplateName: "b" },
      ],
    },
  );
  resources("use no claims that the pod has not", { claims: [{ name: "a" }] }, [
    'resources.claims[0]: Not found: "a": must be one of the names in pod.spec.resourceClaims which is empty',
  ]);
});

describe("the resources of a pod", () => {
  const container = { name: "c", image: "i", resources: { requests: { cpu: "2" }, limits: { memory: "2Gi" } } };

  function refuses(what: string, fields: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(specErrors({ resources: fields, containers: [container] }), errors));
  }

  refuses("may hold those of its containers", { requests: { cpu: "3", memory: "3Gi" }, limits: { memory: "3Gi" } }, []);
  refuses(
    "are no less than those of its containers",
    { requests: { cpu: "1", memory: "3Gi" }, limits: { memory: "1Gi" } },
    [
      'spec.resources.requests: Invalid value: "3Gi": must be less than or equal to memory limit of 1Gi',
      'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
      'spec.resources.containers[0][memory].limits: Invalid value: "2Gi": must be less than or equal to pod limits of 1Gi',
    ],
  );
  refuses("are of few kinds", { limits: { "example.com/gpu": "1", "ephemeral-storage": "1Gi" } }, [
    'spec.resources.limits[example.com/gpu]: Unsupported value: "example.com/gpu": supported values: "cpu", "hugepages-", "memory"',
    'spec.resources.limits[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"',
  ]);
  refuses("are not claims", { claims: [{ name: "a" }] }, [
    "spec.resources.claims: Forbidden: claims cannot be set for Resources at pod-level",
  ]);
});

describe("the claims of a pod", () => {
  it("name one thing each", () => {
    const claims = [
      { name: "", resourceClaimName: "a" },
      { name: "A", resourceClaimName: "a" },
      { name: "b" },
      { name: "c", resourceClaimName: "c", resourceClaimTemplateName: "c" },
      { name: "d", resourceClaimName: "D" },
      { name: "d", resourceClaimName: "d" },
    ];
    assert.deepEqual(specErrors({ resourceClaims: claims }), [
      "spec.resourceClaims[0].name: Required value",
      `spec.resourceClaims[1].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      'spec.resourceClaims[2]: Invalid value: {"name":"b"}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
      'spec.resourceClaims[3]: Invalid value: {"name":"c","resourceClaimName":"c","resourceClaimTemplateName":"c"}: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
      `spec.resourceClaims[4].resourceClaimName: Invalid value: "D": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      'spec.resourceClaims[5].name: Duplicate value: "d"',
    ]);
  });
});
