import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FlowSchema, PriorityLevelConfiguration } from "@kube-ts/api/flowcontrol/v1";
import { flowSchemas, priorityLevelConfigurations } from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import type { UserInfo } from "../auth/user.ts";
import { type RequestInfo, parseRequestInfo } from "../endpoints/request-info.ts";
import { mandatoryFlowSchemas, mandatoryPriorityLevels } from "../registry/flowcontrol/default-objects.ts";
import { dumpLevels, dumpQueues, dumpRequests } from "./debug-dumps.ts";
import { Ticket } from "./fair-queuing/ticket.ts";
import { readFlowConfig } from "./flow-config.ts";
import { FlowConfigController } from "./flow-config-controller.ts";
import { FlowControl } from "./flow-control.ts";
import { registerFlowMetrics } from "./metrics/flow-metrics.ts";
import { Overload } from "./overload.ts";

const user = (name: string, ...groups: string[]): UserInfo => ({
  name,
  uid: "",
  groups: [...groups, "system:authenticated"],
  extra: {},
});
const alice = user("alice");
const admin = user("admin", "system:masters");
const { signal } = new AbortController();
const getPod = parseRequestInfo("GET", "/api/v1/namespaces/default/pods/a");

function level(name: string, shares: number, queueLengthLimit = 2): PriorityLevelConfiguration {
  const limitResponse = { type: "Queue" as const, queuing: { queues: 4, handSize: 1, queueLengthLimit } };
  return {
    metadata: { name, uid: `uid-of-${name}` },
    spec: { type: "Limited", limited: { nominalConcurrencyShares: shares, borrowingLimitPercent: 0, limitResponse } },
  };
}

function schema(name: string, levelName: string, userName: string): FlowSchema {
  const everything = { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] };
  return {
    metadata: { name, uid: `uid-of-${name}` },
    spec: {
      matchingPrecedence: 1000,
      priorityLevelConfiguration: { name: levelName },
      distinguisherMethod: { type: "ByUser" },
      rules: [{ subjects: [{ kind: "User", user: { name: userName } }], resourceRules: [everything] }],
    },
  };
}

/** The way of short requests, which always have tickets. */
function letIn(flow: FlowControl, who: UserInfo, info: RequestInfo, until: AbortSignal, timeoutMs: number) {
  return flow.enter(who, info, until, timeoutMs) as Ticket | Promise<Ticket>;
}

/** Alice has two seats; the catch-all level has the rest of seven. */
function bench() {
  const clock = new FakeClock(1_000_000);
  const flow = new FlowControl({
    seats: 7,
    requestTimeoutMs: 60_000,
    sizeOf: () => undefined,
    clock,
    log: silentLogger,
  });
  flow.configure(readFlowConfig([level("small", 2)], [schema("alices", "small", "alice")]));
  const enter = (who: UserInfo, info = getPod, timeoutMs = 60_000, until = signal) =>
    letIn(flow, who, info, until, timeoutMs);
  const running = (...args: Parameters<typeof enter>): Ticket => {
    const entered = enter(...args);
    assert.ok(entered instanceof Ticket);
    return entered;
  };
  return { clock, flow, enter, running };
}

