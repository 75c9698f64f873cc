import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nodes, pods } from "@kube-ts/api/resource-types";
import { createClient } from "@kube-ts/client/rest-client";
import { eventually } from "@kube-ts/client/testing/eventually";
import { StaticInformers } from "@kube-ts/client/testing/static-informer";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { seededRandom } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";
import { SchedulerCache } from "./cache/scheduler-cache.ts";
import { Snapshot } from "./cache/snapshot.ts";
import { planProfile } from "./config/profile-plan.ts";
import { DecisionLog } from "./cycle/decision-log.ts";
import { nodeHandler, podHandler } from "./event-handlers.ts";
import type { Extender, ExtenderFilterResult } from "./extenders/extender.ts";
import { Framework } from "./framework/framework.ts";
import { SchedulerMetrics } from "./framework/metrics.ts";
import type { BindPlugin, FilterPlugin } from "./framework/plugin.ts";
import { PointTimer } from "./framework/point-timer.ts";
import { failed, type Outcome } from "./framework/status.ts";
import { createFramework } from "./plugins/create-framework.ts";
import { PodStatusWriter } from "./pod-status-writer.ts";
import { NominatedPods } from "./queue/nominated-pods.ts";
import { SchedulingQueue } from "./queue/scheduling-queue.ts";
import { Scheduler } from "./scheduler.ts";
import { testNode, testPod } from "./testing/objects.ts";

interface SetUpOptions {
  /** The outcome of binding; success unless told. */
  bind?(pod: Pod, nodeName: string): Outcome;
  readonly filter?: FilterPlugin;
  readonly extenders?: readonly Extender[];
}

/** A whole scheduler on informers fed by hand; its binder moves pods in the informer as an API server would. */
async function withScheduler(
  { bind, filter, extenders }: SetUpOptions,
  test: (parts: {
    readonly pods: ReturnType<typeof podInformer>;
    readonly nodes: ReturnType<typeof nodeInformer>;
    readonly queue: SchedulingQueue;
    readonly cache: SchedulerCache;
    readonly clock: FakeClock;
    readonly events: readonly string[];
  }) => Promise<void>,
): Promise<void> {
  const clock = new FakeClock();
  const informers = new StaticInformers();
  const podList = podInformer(informers);
  const nodeList = nodeInformer(informers);
  const client = createClient(
    { server: "http://127.0.0.1:1", namespace: "default", tls: {}, auth: { kind: "none" } },
    { userAgent: "test" },
  );
  const stop = new AbortController();
  const tasks = new TaskGroup(stop.signal);
  const snapshot = new Snapshot();
  const nominated = new NominatedPods();
  const cache = new SchedulerCache({ clock });
  const statuses = new PodStatusWriter(client, clock, silentLogger, tasks);
  const metrics = new SchedulerMetrics(new Registry());
  const messages: string[] = [];
  const events = {
    event: (_: unknown, __: string, reason: string, text: string) => messages.push(`${reason}: ${text}`),
  };
  const plan = planProfile("default-scheduler", {}, undefined, "profiles[0]");
  const handle = { snapshot, nominated, informers, client, events, clock, random: seededRandom(1), log: silentLogger };
  const made = createFramework(plan, handle, metrics);
  const binder: BindPlugin = {
    name: "TestBinder",
    bind: (_state, { pod }, nodeName) => {
      const outcome = bind?.(pod, nodeName);
      if (!outcome)
        podList.set({ ...pod, metadata: { ...pod.metadata, resourceVersion: "2" }, spec: { ...pod.spec, nodeName } });
      return Promise.resolve(outcome);
    },
  };
  const framework = new Framework({
    schedulerName: made.schedulerName,
    plugins: { ...made.plugins, bind: [binder], filter: [...made.plugins.filter, ...(filter ? [filter] : [])] },
    rules: made.rules,
    percentageOfNodesToScore: undefined,
    snapshot,
    nominated,
    timer: new PointTimer("default-scheduler", metrics),
  });
  const queue = new SchedulingQueue({
    clock,
    less: (a, b) => framework.plugins.queueSort.less(a, b),
    preEnqueue: (pod) => framework.preEnqueue(pod),
    rulesFor: () => framework.rules,
    initialBackoffMs: 1_000,
    maxBackoffMs: 10_000,
  });
  const targets = { cache, queue, nominated, statuses, isOurs: (name: string) => name === "default-scheduler" };
  nodeList.subscribe(nodeHandler(targets));
  podList.subscribe(podHandler(targets));
  const scheduler = new Scheduler({
    profiles: new Map([["default-scheduler", { framework, events }]]),
    queue,
    cache,
    snapshot,
    nominated,
    decisions: new DecisionLog(),
    pods: podList,
    statuses,
    ...(extenders && { extenders }),
    metrics,
    clock,
    random: seededRandom(2),
    log: silentLogger,
  });
  const running = scheduler.run(stop.signal);
  try {
    await test({ pods: podList, nodes: nodeList, queue, cache, clock, events: messages });
  } finally {
    stop.abort();
    await running;
    await tasks.stop();
    await client[Symbol.asyncDispose]();
  }
}

