import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod, PodStatus } from "@kube-ts/api/core/v1";
import { notFound } from "@kube-ts/api/status-error";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import { testPod } from "../testing/pod-fixtures.ts";
import { statusPatch } from "./status-patch.ts";
import { StatusWriter } from "./status-writer.ts";

const ready = (status: "True" | "False", reason?: string) => ({ type: "Ready", status, ...(reason ? { reason } : {}) });

test("only differences are written, and only of what the kubelet owns", () => {
  const stored: PodStatus = {
    phase: "Pending",
    reason: "Old",
    nominatedNodeName: "x",
    podIPs: [{ ip: "10.0.0.1" }],
    conditions: [
      { ...ready("False", "ContainersNotReady"), message: "m", lastTransitionTime: "2026-01-01T00:00:00Z" },
      { type: "example.com/gate", status: "True" },
      { type: "PodScheduled", status: "True", lastProbeTime: "2026-01-01T00:00:00Z" },
    ],
  };
  const wanted: PodStatus = {
    phase: "Running",
    podIPs: [{ ip: "10.0.0.2" }],
    conditions: [
      { ...ready("True"), lastTransitionTime: "2026-01-02T00:00:00Z" },
      { type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-02T00:00:00Z" },
    ],
  };
  assert.deepEqual(statusPatch(stored, wanted), {
    phase: "Running",
    reason: null,
    podIPs: [{ $patch: "replace" }, { ip: "10.0.0.2" }],
    conditions: [
      { type: "Ready", status: "True", reason: null, message: null, lastTransitionTime: "2026-01-02T00:00:00Z" },
    ],
  });
  assert.equal(statusPatch(wanted, wanted), undefined);
});

test("a condition that the kubelet no longer has is removed, one of others stays", () => {
  const stored = {
    conditions: [
      { type: "Initialized", status: "True" as const },
      { type: "Other", status: "True" as const },
    ],
  };
  assert.deepEqual(statusPatch(stored, {}), { conditions: [{ $patch: "delete", type: "Initialized" }] });
});

function wanted(phase: "Pending" | "Running" | "Failed"): PodStatus {
  return { phase, conditions: [{ type: "PodScheduled", status: "True" }] };
}

/** An API server's pods: what is stored, and what the watch has shown so far. */
class Server {
  stored: Pod = { ...testPod(), metadata: { ...testPod().metadata, resourceVersion: "1" } };
  cached: Pod | undefined = this.stored;
  readonly patches: unknown[] = [];
  fail: Error | undefined;
  #version = 1;

  async patch(_key: unknown, _type: unknown, body: unknown): Promise<Pod> {
    if (this.fail) throw this.fail;
    this.patches.push(body);
    this.#version += 1;
    const { status } = body as { status: Partial<PodStatus> };
    const { conditions: _conditions, ...fields } = status;
    this.stored = {
      ...this.stored,
      metadata: { ...this.stored.metadata, resourceVersion: `${this.#version}` },
      status: { ...this.stored.status, ...fields },
    };
    return this.stored;
  }
}

function start(server: Server) {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  const writer = new StatusWriter({
    pods: server,
    lister: { get: () => server.cached },
    clock,
    random: seededRandom(1),
    log: silentLogger,
  });
  const running = writer.run(stop.signal);
  return {
    writer,
    clock,
    settle: () => clock.advance(0),
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error("test is over"));
      await running;
      assert.equal(clock.pendingTimers, 0);
    },
  };
}

test("a status is written once, with the uid as precondition", async () => {
  const server = new Server();
  await using h = start(server);
  h.writer.set(server.stored, wanted("Running"));
  h.writer.set(server.stored, wanted("Running"));
  await h.settle();
  await h.writer.stored("uid-1", new AbortController().signal);
  assert.deepEqual(server.patches.length, 1);
  const [body] = server.patches as [{ metadata: unknown; status: { phase: string } }];
  assert.deepEqual(body.metadata, { uid: "uid-1" });
  assert.equal(body.status.phase, "Running");
});

test("a stale cache does not undo or repeat a write", async () => {
  const server = new Server();
  await using h = start(server);
  h.writer.set(server.stored, wanted("Running"));
  await h.settle();
  h.writer.recheck("uid-1");
  await h.settle();
  assert.equal(server.patches.length, 1);
  h.writer.set(server.stored, wanted("Pending"));
  await h.settle();
  assert.equal(server.stored.status?.phase, "Pending", "compared with our own last write, not with the cache");
});

test("what somebody else changes is put right", async () => {
  const server = new Server();
  await using h = start(server);
  h.writer.set(server.stored, wanted("Running"));
  await h.settle();
  server.stored = {
    ...server.stored,
    metadata: { ...server.stored.metadata, resourceVersion: "9" },
    status: { phase: "Unknown" },
  };
  server.cached = server.stored;
  h.writer.recheck("uid-1");
  await h.settle();
  assert.equal(server.stored.status?.phase, "Running");
});

test("an outage is waited out and the newest status wins", async () => {
  const server = new Server();
  await using h = start(server);
  server.fail = new Error("connection refused");
  h.writer.set(server.stored, wanted("Running"));
  await h.clock.advance(5_000);
  h.writer.set(server.stored, wanted("Failed"));
  server.fail = undefined;
  await h.clock.advance(20_000);
  assert.equal(server.patches.length, 1);
  assert.equal(server.stored.status?.phase, "Failed");
});

test("a pod that is gone keeps nobody waiting", async () => {
  const server = new Server();
  await using h = start(server);
  server.fail = notFound({ group: "", resource: "pods" }, "web");
  h.writer.set(server.stored, wanted("Running"));
  const stored = h.writer.stored("uid-1", new AbortController().signal);
  await h.settle();
  await stored;
  assert.equal(h.clock.pendingTimers, 0);
});