describe("priority and fairness", () => {
  test("lets requests in at once while there are seats, and tells how they were classified", () => {
    const { running } = bench();
    assert.deepEqual(running(alice).headers, {
      "X-Kubernetes-PF-FlowSchema-UID": "uid-of-alices",
      "X-Kubernetes-PF-PriorityLevel-UID": "uid-of-small",
    });
  });

  test("lets others wait, one after the other", async () => {
    const { enter, running } = bench();
    const [first, second] = [running(alice), running(alice)];
    const waiting = [enter(alice), enter(alice)];
    assert.ok(waiting.every((entered) => entered instanceof Promise));
    first[Symbol.dispose]();
    const third = await waiting[0];
    second[Symbol.dispose]();
    const fourth = await waiting[1];
    assert.deepEqual([third?.state, fourth?.state], ["running", "running"]);
  });

  test("refuses more than fit into the queue, with what the client needs to know", () => {
    const { enter, running } = bench();
    running(alice);
    running(alice);
    for (let count = 0; count < 2; count += 1) void enter(alice);
    assert.throws(
      () => enter(alice),
      (error) => {
        assert.ok(error instanceof Overload);
        assert.equal(error.message, "Too many requests, please try again later.");
        assert.deepEqual([error.retryAfterSeconds, Object.keys(error.headers).length], [1, 2]);
        return true;
      },
    );
    assert.equal(running(user("bob")).flow.schema, "catch-all");
  });

  test("a level without queues refuses at once", () => {
    const { enter, running } = bench();
    const bob = user("bob");
    for (let count = 0; count < 5; count += 1) running(bob);
    assert.throws(() => enter(bob), Overload);
  });

  test("nobody waits longer than a quarter of the time that the request has, nor than a minute", async () => {
    const { clock, enter, running, flow } = bench();
    running(alice);
    running(alice);
    const outcomes: string[] = [];
    const follow = (name: string, entered: Ticket | Promise<Ticket>) =>
      void Promise.resolve(entered).catch((error: unknown) =>
        outcomes.push(`${name} ${String(error instanceof Overload)}`),
      );
    follow("short", enter(alice, getPod, 8_000));
    follow("long", enter(alice, getPod, 1_000_000));
    await clock.advance(1_999);
    assert.deepEqual(outcomes, []);
    await clock.advance(1);
    assert.deepEqual(outcomes, ["short true"]);
    await clock.advance(58_000);
    assert.deepEqual(outcomes, ["short true", "long true"]);
    const small = flow.levels.find(({ name }) => name === "small");
    assert.deepEqual([small?.timedOut, small?.rejected, small?.queues.waiting, clock.pendingTimers], [2, 2, 0, 0]);
  });

  test("a client that goes leaves its queue", async () => {
    const { enter, running, flow, clock } = bench();
    running(alice);
    running(alice);
    const client = new AbortController();
    const entered = enter(alice, getPod, 60_000, client.signal);
    client.abort(new Error("gone"));
    await assert.rejects(Promise.resolve(entered), /gone/);
    const small = flow.levels.find(({ name }) => name === "small");
    assert.deepEqual([small?.cancelled, small?.queues.waiting, clock.pendingTimers], [1, 0, 0]);
    await assert.rejects(Promise.resolve(enter(alice, getPod, 60_000, client.signal)), /gone/);
  });

  test("the exempt level never lets anybody wait", () => {
    const { running } = bench();
    for (let count = 0; count < 500; count += 1) running(admin);
  });

  test("flows of one schema do not stand in each other's way", async () => {
    const clock = new FakeClock();
    const flow = new FlowControl({
      seats: 60,
      requestTimeoutMs: 60_000,
      sizeOf: () => undefined,
      clock,
      log: silentLogger,
    });
    const everyone = schema("all", "small", "*");
    flow.configure(readFlowConfig([level("small", 5, 20)], [everyone]));
    const users = Array.from({ length: 40 }, (_, index) => user(`u${index}`));
    for (const flooder of users.slice(0, 1)) {
      for (let count = 0; count < 50; count += 1) void letIn(flow, flooder, getPod, signal, 60_000);
      assert.throws(() => letIn(flow, flooder, getPod, signal, 60_000), Overload);
    }
    const entered = users.slice(1).map(async (other) => letIn(flow, other, getPod, signal, 60_000));
    void Promise.allSettled(entered);
    const small = flow.levels.find(({ name }) => name === "small");
    const ours = new Set(users.slice(1).map(({ name }) => name));
    let oursRunning = 0;
    for (let served = 0; served < 60; served += 1) {
      const [next] = [...(small?.queues.runningTickets ?? [])];
      if (next && ours.has(next.distinguisher)) oursRunning += 1;
      await clock.advance(1);
      next?.[Symbol.dispose]();
    }
    // One of the four queues has the flood in it; the others get three quarters of what is served.
    assert.ok(oursRunning >= 15, `${oursRunning} of 30`);
  });

  test("a changed configuration counts at once, for those who wait, too", async () => {
    const { enter, running, flow } = bench();
    running(alice);
    running(alice);
    const waiting = enter(alice);
    flow.configure(readFlowConfig([level("small", 100)], [schema("alices", "small", "alice")]));
    assert.equal((await waiting).state, "running");
    flow.configure(readFlowConfig([level("small", 100)], []));
    assert.equal(running(alice).flow.level, "catch-all");
  });

  test("a level that is gone stays until nothing runs there", async () => {
    const { enter, running, flow } = bench();
    const tickets = [running(alice), running(alice)];
    const waiting = enter(alice);
    flow.configure(readFlowConfig([], []));
    const names = () => flow.levels.map(({ name, quiescing }) => `${name}${quiescing ? " quiescing" : ""}`);
    assert.deepEqual(names(), ["catch-all", "exempt", "small quiescing"]);
    for (const ticket of tickets) ticket[Symbol.dispose]();
    (await waiting)[Symbol.dispose]();
    assert.deepEqual(names(), ["catch-all", "exempt"]);
  });

  test("unused seats are lent, and come back when their level needs them", async () => {
    const clock = new FakeClock();
    const flow = new FlowControl({
      seats: 100,
      requestTimeoutMs: 60_000,
      sizeOf: () => undefined,
      clock,
      log: silentLogger,
    });
    const lender = level("lender", 45, 100);
    const borrower = level("borrower", 50, 100);
    if (lender.spec.limited) lender.spec.limited.lendablePercent = 80;
    if (borrower.spec.limited) delete borrower.spec.limited.borrowingLimitPercent;
    flow.configure(
      readFlowConfig([lender, borrower], [schema("bobs", "borrower", "bob"), schema("carols", "lender", "carol")]),
    );
    const seats = () => Object.fromEntries(flow.levels.map(({ name, queues }) => [name, queues.limit]));
    const tickets = Array.from({ length: 90 }, () => letIn(flow, user("bob"), getPod, signal, 240_000));
    assert.ok(tickets.some((entered) => entered instanceof Promise));
    await clock.advance(10_000);
    flow.adjust();
    assert.deepEqual([seats()["borrower"], seats()["lender"]], [86, 9]);
    for (let count = 0; count < 9; count += 1) void letIn(flow, user("carol"), getPod, signal, 240_000);
    for (let count = 0; count < 8; count += 1) void letIn(flow, user("carol"), getPod, signal, 240_000);
    await clock.advance(10_000);
    flow.adjust();
    assert.ok((seats()["lender"] ?? 0) >= 15, JSON.stringify(seats()));
  });

  test("writes hold their final seats a little longer than their clients wait", async () => {
    const { clock, flow, running } = bench();
    const watch = parseRequestInfo("GET", "/api/v1/pods?watch=1");
    assert.ok(watch.kind === "resource");
    for (let count = 0; count < 40; count += 1) flow.registerWatch(watch);
    const write = running(alice, parseRequestInfo("PUT", "/api/v1/namespaces/default/pods/a"));
    write[Symbol.dispose]();
    write[Symbol.dispose]();
    const small = flow.levels.find(({ name }) => name === "small");
    assert.deepEqual([small?.queues.executing, small?.queues.seatsInUse], [0, 1]);
    await clock.advance(1_000);
    assert.deepEqual([small?.queues.seatsInUse, clock.pendingTimers], [0, 0]);
  });
});

