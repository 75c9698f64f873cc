import assert from "node:assert/strict";
import { test } from "node:test";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import fc from "fast-check";
import { BenchSet } from "../testing/bench-set.ts";
import type { Ticket } from "./ticket.ts";

const queueCount = 8;
const handOf = fc.uniqueArray(fc.nat(queueCount - 1), { minLength: 2, maxLength: 3 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("arrive" as const),
      hand: handOf,
      seats: fc.integer({ min: 1, max: 6 }),
      finalSeats: fc.nat(8),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("finish" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("limit" as const), limit: fc.nat(12) }) },
);

test("seats are never exceeded, nothing is lost, and what waits runs in the end", () => {
  const property = fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 200 }), (limit, steps) => {
    const queuing = { kind: "queue", queues: queueCount, handSize: 3, queueLengthLimit: 5 } as const;
    const bench = new BenchSet(queuing, limit);
    const tickets: Ticket[] = [];
    const within = (state: Ticket["state"]) => tickets.filter((ticket) => ticket.state === state);
    const check = (lowered: boolean) => {
      const running = within("running");
      const held = [...running, ...within("lingering")].reduce((sum, { seats }) => sum + seats, 0);
      assert.equal(bench.set.seatsInUse, held);
      assert.equal(bench.set.executing, running.length);
      assert.equal(bench.set.waiting, within("waiting").length);
      // One request wider than the limit may run, but then alone; a limit that was lowered takes no seats away.
      if (!lowered && held > bench.set.limit) assert.ok(running.length === 1 || bench.set.limit === 0);
      for (const { waiting } of bench.set.queues.values()) assert.ok(waiting.size <= 5);
    };
    let lowered = false;
    for (const action of steps) {
      bench.nowMs += 3;
      if (action.kind === "arrive") {
        const { seats: initialSeats, finalSeats } = action;
        const work = { initialSeats, finalSeats, finalMs: finalSeats > 0 ? 5 : 0 };
        const before = bench.set.seatsInUse;
        const { ticket, arrival } = bench.arrive(action.hand, work);
        tickets.push(ticket);
        if (arrival === "running" && before > 0 && !lowered && initialSeats <= bench.set.limit) {
          assert.ok(before + ticket.seats <= bench.set.limit);
        }
      } else if (action.kind === "limit") {
        lowered ||= action.limit < bench.set.seatsInUse;
        bench.set.configure(queuing, action.limit, bench.nowMs);
      } else {
        const state = action.kind === "finish" ? "running" : "waiting";
        const candidates = within(state);
        const ticket = candidates[action.which % Math.max(1, candidates.length)];
        if (!ticket) continue;
        if (action.kind === "leave") bench.leave(ticket);
        else {
          bench.finish(ticket);
          if (ticket.work.finalMs > 0) bench.set.release(ticket, bench.nowMs);
        }
      }
      if (bench.set.seatsInUse <= bench.set.limit) lowered = false;
      check(lowered);
    }
    bench.set.configure(queuing, 1, bench.nowMs);
    for (let rounds = 0; bench.set.waiting > 0 || bench.set.executing > 0; rounds += 1) {
      assert.ok(rounds <= tickets.length, "requests starve");
      bench.nowMs += 3;
      const [ticket] = within("running");
      assert.ok(ticket, "requests wait although none runs");
      bench.finish(ticket);
      if (ticket.work.finalMs > 0) bench.set.release(ticket, bench.nowMs);
    }
    assert.deepEqual([bench.set.seatsInUse, bench.set.seatsWaiting, bench.stats.idle], [0, 0, true]);
  });
  checkProperty(property);
});

/** Clients of a flow that each send the next request when the last is answered. */
interface Flow {
  readonly queue: number;
  readonly clients: number;
  readonly serviceMs: number;
  readonly seats: number;
}

/** Seat-milliseconds that each flow gets. */
function served(flows: readonly Flow[], limit: number, forMs: number): number[] {
  const queuing = { kind: "queue", queues: queueCount, handSize: 1, queueLengthLimit: 1000 } as const;
  const bench = new BenchSet(queuing, limit);
  const sums = flows.map(() => 0);
  const outstanding: { readonly ticket: Ticket; readonly flow: number }[] = [];
  const send = (index: number) => {
    const { queue, seats } = flows[index] as Flow;
    const { ticket } = bench.arrive([queue], { initialSeats: seats, finalSeats: 0, finalMs: 0 });
    outstanding.push({ ticket, flow: index });
  };
  for (const [index, { clients }] of flows.entries()) for (let count = 0; count < clients; count += 1) send(index);
  for (; bench.nowMs < forMs; bench.nowMs += 1) {
    for (const entry of outstanding.slice()) {
      const { serviceMs, seats } = flows[entry.flow] as Flow;
      if (entry.ticket.state !== "running" || bench.nowMs - entry.ticket.startedMs < serviceMs) continue;
      outstanding.splice(outstanding.indexOf(entry), 1);
      sums[entry.flow] = (sums[entry.flow] ?? 0) + serviceMs * seats;
      bench.finish(entry.ticket);
      send(entry.flow);
    }
  }
  return sums;
}

test("flows with unequal loads get about equal numbers of seats, whatever their requests are like", () => {
  const flow = (queue: number) =>
    fc.record({
      queue: fc.constant(queue),
      clients: fc.integer({ min: 24, max: 60 }),
      serviceMs: fc.integer({ min: 2, max: 20 }),
      seats: fc.integer({ min: 1, max: 2 }),
    });
  const property = fc.property(flow(1), flow(4), fc.integer({ min: 8, max: 20 }), (one, other, limit) => {
    const forMs = 2000;
    const [a = 0, b = 0] = served([one, other], limit, forMs);
    const even = (a + b) / 2;
    // Seats are few, and a request that needs two waits for two.
    assert.ok(Math.abs(a - b) < even * 0.25, `${a} and ${b} seat-milliseconds`);
    assert.ok(a + b > forMs * limit * 0.6, `${a + b} of ${forMs * limit} seat-milliseconds`);
  });
  checkProperty(property, { share: 0.1 });
});

test("a flow that asks for less than its share gets all it asks for", () => {
  const modest = { queue: 0, clients: 1, serviceMs: 5, seats: 1 };
  const flood = { queue: 3, clients: 100, serviceMs: 5, seats: 1 };
  const [alone = 0] = served([modest], 4, 2000);
  const [crowded = 0] = served([modest, flood], 4, 2000);
  // It waits for one request of the others to end at most.
  assert.ok(crowded >= alone / 2, `${crowded} of ${alone} seat-milliseconds`);
});
