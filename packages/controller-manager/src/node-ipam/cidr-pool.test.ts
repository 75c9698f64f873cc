import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CidrPool } from "./cidr-pool.ts";

describe("a pool of ranges", () => {
  test("hands its parts out in order, each once", () => {
    const pool = new CidrPool("10.244.0.0/22", 24);
    assert.deepEqual(
      Array.from({ length: 5 }, () => pool.take()),
      ["10.244.0.0/24", "10.244.1.0/24", "10.244.2.0/24", "10.244.3.0/24", undefined],
    );
  });
  test("leaves out what is taken and uses again what comes back", () => {
    const pool = new CidrPool("10.244.0.0/23", 24);
    pool.occupy("10.244.0.0/24");
    pool.occupy("10.99.0.0/24");
    pool.occupy("10.244.1.0/25");
    pool.occupy("nonsense");
    assert.equal(pool.take(), "10.244.1.0/24");
    assert.equal(pool.take(), undefined);
    pool.release("10.244.0.0/24");
    assert.equal(pool.take(), "10.244.0.0/24");
  });
  test("prefers parts that have rested for long", () => {
    const pool = new CidrPool("10.244.0.0/22", 24);
    pool.release(pool.take() ?? "");
    assert.equal(pool.take(), "10.244.1.0/24");
  });
  const exclusions: [string, (string | undefined)[]][] = [
    ["10.244.1.128/25", ["10.244.0.0/24", "10.244.2.0/24", "10.244.3.0/24", undefined]],
    ["10.244.2.0/23", ["10.244.0.0/24", "10.244.1.0/24", undefined]],
    ["10.0.0.0/8", [undefined]],
    ["10.96.0.0/16", ["10.244.0.0/24"]],
    ["fd00::/64", ["10.244.0.0/24"]],
  ];
  for (const [range, expected] of exclusions) {
    test(`leaves out what overlaps ${range}`, () => {
      const pool = new CidrPool("10.244.0.0/22", 24);
      pool.exclude(range);
      assert.deepEqual(
        expected.map(() => pool.take()),
        expected,
      );
    });
  }
  test("splits IPv6 ranges", () => {
    const pool = new CidrPool("fd00:10::/56", 64);
    assert.deepEqual([pool.take(), pool.take()], ["fd00:10::/64", "fd00:10:0:1::/64"]);
  });
  test("refuses what cannot be split", () => {
    assert.throws(() => new CidrPool("10.244.0.0/24", 16), /wider than the cluster range/);
    assert.throws(() => new CidrPool("10.244.0.0", 24), /invalid CIDR address/);
  });
});
