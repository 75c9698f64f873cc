import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event, Pod } from "@kube-ts/api/core/v1";
import { alreadyExists, forbidden, internal, notFound, timeout } from "@kube-ts/api/status-error";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { seededRandom } from "@kube-ts/std/random";
import type { Client, ResourceClient } from "./client.ts";
import { ApiEventRecorder } from "./event-recorder.ts";
import { TransportError } from "./transport-error.ts";

function podNamed(name: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "ns", name, uid: `uid-${name}`, resourceVersion: "7" },
    spec: { containers: [] },
  };
}

interface State {
  /** What a write of the event of this name fails with. */
  fail: ((name: string) => Error | undefined) | undefined;
  /** What is said of writes that are done. */
  lose: (() => Error) | undefined;
  writes: number;
}

/** A recorder whose events land in a map by name. */
function start(seed = 1, rate?: { readonly qps: number; readonly burst: number }) {
  const clock = new FakeClock(1_700_000_000_000);
  const registry = new Registry();
  const stored = new Map<string, Event>();
  const state: State = { fail: undefined, lose: undefined, writes: 0 };
  const write = (name: string, stores: () => void) => {
    state.writes += 1;
    const failure = state.fail?.(name);
    if (failure) throw failure;
    stores();
    if (state.lose) throw state.lose();
  };
  const verbs: Pick<ResourceClient<Event>, "create" | "patch"> = {
    create: async (event) => {
      const { name = "" } = event.metadata;
      write(name, () => {
        if (stored.has(name)) throw alreadyExists({ group: "", resource: "events" }, name);
        stored.set(name, event);
      });
      return event;
    },
    patch: async ({ name }, type, patch) => {
      assert.equal(type, "strategic");
      const event = stored.get(name);
      write(name, () => {
        if (!event) throw notFound({ group: "", resource: "events" }, name);
        stored.set(name, { ...event, ...(patch as Partial<Event>) });
      });
      return event as Event;
    },
  };
  const recorder = new ApiEventRecorder({
    client: { resource: () => verbs } as unknown as Client,
    component: "kubelet",
    host: "node-1",
    clock,
    random: seededRandom(seed),
    log: silentLogger,
    registry,
    ...(rate && { rate }),
  });
  const controller = new AbortController();
  const running = recorder.run(controller.signal);
  const stop = async () => {
    controller.abort();
    await running;
  };
  const dropped = async (reason: string) => {
    const metric = await registry.getSingleMetric("event_recorder_dropped_total")?.get();
    return metric?.values.find(({ labels }) => labels["reason"] === reason)?.value ?? 0;
  };
  return { clock, recorder, stored, state, stop, dropped };
}

test("an event carries object, source and times as upstream writes them", async () => {
  const { clock, recorder, stored, stop } = start();
  recorder.event(podNamed("web"), "Normal", "Pulled", "image is there", { action: "Pulling" });
  await clock.advance(0);
  assert.match([...stored.keys()].join(), /^web\.17979cfe36[23][0-9a-f]{5}$/);
  assert.deepEqual(
    [...stored.values()],
    [
      {
        metadata: { name: stored.keys().next().value, namespace: "ns" },
        involvedObject: {
          kind: "Pod",
          namespace: "ns",
          name: "web",
          uid: "uid-web",
          apiVersion: "v1",
          resourceVersion: "7",
        },
        reason: "Pulled",
        message: "image is there",
        source: { component: "kubelet", host: "node-1" },
        firstTimestamp: "2023-11-14T22:13:20Z",
        lastTimestamp: "2023-11-14T22:13:20Z",
        count: 1,
        type: "Normal",
        action: "Pulling",
        reportingComponent: "kubelet",
        reportingInstance: "node-1",
      },
    ],
  );
  await stop();
});

test("an event of a cluster-scoped object goes to the default namespace", async () => {
  const { clock, recorder, stored, stop } = start();
  recorder.event({ kind: "Node", apiVersion: "v1", name: "n1", uid: "n1" }, "Warning", "Full", "disk is full");
  await clock.advance(0);
  assert.deepEqual(
    [...stored.values()].map(({ metadata }) => metadata.namespace),
    ["default"],
  );
  await stop();
});

test("a repeated event raises the count of the one that exists", async () => {
  const { clock, recorder, stored, stop } = start();
  for (let round = 0; round < 3; round += 1) {
    recorder.event(podNamed("web"), "Warning", "BackOff", "restarting");
    await clock.advance(60_000);
  }
  const [event] = stored.values();
  assert.equal(stored.size, 1);
  assert.equal(event?.count, 3);
  assert.equal(event?.firstTimestamp, "2023-11-14T22:13:20Z");
  assert.equal(event?.lastTimestamp, "2023-11-14T22:15:20Z");
  stored.clear();
  recorder.event(podNamed("web"), "Warning", "BackOff", "restarting");
  await clock.advance(0);
  assert.deepEqual(
    [...stored.values()].map(({ count }) => count),
    [4],
    "an expired event is written anew",
  );
  await stop();
});