test("the metrics have upstream's names and labels", async () => {
  const { clock, enter, running, flow } = bench();
  const registry = new Registry();
  registerFlowMetrics(flow, clock, registry);
  const first = running(alice);
  running(alice);
  void enter(alice);
  void enter(alice);
  assert.throws(() => enter(alice), Overload);
  running(admin);
  await clock.advance(30);
  first[Symbol.dispose]();
  await clock.advance(20);
  const text = await registry.metrics();
  const labels = 'priority_level="small",flow_schema="alices"';
  for (const line of [
    `apiserver_flowcontrol_rejected_requests_total{${labels},reason="queue-full"} 1`,
    `apiserver_flowcontrol_dispatched_requests_total{${labels}} 3`,
    `apiserver_flowcontrol_current_inqueue_requests{${labels}} 1`,
    `apiserver_flowcontrol_current_inqueue_seats{${labels}} 1`,
    `apiserver_flowcontrol_current_executing_requests{${labels}} 2`,
    `apiserver_flowcontrol_current_executing_seats{${labels}} 2`,
    `apiserver_flowcontrol_request_wait_duration_seconds_count{${labels},execute="true"} 3`,
    `apiserver_flowcontrol_request_wait_duration_seconds_bucket{le="0.02",${labels},execute="true"} 2`,
    `apiserver_flowcontrol_request_wait_duration_seconds_count{${labels},execute="false"} 1`,
    `apiserver_flowcontrol_request_execution_seconds_sum{${labels},type="regular"} 0.03`,
    `apiserver_flowcontrol_request_queue_length_after_enqueue_count{${labels}} 2`,
    `apiserver_flowcontrol_work_estimated_seats_bucket{le="1",${labels}} 5`,
    `apiserver_flowcontrol_nominal_limit_seats{priority_level="small"} 2`,
    `apiserver_flowcontrol_lower_limit_seats{priority_level="small"} 2`,
    `apiserver_flowcontrol_upper_limit_seats{priority_level="small"} 2`,
    `apiserver_flowcontrol_current_limit_seats{priority_level="small"} 2`,
    `apiserver_flowcontrol_priority_level_seat_utilization_bucket{le="1",phase="executing",priority_level="small"} 50000000`,
    `apiserver_flowcontrol_priority_level_seat_utilization_bucket{le="0.99",phase="executing",priority_level="small"} 0`,
    'apiserver_current_inflight_requests{request_kind="readOnly"} 3',
    'apiserver_current_inqueue_requests{request_kind="readOnly"} 1',
    'apiserver_dropped_requests_total{request_kind="readOnly"} 1',
  ]) {
    assert.ok(text.includes(`\n${line}\n`), `${line}\n${text}`);
  }
  for (const name of [
    "demand_seats_smoothed",
    "seat_fair_frac",
    "current_r",
    "read_vs_write_current_requests_bucket",
  ]) {
    assert.ok(text.includes(`apiserver_flowcontrol_${name}`), name);
  }
  await registry.getMetricsAsJSON();
});

