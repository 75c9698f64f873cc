import assert from "node:assert/strict";
import { test } from "node:test";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { type EvictionConfig, type EvictionSignal, evictionConfig } from "./eviction-config.ts";
import { storageExcess } from "./local-storage.ts";
import { type PodUsage, calm, planEviction } from "./plan-eviction.ts";

const mi = 1024 * 1024;

function usage(
  name: string,
  memoryMi: number,
  requestMi: number,
  more: Partial<PodUsage> & { priority?: number } = {},
): PodUsage {
  const resources = { requests: { memory: `${requestMi}Mi` } };
  return {
    pod: testPod({ containers: [testContainer("app", { resources })], priority: more.priority ?? 0 }, { uid: name }),
    isStatic: false,
    memoryBytes: memoryMi * mi,
    diskBytes: 0,
    inodes: 0,
    processes: 1,
    containers: [{ name: "app", memoryBytes: memoryMi * mi, diskBytes: 0 }],
    ...more,
  };
}

function config(more: Parameters<typeof evictionConfig>[0] = {}): EvictionConfig {
  const problems: string[] = [];
  const built = evictionConfig(more, problems);
  assert.deepEqual(problems, []);
  return built;
}

function memory(availableMi: number) {
  return new Map<EvictionSignal, { available: number; capacity: number }>([
    ["memory.available", { available: availableMi * mi, capacity: 8192 * mi }],
  ]);
}

test("nothing happens above the threshold", () => {
  const plan = planEviction(calm, memory(101), [usage("a", 500, 0)], config(), 0);
  assert.equal(plan.evict, undefined);
  assert.equal(plan.conditions.size, 0);
});

test("the pod that exceeds its request most goes first, lower priorities before it", () => {
  const pods = [
    usage("within", 100, 200),
    usage("over", 300, 100),
    usage("more", 400, 100),
    usage("static", 900, 0, { isStatic: true }),
  ];
  const plan = planEviction(calm, memory(50), pods, config(), 0);
  assert.equal(plan.evict?.podUid, "more");
  assert.equal(plan.evict?.graceSeconds, 1);
  assert.equal(
    plan.evict?.message,
    "The node was low on resource: memory. Threshold quantity: 102400Ki, available: 51200Ki. " +
      "Container app was using 409600Ki, request is 100Mi, has larger consumption of memory. ",
  );
  assert.deepEqual([...plan.conditions], ["MemoryPressure"]);
  const ranked = planEviction(calm, memory(50), [...pods, usage("low", 110, 100, { priority: -5 })], config(), 0);
  assert.equal(ranked.evict?.podUid, "low");
});

test("pressure lasts for the transition period", () => {
  const first = planEviction(calm, memory(50), [], config(), 0);
  const later = planEviction(first.state, memory(500), [], config(), 299_000);
  assert.deepEqual([...later.conditions], ["MemoryPressure"]);
  assert.equal(later.evict, undefined);
  assert.deepEqual([...planEviction(later.state, memory(500), [], config(), 300_000).conditions], []);
});

test("a soft threshold waits for its grace period", () => {
  const soft = config({
    evictionHard: {},
    evictionSoft: { "memory.available": "1Gi" },
    evictionSoftGracePeriod: { "memory.available": "1m30s" },
    evictionMaxPodGracePeriod: 20,
  });
  const pods = [usage("a", 500, 0)];
  const first = planEviction(calm, memory(900), pods, soft, 0);
  assert.equal(first.evict, undefined);
  const still = planEviction(first.state, memory(900), pods, soft, 90_000);
  assert.deepEqual([still.evict?.podUid, still.evict?.graceSeconds], ["a", 20]);
  const recovered = planEviction(first.state, memory(2000), pods, soft, 60_000);
  assert.equal(planEviction(recovered.state, memory(900), pods, soft, 90_000).evict, undefined);
});

test("a threshold is left only when the minimum is reclaimed too", () => {
  const sticky = config({ evictionMinimumReclaim: { "memory.available": "100Mi" } });
  const first = planEviction(calm, memory(50), [], sticky, 0);
  assert.ok(planEviction(first.state, memory(150), [usage("a", 1, 0)], sticky, 1000).evict);
  assert.equal(planEviction(first.state, memory(201), [usage("a", 1, 0)], sticky, 1000).evict, undefined);
});

test("disk is reclaimed before pods go, and memory comes first", () => {
  const both = new Map([...memory(50), ["nodefs.available", { available: 1, capacity: 100 }] as const]);
  const disk = new Map([["nodefs.available" as const, { available: 9, capacity: 100 }]]);
  assert.equal(planEviction(calm, disk, [], config(), 0).reclaim, "nodefs.available");
  assert.equal(planEviction(calm, both, [usage("a", 1, 0)], config(), 0).evict?.signal, "memory.available");
});

const bad: readonly (readonly [Parameters<typeof evictionConfig>[0], RegExp])[] = [
  [{ evictionHard: { "cpu.available": "1" } }, /unsupported eviction signal cpu\.available/],
  [{ evictionHard: { "memory.available": "lots" } }, /evictionHard\[memory\.available\]/],
  [{ evictionHard: { "memory.available": "120%" } }, /must be at most 100%/],
  [{ evictionSoft: { "memory.available": "1Gi" } }, /grace period must be specified/],
  [{ evictionSoftGracePeriod: { "memory.available": "1m" } }, /has no soft threshold/],
];
for (const [configuration, error] of bad) {
  test(`bad eviction settings: ${error.source}`, () => {
    const problems: string[] = [];
    evictionConfig(configuration, problems);
    assert.match(problems.join("\n"), error);
  });
}

test("zero and all turn a threshold off, and own settings replace the defaults unless merged", () => {
  assert.deepEqual(config({ evictionHard: { "memory.available": "0", "nodefs.available": "100%" } }).thresholds, []);
  const merged = config({ evictionHard: { "memory.available": "1Gi" }, mergeDefaultEvictionSettings: true });
  assert.equal(merged.thresholds.length, 5);
});

test("local storage limits", () => {
  const resources = { limits: { "ephemeral-storage": "1Mi" } };
  const pod = testPod({
    containers: [testContainer("app", { resources })],
    volumes: [
      { name: "cache", emptyDir: { sizeLimit: "2Mi" } },
      { name: "free", emptyDir: {} },
    ],
  });
  const use = (app: number, cache: number, free: number) =>
    storageExcess({
      pod,
      containers: new Map([["app", app * mi]]),
      emptyDirs: new Map([
        ["cache", cache * mi],
        ["free", free * mi],
      ]),
    });
  assert.equal(use(0.5, 0.2, 0.2), undefined);
  assert.equal(use(0, 3, 0), 'Usage of EmptyDir volume "cache" exceeds the limit "2Mi". ');
  assert.equal(use(2, 0, 0), 'Container app exceeded its local ephemeral storage limit "1Mi". ');
  assert.equal(use(0.5, 0.5, 0.5), "Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. ");
});
