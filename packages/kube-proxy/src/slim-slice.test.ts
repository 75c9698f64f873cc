import assert from "node:assert/strict";
import { test } from "node:test";
import { slimSlice } from "./slim-slice.ts";

test("a slice keeps what rules depend on", () => {
  const kept = { addresses: ["10.244.1.2"], conditions: { ready: true }, nodeName: "n1", hints: {} };
  const slice = {
    metadata: { name: "web-x", uid: "u", resourceVersion: "7", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4" as const,
    ports: [{ name: "http", port: 8080, protocol: "TCP" as const }],
  };
  const whole = {
    ...slice,
    metadata: { ...slice.metadata, managedFields: [{ manager: "m", operation: "Update" as const }] },
    endpoints: [{ ...kept, targetRef: { kind: "Pod", name: "web-1" } }],
  };
  assert.deepEqual(slimSlice(whole), { ...slice, endpoints: [kept] });
});
