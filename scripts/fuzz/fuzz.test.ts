import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { seededRandom } from "@kube-ts/std/random";
import { propertySettings } from "@kube-ts/std/testing/check-property";
import { type FuzzTarget, accepts, anyOf } from "./fuzz-target.ts";
import { Mutator } from "./mutate.ts";
import { FuzzViolation, inputLimits, runTarget } from "./run-target.ts";
import { fuzzTargets } from "./targets.ts";

const { runs, seed = Math.floor(Math.random() * 2 ** 31) } = propertySettings();

suite("decoders of what strangers send read it or refuse it, soon and at little cost", async () => {
  for (const target of await fuzzTargets()) {
    test(`${target.name} (seed ${seed})`, async () => {
      const count = Math.ceil(3 * runs * Math.min(1, target.share ?? 1));
      const { accepted } = await runTarget(target, { count, seed, limits: inputLimits });
      assert.ok(accepted < count, "everything was accepted");
    });

    test(`${target.name} reads what is right`, async () => {
      const outcomes = await Promise.all(target.seeds.map(async (each) => target.decode(Buffer.from(each))));
      assert.ok(outcomes.includes(true), "no seed is accepted");
    });
  }
});

suite("a violation", () => {
  const target = (decode: FuzzTarget["decode"]): FuzzTarget => ({
    name: "sample",
    stage: "before authorization",
    seeds: ["abc"],
    words: [],
    maxBytes: 64,
    decode,
  });
  const run = (decode: FuzzTarget["decode"], limits = inputLimits) =>
    runTarget(target(decode), { count: 50, seed: 1, limits });
  const violation = (message: RegExp) => (error: unknown) =>
    error instanceof FuzzViolation && error.target === "sample" && message.test(error.message);

  test("is an error that is no refusal", async () => {
    const decode = (input: Buffer) => {
      if (input.length > 5) throw new RangeError("too long");
      return true;
    };
    await assert.rejects(run(decode), violation(/^sample: threw RangeError: too long$/));
    assert.equal((await run((input) => accepts(anyOf(RangeError), () => decode(input)))).inputs, 50);
  });

  test("is an input that takes too long each time", async () => {
    const decode = () => {
      const end = performance.now() + 20;
      while (performance.now() < end);
      return true;
    };
    await assert.rejects(
      run(decode, { ...inputLimits, timeMs: 5 }),
      violation(/^sample: took \d+ ms, the limit is 5$/),
    );
  });

  test("is an input that takes too much memory", async () => {
    const held: Buffer[] = [];
    const decode = () => held.push(Buffer.alloc(4 * 1024 * 1024, 1)) > 0;
    await assert.rejects(
      run(decode, { ...inputLimits, memoryBytes: 1024 * 1024 }),
      violation(/bytes, the limit is 1048576$/),
    );
  });

  test("is a field that every object has from then on", async () => {
    const prototype = Object.prototype as unknown as Record<string, unknown>;
    const decode = () => {
      prototype["polluted"] = true;
      return true;
    };
    try {
      await assert.rejects(run(decode), violation(/every object has a field polluted$/));
    } finally {
      delete prototype["polluted"];
    }
  });
});

suite("inputs", () => {
  test("are the same for the same seed, and no longer than they may be", () => {
    const sample = { seeds: ['{"a":[1,"b"]}', Buffer.from([0, 1, 2])], words: ["word"], maxBytes: 100 };
    const inputs = (start: number) => {
      const mutator = new Mutator(sample, seededRandom(start));
      return Array.from({ length: 200 }, () => mutator.next());
    };
    assert.deepEqual(inputs(5), inputs(5));
    assert.notDeepEqual(inputs(5), inputs(6));
    assert.ok(inputs(7).every(({ length }) => length <= 100));
    assert.ok(new Set(inputs(8).map((input) => input.toString("hex"))).size > 150);
  });
});