test("the dumps are as upstream prints them", () => {
  const { enter, flow } = bench();
  void enter(alice);
  void enter(alice);
  void enter(alice);
  void enter(admin);
  assert.equal(
    dumpLevels(flow.levels),
    [
      "PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests, ExecutingRequests, DispatchedRequests, RejectedRequests, TimedoutRequests, CancelledRequests",
      "catch-all,         0,            true,   false,       0,               0,                 0,                  0,                0,                0",
      "exempt,            0,            false,  false,       0,               1,                 1,                  0,                0,                0",
      "small,             1,            false,  false,       1,               2,                 2,                  0,                0,                0",
      "",
    ].join("\n"),
  );
  const queues = dumpQueues(flow.levels).split("\n");
  assert.equal(
    queues[0],
    "PriorityLevelName, Index,  PendingRequests, ExecutingRequests, SeatsInUse, NextDispatchR, InitialSeatsSum, MaxSeatsSum, TotalWorkSum",
  );
  assert.equal(queues.length, 1 + 4 + 1);
  assert.equal(
    queues.filter((line) => /^small, +\d, +1, +2, +2, +0\.00600000ss, +1, +1, +0\.00300000ss$/.test(line)).length,
    1,
  );
  const requests = dumpRequests(flow.levels, true, -1_000_000).split("\n");
  assert.match(
    requests[0] ?? "",
    /^PriorityLevelName, FlowSchemaName, QueueIndex, RequestIndexInQueue, FlowDistingsher, ArriveTime, +InitialSeats, FinalSeats, AdditionalLatency, StartTime, +UserName, Verb, +APIPath, +Namespace, Name, +APIVersion, Resource, SubResource$/,
  );
  const rows = requests.slice(1, -1).map((line) => line.split(/, */));
  assert.deepEqual(
    rows.map((cells) => [cells[0], cells[1], cells[3], cells[4], cells[9]]),
    [
      ["exempt", "exempt", "-1", "", "1970-01-01T00:00:00Z"],
      ["small", "alices", "0", "alice", "0001-01-01T00:00:00Z"],
      ["small", "alices", "-1", "alice", "1970-01-01T00:00:00Z"],
      ["small", "alices", "-1", "alice", "1970-01-01T00:00:00Z"],
    ],
  );
  assert.deepEqual(rows[1]?.slice(10), [
    "alice",
    "get",
    "/api/v1/namespaces/default/pods/a",
    "default",
    "a",
    "v1",
    "pods",
    "",
  ]);
});

