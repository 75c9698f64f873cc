import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterState } from "./cluster-state.ts";
import { missingParts, withoutMachine, withoutMissing } from "./cluster-state.ts";

/** `+` serves and `-` does not: an API server, then a member of etcd, of each machine. */
function state(machines: Readonly<Record<string, string>>): ClusterState {
  const all = Object.entries(machines).map(([machine, [server, member]]) => ({ machine, server, member }));
  return {
    servers: all.map(({ machine, server }) => ({ machine, version: "v1.36.0", isReady: server === "+" })),
    members: all.map(({ machine, member }) => ({ machine, isHealthy: member === "+" })),
  };
}

test("what does not serve is named with its machine", () => {
  assert.deepEqual(missingParts(state({ a: "++", b: "-+", c: "+-" })), [
    "the API server of b is not ready",
    "etcd is not healthy on c",
  ]);
  assert.deepEqual(missingParts(withoutMachine(state({ a: "--", b: "++" }), "a")), []);
});

test("after restarts that is waited for which served before, and all of the own machine", () => {
  const before = state({ own: "--", b: "+-", c: "++" });
  const missing = (now: ClusterState) => missingParts(withoutMissing(now, before, "own"));
  assert.deepEqual(missing(state({ own: "++", b: "+-", c: "++" })), []);
  assert.deepEqual(missing(state({ own: "-+", b: "--", c: "+-" })), [
    "the API server of own is not ready",
    "the API server of b is not ready",
    "etcd is not healthy on c",
  ]);
});
