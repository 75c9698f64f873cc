import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedQueue } from "./bounded-queue.ts";

const never = new AbortController().signal;

test("items come out in order, and a full queue takes no more", async () => {
  const queue = new BoundedQueue<number>(3);
  assert.deepEqual(
    [1, 2, 3, 4].map((item) => queue.push(item)),
    [true, true, true, false],
  );
  assert.equal(await queue.shift(never), 1);
  assert.equal(queue.push(5), true);
  assert.deepEqual(queue.drain(), [2, 3, 5]);
  assert.equal(queue.size, 0);
});

test("a consumer waits for an item, for the end, or for its signal", async () => {
  const queue = new BoundedQueue<number>(3);
  const waiting = queue.shift(never);
  queue.push(1);
  assert.equal(await waiting, 1);
  const controller = new AbortController();
  const aborted = queue.shift(controller.signal);
  controller.abort(new Error("over"));
  await assert.rejects(aborted, /over/);
  queue.push(2);
  const last = queue.shift(never);
  queue.close();
  assert.equal(await last, 2);
  assert.equal(await queue.shift(never), undefined);
  assert.equal(queue.push(3), false);
});

test("a long run keeps order and size", async () => {
  const queue = new BoundedQueue<number>(10_000);
  let next = 0;
  let expected = 0;
  for (let round = 0; round < 5_000; round += 1) {
    queue.push(next++);
    queue.push(next++);
    assert.equal(await queue.shift(never), expected++);
  }
  assert.equal(queue.size, 5_000);
});
