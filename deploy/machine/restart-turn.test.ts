import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lease } from "@kube-ts/api/coordination/v1";
import { conflict, notFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { TransportError } from "@kube-ts/client/transport-error";
import { FakeClock } from "@kube-ts/std/clock";
import { inTurn } from "./restart-turn.ts";

const resource = { group: "coordination.k8s.io", resource: "leases" };

/** One lease in memory, with the preconditions of a server. */
class LeaseServer {
  lease: Lease | undefined;
  isDown = false;
  #version = 0;

  client(): Client {
    const store = (lease: Lease): Promise<Lease> => {
      this.lease = { ...lease, metadata: { ...lease.metadata, resourceVersion: String((this.#version += 1)) } };
      return Promise.resolve(this.lease);
    };
    const up = () => {
      if (this.isDown) throw new TransportError("nobody answers", "ECONNREFUSED");
    };
    const leases = {
      get: async () => {
        up();
        if (!this.lease) throw notFound(resource, "kube-ts-restarts");
        return Promise.resolve(this.lease);
      },
      create: async (lease: Lease) => {
        up();
        return store(lease);
      },
      update: async (lease: Lease) => {
        up();
        if (lease.metadata.resourceVersion !== this.lease?.metadata.resourceVersion) throw conflict(resource, "");
        return store(lease);
      },
    };
    return { resource: () => leases, [Symbol.asyncDispose]: () => Promise.resolve() } as unknown as Client;
  }
}

function machine(server: LeaseServer, name: string, clock: FakeClock, log: string[]) {
  const options = { clock, warn: (text: string) => void log.push(text) };
  const open = () => Promise.resolve(server.client());
  return (work: () => Promise<void>) => inTurn(open, name, options, new AbortController().signal, work);
}

test("machines restart their daemons one after another", async () => {
  const [server, clock, log] = [new LeaseServer(), new FakeClock(), [] as string[]];
  const finish = Promise.withResolvers<void>();
  const first = machine(
    server,
    "a",
    clock,
    log,
  )(async () => {
    log.push("a begins");
    await finish.promise;
    log.push("a ends");
  });
  await clock.advance(0);
  const second = machine(
    server,
    "b",
    clock,
    log,
  )(() => {
    log.push("b");
    return Promise.resolve();
  });
  await clock.advance(10_000);
  const waiting = "waiting: a has its turn to restart daemons (the Lease kube-system/kube-ts-restarts)";
  assert.deepEqual(log, ["a begins", waiting]);
  finish.resolve();
  await first;
  await clock.advance(5_000);
  await second;
  assert.deepEqual(log, ["a begins", waiting, "a ends", "b"]);
  assert.ok(!server.lease?.spec.holderIdentity);
});

test("a turn ends with work that fails, and with a machine that never says so", async () => {
  const [server, clock, log] = [new LeaseServer(), new FakeClock(), [] as string[]];
  const failing = machine(server, "a", clock, log)(() => Promise.reject(new Error("does not start")));
  await assert.rejects(failing, /does not start/);
  assert.ok(!server.lease?.spec.holderIdentity);
  void machine(server, "a", clock, log)(() => new Promise(() => {}));
  await clock.advance(0);
  const next = machine(server, "b", clock, log)(() => Promise.resolve());
  await clock.advance(16 * 60_000);
  await next;
});

test("where no API server answers nobody waits for a turn", async () => {
  const [server, clock, log] = [new LeaseServer(), new FakeClock(), [] as string[]];
  server.isDown = true;
  const done = machine(
    server,
    "a",
    clock,
    log,
  )(() => {
    log.push("done");
    return Promise.resolve();
  });
  await clock.advance(30_000);
  await done;
  const told = "no API server gives turns to restart daemons, so that none is taken: nobody answers";
  assert.deepEqual(log, [told, "done"]);
});

test("who waits for another's turn does so although no API server answers meanwhile", async () => {
  const [server, clock, log] = [new LeaseServer(), new FakeClock(), [] as string[]];
  const finish = Promise.withResolvers<void>();
  const first = machine(server, "a", clock, log)(() => finish.promise);
  await clock.advance(0);
  const second = machine(
    server,
    "b",
    clock,
    log,
  )(() => {
    log.push("b");
    return Promise.resolve();
  });
  await clock.advance(10_000);
  server.isDown = true;
  await clock.advance(60_000);
  assert.equal(log.includes("b"), false);
  server.isDown = false;
  finish.resolve();
  await first;
  await clock.advance(5_000);
  await second;
  assert.equal(log.at(-1), "b");
});
