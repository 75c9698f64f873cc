import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lease } from "@kube-ts/api/coordination/v1";
import { conflict, notFound } from "@kube-ts/api/status-error";
import { abortable } from "@kube-ts/std/abort";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import type { Client, ResourceClient } from "./client.ts";
import { LeadershipLostError, runWhileLeading } from "./leader-election.ts";
import { TransportError } from "./transport-error.ts";

const leaseNames = { group: "coordination.k8s.io", resource: "leases" };

/** The one lease of an API server that can be made unreachable. */
class LeaseServer {
  lease: Lease | undefined;
  /** How requests end: answered, refused for want of a connection, or never. */
  network: "up" | "down" | "silent" = "up";
  #version = 0;

  client(): Client {
    const verbs: Pick<ResourceClient<Lease>, "get" | "create" | "update"> = {
      get: async (_key, options) => {
        await this.#reach(options?.signal);
        if (!this.lease) throw notFound(leaseNames, "test");
        return this.lease;
      },
      create: async (lease, options) => {
        await this.#reach(options?.signal);
        if (this.lease) throw conflict(leaseNames, "test");
        return this.#store(lease);
      },
      update: async (lease, options) => {
        await this.#reach(options?.signal);
        if (lease.metadata.resourceVersion !== this.lease?.metadata.resourceVersion) throw conflict(leaseNames, "test");
        return this.#store(lease);
      },
    };
    return { resource: () => verbs } as unknown as Client;
  }

  get holder(): string {
    return this.lease?.spec.holderIdentity ?? "";
  }

  #store(lease: Lease): Lease {
    this.#version += 1;
    const metadata = { ...lease.metadata, resourceVersion: String(this.#version) };
    this.lease = { ...lease, metadata, spec: { ...lease.spec } };
    return this.lease;
  }

  async #reach(signal: AbortSignal | undefined): Promise<void> {
    if (this.network === "down") throw new TransportError("connection refused", "ECONNREFUSED");
    if (this.network === "silent" && signal) await abortable(new Promise<never>(() => {}), signal);
  }
}

/** What `deploy` sets where several machines have a control plane. */
const swift = { leaseDurationMs: 14_000, renewDeadlineMs: 12_000, retryPeriodMs: 1_000 };

/** One candidate; `leading` tells whether its work runs, `outcome` how its election ended. */
function candidate(
  server: LeaseServer,
  clock: FakeClock,
  identity: string,
  options: { readonly slowStop?: number; readonly timing?: typeof swift } = {},
) {
  const controller = new AbortController();
  const state = { leading: false, outcome: "" };
  const election = {
    client: server.client(),
    namespace: "kube-system",
    name: "test",
    identity,
    clock,
    ...options.timing,
  };
  const running = runWhileLeading(
    { ...election, random: seededRandom(identity.length), log: silentLogger },
    controller.signal,
    async (signal) => {
      state.leading = true;
      try {
        await abortable(new Promise<never>(() => {}), signal).catch(() => undefined);
        if (options.slowStop) await clock.sleep(options.slowStop, new AbortController().signal);
      } finally {
        state.leading = false;
      }
    },
  ).then(
    () => void (state.outcome = "ended"),
    (error: unknown) => void (state.outcome = error instanceof LeadershipLostError ? "lost" : String(error)),
  );
  return { state, controller, running };
}

test("one of several candidates leads, and another follows as soon as it stops", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  const a = candidate(server, clock, "a");
  await clock.advance(0);
  const b = candidate(server, clock, "bb");
  await clock.advance(60_000);
  assert.deepEqual([a.state.leading, b.state.leading], [true, false]);
  assert.equal(server.holder, "a");
  assert.deepEqual(server.lease?.spec, {
    holderIdentity: "a",
    leaseDurationSeconds: 15,
    acquireTime: "1970-01-01T00:16:40.000000Z",
    renewTime: "1970-01-01T00:17:40.000000Z",
    leaseTransitions: 0,
  });
  a.controller.abort();
  await clock.advance(0);
  assert.equal(a.state.outcome, "ended");
  assert.equal(server.holder, "");
  await clock.advance(5_000);
  assert.equal(b.state.leading, true);
  assert.equal(server.lease?.spec.leaseTransitions, 1);
  b.controller.abort();
  await Promise.all([a.running, b.running]);
});

test("a leader that dies is followed after the lease duration, counted from what was observed", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  // The dead leader's clock was a day ahead: its times must not matter.
  server.lease = {
    metadata: { resourceVersion: "x" },
    spec: { holderIdentity: "dead", leaseDurationSeconds: 15, renewTime: "1970-01-02T00:16:40.000000Z" },
  };
  const b = candidate(server, clock, "b");
  await clock.advance(14_900);
  assert.equal(b.state.leading, false);
  await clock.advance(200);
  assert.equal(b.state.leading, true);
  b.controller.abort();
  await b.running;
});

