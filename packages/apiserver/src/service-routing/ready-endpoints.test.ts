import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { endpointSlices, endpoints } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import { ReadyEndpoints } from "./ready-endpoints.ts";

const slice = (name: string, address: string, changes: Partial<EndpointSlice> = {}): EndpointSlice => ({
  metadata: { name, namespace: "ns", labels: { "kubernetes.io/service-name": "web" } },
  addressType: "IPv4",
  endpoints: [{ addresses: [address], targetRef: { kind: "Pod", name: "p" } }],
  ports: [{ name: "http", port: 8080 }],
  ...changes,
});

test("the ready addresses of a service are found once for each state of its slices", () => {
  const objects = new MemoryObjects();
  objects.put(endpointSlices, slice("a", "10.0.0.1"));
  objects.put(endpointSlices, slice("b", "10.0.0.2", { ports: [{ name: "other", port: 1 }] }));
  objects.put(endpointSlices, slice("c", "host.example.com", { addressType: "FQDN" }));
  objects.put(
    endpointSlices,
    slice("d", "", {
      endpoints: [{ addresses: ["10.0.0.4"], conditions: { ready: false } }, { addresses: ["10.0.0.5"] }],
    }),
  );
  using ready = new ReadyEndpoints(objects);
  const first = ready.of("ns", "web", "http");
  assert.deepEqual(first, [
    { address: "10.0.0.1", port: 8080, pod: { namespace: undefined, name: "p" } },
    { address: "10.0.0.5", port: 8080 },
  ]);
  assert.equal(ready.of("ns", "web", "http"), first, "they are not looked for again");
  assert.deepEqual(ready.of("ns", "web", "none"), []);
  objects.put(endpointSlices, slice("e", "10.0.0.9", { ports: [{ name: "none", port: 9 }] }));
  assert.equal(ready.of("ns", "web", "none").length, 1, "what was not there may come");
  assert.notEqual(ready.of("ns", "web", "http"), first);
});

test("a service without slices has the addresses of its Endpoints", () => {
  const objects = new MemoryObjects();
  const subsets = [{ addresses: [{ ip: "10.0.0.1" }], notReadyAddresses: [{ ip: "10.0.0.2" }], ports: [{ port: 80 }] }];
  objects.put(endpoints, { metadata: { name: "web", namespace: "ns" }, subsets });
  using ready = new ReadyEndpoints(objects);
  assert.deepEqual(ready.of("ns", "web", ""), [{ address: "10.0.0.1", port: 80 }]);
  objects.put(endpointSlices, slice("a", "10.0.0.3"));
  assert.deepEqual(ready.of("ns", "web", ""), []);
});
