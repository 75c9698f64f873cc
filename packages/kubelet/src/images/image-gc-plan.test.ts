import assert from "node:assert/strict";
import { test } from "node:test";
import { planImageGc, removableImages } from "./image-gc-plan.ts";
import type { ImageRecord } from "./image-gc-plan.ts";

const policy = { highThresholdPercent: 85, lowThresholdPercent: 80, minAgeMs: 120_000, maxUnusedAgeMs: 0 };
const nowMs = 10_000_000;

function image(id: string, changes: Partial<ImageRecord> = {}): ImageRecord {
  return { id, sizeBytes: 30, firstDetectedMs: 0, lastUsedMs: 0, inUse: false, pinned: false, ...changes };
}

const images = [
  image("old", { lastUsedMs: 1 }),
  image("older", { lastUsedMs: 0 }),
  image("used", { inUse: true }),
  image("pinned", { pinned: true }),
  image("young", { firstDetectedMs: nowMs - 1000 }),
  image("recent", { lastUsedMs: 900 }),
];

function removed(availableBytes: number, changes: Partial<typeof policy> = {}) {
  const plan = planImageGc(images, { capacityBytes: 1000, availableBytes }, { ...policy, ...changes }, nowMs);
  return { ids: plan.remove.map((each) => each.id), wanted: plan.bytesWanted };
}

test("nothing goes below the high threshold", () => {
  assert.deepEqual(removed(160), { ids: [], wanted: 0 });
});

test("the least recently used go until the low threshold is reached", () => {
  assert.deepEqual(removed(150), { ids: ["older", "old"], wanted: 50 });
  assert.deepEqual(removed(100), { ids: ["older", "old", "recent"], wanted: 100 });
});

test("what is in use, pinned or young stays even when space is short", () => {
  assert.deepEqual(removed(0), { ids: ["older", "old", "recent"], wanted: 200 });
});

test("what was unused for too long goes in any case", () => {
  assert.deepEqual(removed(1000, { maxUnusedAgeMs: nowMs - 500 }), { ids: ["older", "old"], wanted: 0 });
});

test("for space alone, age does not count", () => {
  assert.deepEqual(
    removableImages(images).map((each) => each.id),
    ["older", "young", "old", "recent"],
  );
});
