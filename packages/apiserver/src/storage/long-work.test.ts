import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LongWork, timeInTurn } from "./long-work.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

function hold(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** In which order work was done that began at once; `turn` for each turn of the event loop meanwhile. */
async function orderOf(names: readonly string[], work: (name: string) => Promise<void> | void): Promise<string> {
  const order: string[] = [];
  const isDone = () => names.every((name) => order.includes(name));
  const done = names.map(async (name) => {
    await work(name);
    order.push(name);
  });
  const turns = async () => {
    while (!isDone()) {
      await turn();
      order.push("turn");
    }
  };
  await Promise.all([...done, turns()]);
  return `${order.join(" ")} `;
}

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

  it("goes on one at a time, in a turn of its own when it takes long", async () => {
    const order = await orderOf(["a", "b", "c"], async () => {
      await new LongWork().pause();
      hold(10);
    });
    assert.match(order, /^(turn )*a (turn )+b (turn )+c (turn )*$/);
  });

  it("shares a turn with others when all of them are short", async () => {
    const order = await orderOf(["a", "b", "c"], () => new LongWork().pause());
    assert.match(order, /a b c/);
  });

  it("rejects with the signal's reason", async () => {
    const reason = new Error("no longer needed");
    await assert.rejects(new LongWork().pause(AbortSignal.abort(reason)), reason);
    await new LongWork().pause();
  });
});

describe("timeInTurn", () => {
  const { signal } = new AbortController();

  it("lets what comes at once begin as long as the turn is short", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `n${index}`);
    const order = await orderOf(names, async (name) => {
      await timeInTurn(signal);
      if (Number(name.slice(1)) % 10 === 9) hold(6);
    });
    assert.deepEqual(
      order.split(" ").filter((word) => word.startsWith("n")),
      names,
    );
    assert.ok(order.split("turn").length > 10, order);
    assert.ok(
      order.split(/(?:turn )+/).every((part) => part.split(" ").length <= 22),
      order,
    );
  });

  it("does not keep one alone waiting", async () => {
    await turn();
    assert.equal(timeInTurn(signal), undefined);
    await turn();
    assert.equal(timeInTurn(signal), undefined);
  });

  it("rejects with the signal's reason where one has to wait", async () => {
    const reason = new Error("gone");
    await turn();
    assert.equal(timeInTurn(signal), undefined);
    await assert.rejects(timeInTurn(AbortSignal.abort(reason)) ?? Promise.resolve(), reason);
  });
});
