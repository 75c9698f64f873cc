import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { endpointSliceResource } from "./endpoint-slice.ts";

const bench = new RuleBench<EndpointSlice>(endpointSliceResource);
const metadata = { name: "web-abc", creationTimestamp: "2026-01-31T11:59:00Z" };
const plain = { metadata, addressType: "IPv4", endpoints: [{ addresses: ["10.0.0.1"] }], ports: [{ port: 80 }] };

describe("an endpoint slice", () => {
  it("is filled in", () => {
    const { ports, endpoints } = bench.decode(plain);
    assert.deepEqual(
      { ports, endpoints },
      { ports: [{ port: 80, name: "", protocol: "TCP" }], endpoints: [{ addresses: ["10.0.0.1"], conditions: {} }] },
    );
  });

  function create(what: string, fields: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ ...plain, ...fields }), errors));
  }

  create("may be plain", {}, []);
  create(
    "may have hints",
    { endpoints: [{ addresses: ["10.0.0.1"], hints: { forZones: [{ name: "a" }], forNodes: [{ name: "n1" }] } }] },
    [],
  );
  create("has a known kind of addresses", { addressType: "MAC" }, [
    'addressType: Unsupported value: "MAC": supported values: "FQDN", "IPv4", "IPv6"',
  ]);
  create("has a kind of addresses", { addressType: "" }, ["addressType: Required value"]);
  create("has addresses", { endpoints: [{ addresses: [] }] }, [
    "endpoints[0].addresses: Required value: must contain at least 1 address",
  ]);
  create("has right addresses", { endpoints: [{ addresses: ["fd00::1", "x", "127.0.0.1"] }] }, [
    'endpoints[0].addresses[0]: Invalid value: "fd00::1": must be a valid IPv4 address',
    'endpoints[0].addresses[1]: Invalid value: "x": must be a valid IPv4 address',
    'endpoints[0].addresses[1]: Invalid value: "x": must be a valid IP address',
    'endpoints[0].addresses[2]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ]);
  create("has right longer addresses", { addressType: "IPv6", endpoints: [{ addresses: ["10.0.0.1", "::1"] }] }, [
    'endpoints[0].addresses[0]: Invalid value: "10.0.0.1": must be a valid IPv6 address',
    'endpoints[0].addresses[1]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ]);
  create("has right names", { addressType: "FQDN", endpoints: [{ addresses: ["example", "A.b", "a.example.com."] }] }, [
    'endpoints[0].addresses[0]: Invalid value: "example": should be a domain with at least two segments separated by dots',
    `endpoints[0].addresses[1]: Invalid value: "A.b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
  ]);
  create("has right endpoints", { endpoints: [{ addresses: ["10.0.0.1"], nodeName: "N", hostname: "A" }] }, [
    `endpoints[0].nodeName: Invalid value: "N": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    `endpoints[0].hostname: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
  ]);
  create(
    "has right hints",
    {
      endpoints: [
        {
          addresses: ["10.0.0.1"],
          hints: {
            forZones: [{ name: "a b" }, { name: "a b" }],
            forNodes: Array.from({ length: 9 }, () => ({ name: "n" })),
          },
        },
      ],
    },
    [
      `endpoints[0].hints.forZones[0].name: Invalid value: "a b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      'endpoints[0].hints.forZones[1].name: Duplicate value: "a b"',
      `endpoints[0].hints.forZones[1].name: Invalid value: "a b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      "endpoints[0].hints.forNodes: Too many: 9: must have at most 8 items",
    ],
  );
  create(
    "has right ports",
    { ports: [{ name: "A", port: 0, protocol: "ICMP", appProtocol: "a b" }, { port: 80 }, { port: 81 }] },
    [
      `ports[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      'ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
      "ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      `ports[0].appProtocol: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      'ports[2].name: Duplicate value: ""',
    ],
  );
  create(
    "has few addresses at an endpoint",
    { endpoints: [{ addresses: Array.from({ length: 101 }, () => "10.0.0.1") }] },
    ["endpoints[0].addresses: Too many: 101: must have at most 100 items"],
  );
  create("has few endpoints", { endpoints: Array.from({ length: 1001 }, () => ({ addresses: ["10.0.0.1"] })) }, [
    "endpoints: Too many: 1001: must have at most 1000 items",
  ]);
});

describe("an updated endpoint slice", () => {
  const old = bench.prepared(plain);

  it("keeps the kind of its addresses", () => {
    const change = (next: EndpointSlice) => Object.assign(next, { addressType: "IPv6", endpoints: [] });
    assert.deepEqual(bench.updateErrors(old, change), ['addressType: Invalid value: "IPv6": field is immutable']);
  });

  it("counts changes of its content", () => {
    assert.equal(old.metadata.generation, 1);
    assert.equal(bench.updated(old, (next) => (next.endpoints = [])).metadata.generation, 2);
    assert.equal(bench.updated(old, (next) => (next.metadata.labels = { a: "b" })).metadata.generation, 1);
  });

  it("takes no old labels of a topology", () => {
    const endpoints = [{ addresses: ["10.0.0.1"], deprecatedTopology: { a: "b" } }];
    assert.equal(bench.prepared({ ...plain, endpoints }).endpoints?.[0]?.deprecatedTopology, undefined);
  });
});

it("shows an endpoint slice", () => {
  const endpoints = [{ addresses: ["10.0.0.1", "10.0.0.2"] }, { addresses: ["10.0.0.3"] }, { addresses: ["10.0.0.4"] }];
  assert.deepEqual(bench.row({ ...plain, endpoints, ports: [{ port: 80 }, { name: "a" }] }), {
    Name: "web-abc",
    AddressType: "IPv4",
    Ports: "80,a",
    Endpoints: "10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...",
    Age: "60s",
  });
  assert.deepEqual(bench.row({ ...plain, endpoints: [], ports: [] }), {
    Name: "web-abc",
    AddressType: "IPv4",
    Ports: "<unset>",
    Endpoints: "<unset>",
    Age: "60s",
  });
});
