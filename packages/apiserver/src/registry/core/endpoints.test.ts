import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { endpointsResource } from "./endpoints.ts";

const bench = new RuleBench(endpointsResource);
const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("endpoints", () => {
  function create(what: string, subsets: readonly Draft[], errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, subsets }), errors));
  }

  create("may be empty", [], []);
  create(
    "may be several",
    [
      {
        addresses: [{ ip: "10.0.0.1", nodeName: "n1" }],
        ports: [
          { port: 80, name: "a" },
          { port: 81, name: "b" },
        ],
      },
    ],
    [],
  );
  create(
    "have an address",
    [{ ports: [{ port: 80 }] }],
    ["subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"],
  );
  create(
    "have right addresses",
    [
      {
        addresses: [
          { ip: "x", hostname: "A" },
          { ip: "127.0.0.1", nodeName: "N" },
        ],
        notReadyAddresses: [{ ip: "::" }],
      },
    ],
    [
      'subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      `subsets[0].addresses[0].hostname: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      'subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address',
      `subsets[0].addresses[1].nodeName: Invalid value: "N": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      'subsets[0].addresses[1].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'subsets[0].notReadyAddresses[0].ip: Invalid value: "::": may not be unspecified (::)',
    ],
  );
  create(
    "have right ports",
    [{ addresses: [{ ip: "10.0.0.1" }], ports: [{ port: 0 }, { port: 80, name: "A", protocol: "ICMP" }] }],
    [
      "subsets[0].ports[0].name: Required value",
      "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      `subsets[0].ports[1].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      'subsets[0].ports[1].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
    ],
  );

  it("warn that they are of the past", () =>
    assert.deepEqual(bench.warnings({ metadata }), [
      "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
    ]));

  it("are shown up to three", () => {
    const subsets = [
      {
        addresses: ["10.0.0.1", "10.0.0.2", "fd00::3", "10.0.0.4", "10.0.0.5"].map((ip) => ({ ip })),
        ports: [{ port: 80 }],
      },
    ];
    assert.deepEqual(bench.row({ metadata, subsets }), {
      Name: "web",
      Endpoints: "10.0.0.1:80,10.0.0.2:80,[fd00::3]:80 + 2 more...",
      Age: "60s",
    });
    assert.equal(bench.row({ metadata })["Endpoints"], "<none>");
    assert.equal(bench.row({ metadata, subsets: [{ addresses: [{ ip: "10.0.0.1" }] }] })["Endpoints"], "10.0.0.1");
  });
});
