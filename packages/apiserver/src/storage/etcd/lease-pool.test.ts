import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { LeasePool } from "./lease-pool.ts";

function pool() {
  const clock = new FakeClock();
  const granted: number[] = [];
  const leases = new LeasePool((ttlSeconds) => {
    granted.push(ttlSeconds);
    return Promise.resolve(BigInt(granted.length));
  }, clock);
  return { clock, granted, leases };
}

describe("LeasePool", () => {
  it("shares a lease for a twentieth of its life, and makes it live that much longer", async () => {
    const { clock, granted, leases } = pool();
    assert.equal(await leases.lease(600), 1n);
    await clock.advance(29_000);
    assert.equal(await leases.lease(600), 1n);
    await clock.advance(2_000);
    assert.equal(await leases.lease(600), 2n);
    assert.equal(await leases.lease(3_600), 3n);
    assert.deepEqual(granted, [630, 630, 3_660]);
  });

  it("does not share short lives", async () => {
    const { granted, leases } = pool();
    await leases.lease(5);
    await leases.lease(5);
    assert.deepEqual(granted, [5, 5]);
  });

  it("bounds the keys of a lease", async () => {
    const { leases } = pool();
    const ids = await Promise.all(Array.from({ length: 1_001 }, () => leases.lease(600)));
    assert.deepEqual([...new Set(ids)], [1n, 2n]);
    assert.equal(ids.filter((id) => id === 1n).length, 1_000);
  });

  it("forgets a lease that is gone or was not granted", async () => {
    const { leases } = pool();
    await leases.lease(600);
    leases.drop(600);
    assert.equal(await leases.lease(600), 2n);
    let fails = true;
    const flaky = new LeasePool(() => (fails ? Promise.reject(new Error("no")) : Promise.resolve(7n)), new FakeClock());
    await assert.rejects(flaky.lease(600));
    fails = false;
    assert.equal(await flaky.lease(600), 7n);
  });
});
