import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NetworkPolicy } from "@kube-ts/api/networking/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { networkPolicyResource } from "./network-policy.ts";

const bench = new RuleBench<NetworkPolicy>(networkPolicyResource);
const metadata = { name: "web", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a network policy", () => {
  it("is filled in", () => {
    const decoded = bench.decode({ metadata, spec: { ingress: [{ ports: [{ port: 80 }] }] } });
    assert.deepEqual(decoded.spec, {
      podSelector: {},
      ingress: [{ ports: [{ port: 80, protocol: "TCP" }] }],
      policyTypes: ["Ingress"],
    });
    const both = bench.decode({ metadata, spec: { egress: [{ ports: [{ protocol: "UDP" }] }] } });
    assert.deepEqual(both.spec.policyTypes, ["Ingress", "Egress"]);
    assert.deepEqual(bench.decode({ metadata, spec: { egress: [], policyTypes: [] } }).spec.policyTypes, ["Ingress"]);
    assert.equal(bench.prepared({ metadata }).metadata.generation, 1);
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec }), errors));
  }

  const key = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`;
  create("may be plain", { podSelector: { matchLabels: { a: "b" } } }, []);
  create("selects pods by right labels", { podSelector: { matchLabels: { "a b": "c" } } }, [
    `spec.podSelector.matchLabels: Invalid value: "a b": ${key}`,
  ]);
  create("is about two directions", { policyTypes: ["Ingress", "Egress", "Ingress"] }, [
    'spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes',
  ]);
  create("is about known directions", { policyTypes: ["Sideways"] }, [
    'spec.policyTypes[0]: Unsupported value: "Sideways": supported values: "Egress", "Ingress"',
  ]);

  function port(what: string, item: Draft, errors: readonly string[]): void {
    create(
      what,
      { egress: [{ ports: [item] }] },
      errors.map((text) => `spec.egress[0].ports[0]${text}`),
    );
  }

  port("may name a range of ports", { port: 80, endPort: 80 }, []);
  port("may name a port", { port: "http" }, []);
  port("knows its protocols", { protocol: "ICMP" }, [
    '.protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
  ]);
  port("has ports in range", { port: 0, endPort: 65536 }, [
    ".port: Invalid value: 0: must be between 1 and 65535, inclusive",
    ".endPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
  ]);
  port("has ports in order", { port: 2, endPort: 1 }, [
    ".endPort: Invalid value: 1: must be greater than or equal to `port`",
  ]);
  port("has no end without a port", { endPort: 1 }, [
    ".endPort: Invalid value: 1: may not be specified when `port` is not specified",
  ]);
  port("has no end after a name", { port: "A", endPort: 1 }, [
    ".endPort: Invalid value: 1: may not be specified when `port` is non-numeric",
    '.port: Invalid value: "A": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    '.port: Invalid value: "A": must contain at least one letter (a-z)',
  ]);

  function peer(what: string, item: Draft, errors: readonly string[]): void {
    create(
      what,
      { ingress: [{ from: [item] }] },
      errors.map((text) => `spec.ingress[0].from[0]${text}`),
    );
  }

  peer("may name peers", { podSelector: {}, namespaceSelector: {} }, []);
  peer("names its peers", {}, [": Required value: must specify a peer"]);
  peer("names its peers in one way", { podSelector: {}, ipBlock: { cidr: "10.0.0.0/8" } }, [
    ": Forbidden: may not specify both ipBlock and another peer",
  ]);
  peer("selects peers by right labels", { namespaceSelector: { matchLabels: { "a b": "c" } } }, [
    `.namespaceSelector.matchLabels: Invalid value: "a b": ${key}`,
  ]);
  peer("has a range", { ipBlock: {} }, [".ipBlock.cidr: Required value"]);
  peer("has a right range", { ipBlock: { cidr: "10.0.0.0" } }, [
    '.ipBlock.cidr: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
  ]);
  peer("has a range without more bits", { ipBlock: { cidr: "10.1.0.0/8" } }, [
    '.ipBlock.cidr: Invalid value: "10.1.0.0/8": must not have bits set beyond the prefix length',
  ]);
  peer("has a range without zeros", { ipBlock: { cidr: "010.0.0.0/8", except: ["::ffff:10.0.0.0/104"] } }, [
    '.ipBlock.cidr: Invalid value: "010.0.0.0/8": must not have leading 0s in IP or prefix length',
  ]);
  peer(
    "has parts of the range as exceptions",
    { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "10.0.0.0/8", "11.0.0.0/16", "::/64", "x"] } },
    [
      '.ipBlock.except[1]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
      '.ipBlock.except[2]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
      '.ipBlock.except[3]: Invalid value: "::/64": must be a strict subset of `cidr`',
      '.ipBlock.except[4]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
  );

  it("may keep the ranges it has", () => {
    const old = bench.prepared({ metadata, spec: { egress: [{ to: [{ ipBlock: { cidr: "10.1.0.0/8" } }] }] } });
    assert.deepEqual(
      bench.updateErrors(old, (next) => (next.spec.ingress = [])),
      [],
    );
  });

  it("is counted when it changes", () => {
    const old = bench.prepared({ metadata });
    assert.equal(bench.updated(old, (next) => (next.spec.egress = [{}])).metadata.generation, 2);
    assert.equal(bench.updated(old, (next) => (next.metadata.labels = { a: "b" })).metadata.generation, 1);
  });

  it("is shown", () => {
    const row = (podSelector: Draft) => bench.row({ metadata, spec: { podSelector } })["Pod-Selector"];
    assert.deepEqual(bench.row({ metadata }), { Name: "web", "Pod-Selector": "<none>", Age: "60s" });
    assert.equal(row({ matchLabels: { a: "b" } }), "a=b");
  });
});