describe("the configuration", () => {
  test("is what is mandatory when there is nothing else", () => {
    const { levels, schemas } = readFlowConfig([], []);
    assert.deepEqual(
      [levels.map(({ name }) => name), schemas.map(({ name }) => name)],
      [
        ["exempt", "catch-all"],
        ["exempt", "catch-all"],
      ],
    );
  });

  test("tries schemas by precedence, then by name", () => {
    const late = schema("a-late", "catch-all", "x");
    late.spec.matchingPrecedence = 9_999;
    const given = [late, schema("b", "catch-all", "x"), schema("a", "catch-all", "x"), ...mandatoryFlowSchemas];
    assert.deepEqual(
      readFlowConfig([...mandatoryPriorityLevels], given).schemas.map(({ name }) => name),
      ["exempt", "a", "b", "a-late", "catch-all"],
    );
  });

  test("leaves out what is broken, and what refers to it", () => {
    const broken = level("broken", 1);
    if (broken.spec.limited) broken.spec.limited.limitResponse = { type: "Queue" };
    const fakeExempt: PriorityLevelConfiguration = { metadata: { name: "free" }, spec: { type: "Exempt", exempt: {} } };
    const config = readFlowConfig([broken, fakeExempt], [schema("a", "broken", "x"), schema("b", "missing", "x")]);
    assert.deepEqual(
      [[...config.broken.keys()], [...config.dangling], config.schemas.length],
      [
        ["broken", "free"],
        [
          ["a", true],
          ["b", true],
        ],
        2,
      ],
    );
  });
});

describe("the controller of the configuration", () => {
  async function withController(check: (parts: ReturnType<typeof make>) => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const parts = make();
    const running = parts.controller.run(stop.signal);
    try {
      await check(parts);
    } finally {
      stop.abort();
      await running.catch(() => undefined);
    }
  }
  function make() {
    const clock = new FakeClock(Date.parse("2026-01-31T12:00:00Z"));
    const objects = new MemoryObjects();
    const flow = new FlowControl({
      seats: 10,
      requestTimeoutMs: 60_000,
      sizeOf: () => undefined,
      clock,
      log: silentLogger,
    });
    const controller = new FlowConfigController({ flow, source: objects, writer: objects, clock, log: silentLogger });
    const condition = (name: string) => objects.get(flowSchemas, "", name)?.status?.conditions?.[0];
    return { clock, objects, flow, controller, condition };
  }

  test("takes changes up at once, and tells which schemas dangle", () =>
    withController(async ({ clock, objects, flow, condition }) => {
      objects.put(flowSchemas, schema("alices", "small", "alice"));
      await clock.advance(0);
      assert.deepEqual(condition("alices"), {
        type: "Dangling",
        status: "True",
        lastTransitionTime: "2026-01-31T12:00:00Z",
        reason: "NotFound",
        message:
          'This FlowSchema references the PriorityLevelConfiguration object named "small" but there is no such object',
      });
      objects.put(priorityLevelConfigurations, level("small", 2));
      await clock.advance(0);
      assert.deepEqual(
        [condition("alices")?.status, condition("alices")?.reason, condition("alices")?.message],
        [
          "False",
          "Found",
          'This FlowSchema references the PriorityLevelConfiguration object named "small" and it exists',
        ],
      );
      const entered = letIn(flow, alice, getPod, signal, 60_000);
      assert.ok(entered instanceof Ticket);
      assert.equal(entered.flow.level, "small");
    }));

  test("does not write for ever what others write otherwise", () =>
    withController(async ({ clock, objects, condition }) => {
      let writes = 0;
      const quarrel = () => {
        const current = objects.get(flowSchemas, "", "alices");
        if (!current || condition("alices")?.reason === "Other") return;
        writes += 1;
        const conditions = [{ type: "Dangling", status: "False" as const, reason: "Other" }];
        objects.put(flowSchemas, { ...current, status: { conditions } });
      };
      objects.put(flowSchemas, schema("alices", "small", "alice"));
      for (let round = 0; round < 40; round += 1) {
        await clock.advance(100);
        quarrel();
      }
      assert.ok(writes <= 6, String(writes));
    }));

  test("lends seats every ten seconds", () =>
    withController(async ({ clock, flow }) => {
      const demand = () => flow.levels.find(({ name }) => name === "catch-all")?.trend.max;
      await clock.advance(0);
      void letIn(flow, alice, getPod, signal, 60_000);
      await clock.advance(9_999);
      assert.equal(demand(), 0);
      await clock.advance(1);
      assert.equal(demand(), 1);
    }));
});
