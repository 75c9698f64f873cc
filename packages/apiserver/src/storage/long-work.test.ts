import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LongWork } from "./long-work.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("LongWork", () => {
  it("is due when its slice is used up, until it has paused", async () => {
    const patient = new LongWork(60_000);
    assert.equal(patient.isDue, false);
    for (let steps = 0; steps < 1_000; steps += 1) assert.equal(patient.step(), false);
    const work = new LongWork(0);
    const answers = Array.from({ length: 40 }, () => work.step());
    assert.equal(answers[0], false, "the clock is not looked at in each step");
    assert.equal(answers.at(-1), true);
    assert.equal(work.isDue, true);
    await work.pause();
    assert.equal(work.step(), false);
  });

  it("goes on one at a time, each in a turn of its own", async () => {
    const order: string[] = [];
    const done = ["a", "b", "c"].map(async (name) => {
      await new LongWork().pause();
      order.push(name);
    });
    const turns = (async () => {
      while (order.filter((word) => word !== "turn").length < 3) {
        await turn();
        order.push("turn");
      }
    })();
    await Promise.all([...done, turns]);
    const names = order.filter((word) => word !== "turn");
    assert.deepEqual(names, ["a", "b", "c"]);
    assert.ok(
      order.indexOf("turn") < order.indexOf("b") && order.lastIndexOf("turn") > order.indexOf("c"),
      order.join(),
    );
    assert.ok(order.slice(order.indexOf("b"), order.indexOf("c")).includes("turn"), order.join());
  });

  it("rejects with the signal's reason", async () => {
    const reason = new Error("no longer needed");
    await assert.rejects(new LongWork().pause(AbortSignal.abort(reason)), reason);
    await new LongWork().pause();
  });
});