/** An extender that leaves all nodes and gives no scores unless told otherwise. */
function extender(does: Partial<Extender>): Extender {
  return {
    name: "test",
    filters: does.filter !== undefined,
    prioritizes: does.prioritize !== undefined,
    binds: does.bind !== undefined,
    weight: 1,
    ignorable: false,
    isInterested: () => true,
    filter: () => Promise.reject(new Error("not a filter")),
    prioritize: () => Promise.reject(new Error("gives no scores")),
    bind: () => Promise.reject(new Error("does not bind")),
    ...does,
  };
}

const leaves = (...names: readonly string[]): ExtenderFilterResult => ({
  nodeNames: new Set(names),
  failed: {},
  unresolvable: {},
});

const podInformer = (informers: StaticInformers) => informers.informer<Pod>(pods);
const nodeInformer = (informers: StaticInformers) => informers.informer<Node>(nodes);

describe("scheduler", () => {
  it("gives a pod its node and says so", async () => {
    await withScheduler({}, async ({ pods, nodes, events, cache, queue }) => {
      nodes.set(testNode("n"));
      pods.set(testPod("p"));
      await eventually(() => assert.deepEqual(events, ["Scheduled: Successfully assigned default/p to n"]));
      assert.equal(cache.assumedCount, 0);
      assert.equal(queue.has("uid-p"), false);
    });
  });

  it("takes back the room when the binding fails, and tries again", async () => {
    let refusals = 1;
    const bind = () => (refusals-- > 0 ? failed("TestBinder", new Error("refused")) : undefined);
    await withScheduler({ bind }, async ({ pods, nodes, events, cache, queue, clock }) => {
      nodes.set(testNode("n"));
      pods.set(testPod("p"));
      await eventually(() => assert.equal(queue.place("uid-p"), "backoff"));
      assert.equal(cache.podCount, 0);
      await clock.advance(1_000);
      queue.flushBackoff();
      await eventually(() => assert.equal(queue.has("uid-p"), false));
      assert.deepEqual(events, ["FailedScheduling: refused", "Scheduled: Successfully assigned default/p to n"]);
    });
  });

  it("never gives a node more than it has, however quickly pods come", async () => {
    await withScheduler({}, async ({ pods, nodes, queue, cache }) => {
      for (let index = 0; index < 5; index += 1) nodes.set(testNode(`n${index}`, { cpu: "2" }));
      for (let index = 0; index < 50; index += 1) pods.set(testPod(`p${index}`, { cpu: "500m" }));
      await eventually(() => assert.equal(queue.counts().unschedulable, 30));
      assert.equal(cache.podCount, 20);
      const perNode = Map.groupBy(pods.list(), ({ spec }) => spec.nodeName ?? "");
      for (let index = 0; index < 5; index += 1) assert.equal(perNode.get(`n${index}`)?.length, 4);
    });
  });

  it("tries a pod again when a node comes", async () => {
    await withScheduler({}, async ({ pods, nodes, queue, clock }) => {
      pods.set(testPod("p"));
      await eventually(() => assert.equal(queue.place("uid-p"), "unschedulable"));
      nodes.set(testNode("n"));
      await clock.advance(1_000);
      queue.flushBackoff();
      await eventually(() => assert.equal(pods.list()[0]?.spec.nodeName, "n"));
    });
  });

  it("survives a plugin that throws", async () => {
    const filter: FilterPlugin = {
      name: "Broken",
      filter: (_state, { name }) => {
        if (name === "bad") throw new Error("broken plugin");
        return undefined;
      },
    };
    await withScheduler({ filter }, async ({ pods, nodes, queue, events }) => {
      nodes.set(testNode("n"));
      pods.set(testPod("bad"), testPod("good"));
      await eventually(() => assert.equal(queue.has("uid-good"), false));
      assert.equal(queue.place("uid-bad"), "backoff");
      assert.ok(events.includes("FailedScheduling: broken plugin"));
    });
  });

  it("forgets a pod that is deleted while it waits", async () => {
    await withScheduler({}, async ({ pods, queue }) => {
      const pod = testPod("p");
      pods.set(pod);
      await eventually(() => assert.equal(queue.place("uid-p"), "unschedulable"));
      pods.remove(pod);
      assert.equal(queue.has("uid-p"), false);
    });
  });

  it("goes where extenders let it, and likes what they like", async () => {
    const asked: string[] = [];
    const extenders = [
      extender({
        filter: (_pod, nodes) => {
          asked.push(nodes.map(({ metadata }) => metadata.name).join(","));
          return Promise.resolve(leaves("b", "c"));
        },
      }),
      extender({ prioritize: () => Promise.resolve(new Map([["c", 10]])), weight: 100 }),
      extender({ isInterested: () => false, filter: () => Promise.resolve(leaves()) }),
    ];
    await withScheduler({ extenders }, async ({ pods, nodes }) => {
      nodes.set(testNode("a"), testNode("b"), testNode("c"));
      pods.set(testPod("p"), testPod("q"));
      await eventually(() => {
        assert.deepEqual(
          pods.list().map(({ spec }) => spec.nodeName),
          ["c", "c"],
        );
      });
      assert.deepEqual(
        asked.map((names) => names.split(",").length),
        [3, 3],
      );
    });
  });

  it("waits when extenders leave no node, until anything happens", async () => {
    let isFull = true;
    const filter = () =>
      Promise.resolve(isFull ? { ...leaves(), failed: { a: "full" }, unresolvable: { b: "too old" } } : leaves("a"));
    await withScheduler({ extenders: [extender({ filter })] }, async ({ pods, nodes, queue, clock, events }) => {
      nodes.set(testNode("a"), testNode("b"));
      pods.set(testPod("p"));
      await eventually(() => assert.equal(queue.place("uid-p"), "unschedulable"));
      assert.match(events[0] ?? "", /^FailedScheduling: 0\/2 nodes are available: 1 full, 1 too old\./);
      isFull = false;
      nodes.set(testNode("c"));
      await clock.advance(1_000);
      queue.flushBackoff();
      await eventually(() => assert.equal(pods.list()[0]?.spec.nodeName, "a"));
    });
  });

  it("fails with an extender, unless that may be left out", async () => {
    const filter = () => Promise.reject(new Error("extender is down"));
    await withScheduler({ extenders: [extender({ filter })] }, async ({ pods, nodes, queue, events }) => {
      nodes.set(testNode("a"));
      pods.set(testPod("p"));
      await eventually(() => assert.equal(queue.place("uid-p"), "backoff"));
      assert.deepEqual(events, ["FailedScheduling: extender is down"]);
    });
    await withScheduler({ extenders: [extender({ filter, ignorable: true })] }, async ({ pods, nodes }) => {
      nodes.set(testNode("a"));
      pods.set(testPod("p"));
      await eventually(() => assert.equal(pods.list()[0]?.spec.nodeName, "a"));
    });
  });

  it("forgets a pod that is deleted while extenders think", async () => {
    const answer = Promise.withResolvers<ExtenderFilterResult>();
    let isAsked = false;
    const filter = () => {
      isAsked = true;
      return answer.promise;
    };
    await withScheduler({ extenders: [extender({ filter })] }, async ({ pods, nodes, queue, cache, events }) => {
      nodes.set(testNode("a"));
      const pod = testPod("p");
      pods.set(pod);
      await eventually(() => assert.ok(isAsked));
      pods.remove(pod);
      answer.resolve(leaves("a"));
      pods.set(testPod("next"));
      await eventually(() => assert.equal(queue.has("uid-next"), false));
      assert.equal(cache.podCount, 1);
      assert.deepEqual(events, ["Scheduled: Successfully assigned default/next to a"]);
    });
  });

  it("lets an extender bind", async () => {
    const bound: string[] = [];
    const extenders = [
      extender({
        bind: ({ metadata }, nodeName) => {
          bound.push(`${metadata.name} ${nodeName}`);
          return Promise.resolve();
        },
      }),
    ];
    const bind = () => failed("TestBinder", new Error("nobody else binds"));
    await withScheduler({ extenders, bind }, async ({ pods, nodes, events }) => {
      nodes.set(testNode("a"));
      pods.set(testPod("p"));
      await eventually(() => assert.deepEqual(events, ["Scheduled: Successfully assigned default/p to a"]));
      assert.deepEqual(bound, ["p a"]);
    });
  });
});