test("many events that differ in their message only are combined", async () => {
  const { clock, recorder, stored, stop } = start();
  for (let index = 0; index < 15; index += 1) {
    recorder.event(podNamed("web"), "Warning", "Failed", `attempt ${index}`);
    await clock.advance(1_000);
  }
  const messages = [...stored.values()].map(({ message, count }) => `${message} x${count}`);
  assert.equal(messages.length, 10);
  assert.equal(messages.at(-1), "(combined from similar events): attempt 14 x6");
  await stop();
});

test("one object's flood is dropped and counted, another object's event is not", async () => {
  const { clock, recorder, stored, stop, dropped } = start();
  for (let index = 0; index < 40; index += 1) recorder.event(podNamed("web"), "Normal", `Reason${index}`, "x");
  recorder.event(podNamed("other"), "Normal", "Started", "x");
  await clock.advance(0);
  assert.equal(stored.size, 26);
  assert.equal(await dropped("spam"), 15);
  await clock.advance(300_000);
  recorder.event(podNamed("web"), "Normal", "Later", "x");
  await clock.advance(0);
  assert.equal(stored.size, 27);
  await stop();
});

test("components that report of one object at one time do not take each other's names", async () => {
  const names = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const { clock, recorder, stored, stop } = start(seed);
    recorder.event(podNamed("web"), "Normal", "Scheduled", "x");
    await clock.advance(0);
    for (const name of stored.keys()) names.add(name);
    await stop();
  }
  assert.equal(names.size, 20);
});

test("an event whose name is taken gets another one, and repetitions count on that", async () => {
  const { clock, recorder, stored, state, stop, dropped } = start();
  let refused = "";
  state.fail = (name) => {
    if (refused === "") refused = name;
    return refused === name ? alreadyExists({ group: "", resource: "events" }, name) : undefined;
  };
  recorder.event(podNamed("web"), "Warning", "Refused", "x");
  await clock.advance(0);
  const [name] = stored.keys();
  assert.ok(name !== undefined && name !== refused);
  recorder.event(podNamed("web"), "Warning", "Refused", "x");
  await clock.advance(0);
  assert.deepEqual([stored.size, stored.get(name)?.count, await dropped("rejected")], [1, 2, 0]);
  await stop();
});

test("a write that was stored although nobody said so is not written again", async () => {
  const { clock, recorder, stored, state, stop } = start();
  state.lose = () => new TransportError("connection reset", "ECONNRESET");
  recorder.event(podNamed("web"), "Normal", "Started", "x");
  await clock.advance(0);
  state.lose = undefined;
  await clock.advance(60_000);
  assert.deepEqual([stored.size, state.writes], [1, 2]);
  recorder.event(podNamed("web"), "Normal", "Started", "x");
  await clock.advance(0);
  assert.deepEqual(
    [...stored.values()].map(({ count }) => count),
    [2],
  );
  await stop();
});

test("a server that has trouble is asked again", async () => {
  const { clock, recorder, stored, state, stop, dropped } = start();
  for (const error of [timeout("no time", 1), internal(new Error("etcd"))]) {
    state.fail = () => error;
    recorder.event(podNamed("web"), "Normal", `Reason${error.code}`, "x");
    await clock.advance(500);
    state.fail = undefined;
    await clock.advance(10_000);
  }
  assert.deepEqual([stored.size, await dropped("rejected")], [2, 0]);
  await stop();
});

test("an unreachable server is tried again, a refusal is not", async () => {
  const { clock, recorder, stored, state, stop, dropped } = start();
  state.fail = () => new TransportError("connection refused", "ECONNREFUSED");
  recorder.event(podNamed("web"), "Normal", "Started", "x");
  await clock.advance(35_000);
  assert.ok(state.writes >= 3);
  state.fail = undefined;
  await clock.advance(10_000);
  assert.equal(stored.size, 1);
  state.fail = () => forbidden({ group: "", resource: "events" }, "x", "no");
  state.writes = 0;
  recorder.event(podNamed("b"), "Normal", "Started", "x");
  await clock.advance(60_000);
  assert.equal(state.writes, 1);
  assert.equal(await dropped("rejected"), 1);
  await stop();
});

test("what is beyond the rate waits", async () => {
  const { clock, recorder, stored, stop, dropped } = start(1, { qps: 2, burst: 3 });
  for (let index = 0; index < 8; index += 1) recorder.event(podNamed(`p${index}`), "Normal", "Started", "x");
  await clock.advance(0);
  assert.equal(stored.size, 3);
  await clock.advance(1_000);
  assert.equal(stored.size, 5);
  await clock.advance(5_000);
  assert.deepEqual([stored.size, await dropped("queue_full")], [8, 0]);
  await stop();
});

test("a full queue drops, and the caller never waits", async () => {
  const { clock, recorder, state, stop, dropped } = start();
  state.fail = () => new TransportError("connection refused", "ECONNREFUSED");
  for (let index = 0; index < 1_500; index += 1) recorder.event(podNamed(`p${index}`), "Normal", "Started", "x");
  assert.ok((await dropped("queue_full")) >= 499);
  await clock.advance(0);
  await stop();
});

test("a long message is cut between characters", async () => {
  const { clock, recorder, stored, stop } = start();
  recorder.event(podNamed("web"), "Normal", "Long", "ü".repeat(1_000));
  await clock.advance(0);
  assert.deepEqual(
    [...stored.values()].map(({ message }) => message),
    ["ü".repeat(512)],
  );
  await stop();
});
