import assert from "node:assert/strict";
import { test } from "node:test";
import { BenchSet, wide } from "../testing/bench-set.ts";
import type { Queuing } from "./queue-set.ts";

const queues = (count: number, queueLengthLimit = 50): Queuing => ({
  kind: "queue",
  queues: count,
  handSize: 1,
  queueLengthLimit,
});

test("requests run while there are seats, then wait, and start in the order in which they came", () => {
  const bench = new BenchSet(queues(1), 2);
  const [a, b, c, d] = [bench.arrive(), bench.arrive(), bench.arrive(), bench.arrive()];
  assert.deepEqual([a.arrival, b.arrival, c.arrival, d.arrival], ["running", "running", "waiting", "waiting"]);
  let started = 0;
  c.ticket.onStart = () => (started += 1);
  bench.finish(b.ticket);
  assert.deepEqual([c.ticket.state, d.ticket.state, started], ["running", "waiting", 1]);
  bench.finish(a.ticket);
  bench.finish(c.ticket);
  bench.finish(d.ticket);
  assert.deepEqual([bench.set.idle, bench.set.seatsInUse, bench.set.seatsWaiting], [true, 0, 0]);
  assert.deepEqual([bench.stats.dispatched, bench.stats.idle], [4, true]);
});

test("a queue that is full takes nobody, others do", () => {
  const bench = new BenchSet(queues(2, 1), 1);
  bench.arrive([0]);
  assert.deepEqual(
    [bench.arrive([0]).arrival, bench.arrive([0]).arrival, bench.arrive([1]).arrival],
    ["waiting", "queue-full", "waiting"],
  );
});

test("of its hand a request takes the queue with the least work waiting", () => {
  const bench = new BenchSet(queues(3), 1);
  bench.arrive([0]);
  bench.arrive([0]);
  bench.arrive([1], wide(3));
  const { ticket } = bench.arrive([0, 1, 2]);
  assert.equal(ticket.queue?.index, 2);
});

test("a level without queues refuses what it has no seats for", () => {
  const bench = new BenchSet({ kind: "reject" }, 2);
  const { ticket } = bench.arrive();
  assert.equal(bench.arrive([0], wide(2)).arrival, "concurrency-limit");
  assert.equal(bench.arrive().arrival, "running");
  assert.equal(bench.arrive().arrival, "concurrency-limit");
  bench.finish(ticket);
  assert.equal(bench.arrive().arrival, "running");
});

test("an exempt level lets everybody in", () => {
  const bench = new BenchSet({ kind: "exempt" }, 0);
  for (let count = 0; count < 1000; count += 1) assert.equal(bench.arrive([0], wide(5)).arrival, "running");
  assert.equal(bench.set.seatsInUse, 5000);
});

test("a level without seats keeps its requests waiting until it has some", () => {
  const bench = new BenchSet(queues(1), 0);
  const { ticket, arrival } = bench.arrive();
  assert.equal(arrival, "waiting");
  bench.set.configure(queues(1), 1, 0);
  assert.equal(ticket.state, "running");
});

test("a request wider than the level runs when nothing else does, and others wait for it", () => {
  const bench = new BenchSet(queues(2), 3);
  const narrow = bench.arrive([0]);
  const wider = bench.arrive([1], wide(5));
  const after = bench.arrive([1]);
  assert.deepEqual([wider.arrival, after.arrival, bench.stats.noAccommodation > 0], ["waiting", "waiting", true]);
  bench.finish(narrow.ticket);
  assert.deepEqual([wider.ticket.state, after.ticket.state, bench.set.seatsInUse], ["running", "waiting", 5]);
  bench.finish(wider.ticket);
  assert.equal(after.ticket.state, "running");
});

test("whoever leaves makes room in the queue, and for those behind", () => {
  const bench = new BenchSet(queues(2), 3);
  bench.arrive([0], wide(2));
  const wider = bench.arrive([0], wide(3));
  const behind = bench.arrive([0]);
  assert.equal(behind.arrival, "waiting");
  bench.leave(wider.ticket);
  assert.deepEqual([wider.ticket.state, behind.ticket.state], ["done", "running"]);
  assert.equal(bench.set.waiting, 0);
});

test("final seats stay taken until they are released, and are never more than the level has", () => {
  const bench = new BenchSet(queues(1), 4);
  const { ticket } = bench.arrive([0], { initialSeats: 1, finalSeats: 10, finalMs: 5 });
  assert.deepEqual(ticket.work, { initialSeats: 1, finalSeats: 4, finalMs: 12.5 });
  bench.nowMs = 100;
  bench.finish(ticket);
  const next = bench.arrive();
  assert.deepEqual([bench.set.executing, bench.set.seatsInUse, next.arrival], [0, 4, "waiting"]);
  bench.set.release(ticket, 110);
  assert.deepEqual([next.ticket.state, bench.set.seatsInUse], ["running", 1]);
});

test("requests in queues that are no longer dealt run, too", () => {
  const bench = new BenchSet(queues(8), 1);
  const { ticket } = bench.arrive([0]);
  const { ticket: far } = bench.arrive([7]);
  bench.set.configure(queues(2), 1, 0);
  bench.finish(ticket);
  assert.equal(far.state, "running");
});

test("a flow that comes late is served before one that has had more than its share", () => {
  const bench = new BenchSet(queues(2), 1);
  const first = bench.arrive([0]).ticket;
  const greedy = [bench.arrive([0]).ticket, bench.arrive([0]).ticket];
  bench.nowMs = 1000;
  const late = bench.arrive([1]).ticket;
  bench.finish(first);
  assert.deepEqual([late.state, greedy[0]?.state, greedy[1]?.state], ["running", "waiting", "waiting"]);
});