test("a candidate whose requests hang when the leader dies follows soon after the lease's end", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  const a = candidate(server, clock, "a", { timing: swift });
  await clock.advance(0);
  const b = candidate(server, clock, "bb", { timing: swift });
  await clock.advance(30_000);
  // From the leader's last renewal on nothing answers, until clients have turned to another server.
  server.network = "silent";
  const lastRenewalMs = Date.parse(server.lease?.spec.renewTime ?? "");
  await clock.advance(3_500);
  a.controller.abort();
  await clock.advance(0);
  server.network = "up";
  while (!b.state.leading && clock.now() < 1_100_000) await clock.advance(100);
  const elapsedMs = clock.now() - lastRenewalMs;
  assert.ok(elapsedMs >= 14_000 && elapsedMs <= 19_300, `followed after ${elapsedMs} ms`);
  b.controller.abort();
  await clock.advance(20_000);
  await Promise.all([a.running, b.running]);
});

for (const network of ["down", "silent"] as const) {
  test(`a leader whose server is ${network} gives up before another may take over`, async () => {
    const clock = new FakeClock(1_000_000);
    const server = new LeaseServer();
    const a = candidate(server, clock, "a");
    await clock.advance(20_000);
    const lastRenewalMs = Date.parse(server.lease?.spec.renewTime ?? "");
    server.network = network;
    while (a.state.outcome === "" && clock.now() < 1_100_000) await clock.advance(100);
    assert.equal(a.state.outcome, "lost");
    assert.equal(a.state.leading, false);
    const elapsedMs = clock.now() - lastRenewalMs;
    assert.ok(elapsedMs >= 10_000 && elapsedMs <= 15_100, `gave up after ${elapsedMs} ms`);
    await a.running;
  });
}

for (const network of ["down", "silent"] as const) {
  test(`with a longer deadline, a leader whose server is ${network} for ten seconds keeps its lease`, async () => {
    for (let delayMs = 0; delayMs < 1_000; delayMs += 100) {
      const clock = new FakeClock(1_000_000);
      const server = new LeaseServer();
      const a = candidate(server, clock, "a", { timing: swift });
      await clock.advance(10_000 + delayMs);
      server.network = network;
      await clock.advance(10_000);
      server.network = "up";
      await clock.advance(10_000);
      assert.deepEqual(a.state, { leading: true, outcome: "" });
      a.controller.abort();
      await a.running;
    }
  });
}

test("a short outage is survived", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  const a = candidate(server, clock, "a");
  await clock.advance(3_000);
  for (let outage = 0; outage < 3; outage += 1) {
    server.network = "down";
    await clock.advance(8_000);
    server.network = "up";
    await clock.advance(5_000);
  }
  assert.deepEqual(a.state, { leading: true, outcome: "" });
  a.controller.abort();
  await a.running;
});

test("a leader whose lease was taken stops at its next renewal", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  const a = candidate(server, clock, "a");
  await clock.advance(3_000);
  server.lease = {
    metadata: { resourceVersion: "stolen" },
    spec: { holderIdentity: "thief", leaseDurationSeconds: 15 },
  };
  await clock.advance(2_000);
  assert.deepEqual(a.state, { leading: false, outcome: "lost" });
  assert.equal(server.holder, "thief");
  await a.running;
});

test("while the work drains the lease is kept, and it is freed afterwards", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  const a = candidate(server, clock, "a", { slowStop: 40_000 });
  await clock.advance(1_000);
  const b = candidate(server, clock, "b");
  a.controller.abort();
  for (let step = 0; step < 39; step += 1) {
    await clock.advance(1_000);
    assert.deepEqual([a.state.leading, b.state.leading], [true, false]);
  }
  await clock.advance(10_000);
  assert.deepEqual([a.state.outcome, b.state.leading], ["ended", true]);
  b.controller.abort();
  await b.running;
});

test("work that does not stop when the lease is lost is not waited for beyond the lease", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  const a = candidate(server, clock, "a", { slowStop: 1_000_000 });
  await clock.advance(3_000);
  server.network = "down";
  await clock.advance(15_000);
  assert.equal(a.state.outcome, "lost");
  await a.running;
});

test("the outcome of the work is passed on, and the lease is freed", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  const options = { client: server.client(), namespace: "n", name: "test", identity: "a", clock };
  const environment = { random: seededRandom(1), log: silentLogger };
  const failing = runWhileLeading({ ...options, ...environment }, new AbortController().signal, async () => {
    await clock.sleep(5_000, new AbortController().signal);
    throw new Error("work failed");
  });
  const checked = assert.rejects(failing, /work failed/);
  await clock.advance(6_000);
  await checked;
  assert.equal(server.holder, "");
});

test("a candidate that is told to stop while it waits just ends", async () => {
  const clock = new FakeClock(1_000_000);
  const server = new LeaseServer();
  const a = candidate(server, clock, "a");
  await clock.advance(0);
  const b = candidate(server, clock, "b");
  await clock.advance(100);
  b.controller.abort();
  await b.running;
  assert.deepEqual(b.state, { leading: false, outcome: "ended" });
  a.controller.abort();
  await a.running;
});
