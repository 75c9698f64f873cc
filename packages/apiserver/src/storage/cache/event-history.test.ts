import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ObjectEvent } from "./cache-event.ts";
import { StoredObject } from "./cached-object.ts";
import { EventHistory } from "./event-history.ts";
import type { HistoryLimits } from "./event-history.ts";
import { KeptForms } from "./kept-forms.ts";

const context = {
  attributesOf: () => ({ labels: {}, fields: {} }),
  parsedForms: new KeptForms(0),
  encodedForms: new KeptForms(0),
};
const limits: HistoryLimits = { minEvents: 3, maxEvents: 10, maxAgeMs: 1_000, maxBytes: 1_000 };

function event(revision: number, atMs = 0, sizeBytes = 10): ObjectEvent {
  const object = new StoredObject(context, `k${revision}`, "", BigInt(revision), Buffer.alloc(sizeBytes));
  return ObjectEvent.put(object, undefined, atMs);
}

function revisions(history: EventHistory): number[] {
  return Array.from({ length: history.size }, (_, index) => Number(history.at(history.first + index)?.revision));
}

describe("EventHistory", () => {
  it("finds the first event after a revision", () => {
    const history = new EventHistory(limits);
    history.reset(5n);
    for (const revision of [7, 9, 9, 12]) history.push(event(revision));
    const positions = [5n, 6n, 7n, 8n, 9n, 11n, 12n, 20n].map((revision) => history.after(revision) - history.first);
    assert.deepEqual(positions, [0, 0, 1, 1, 3, 3, 4, 4]);
    assert.equal(history.floor, 5n);
  });

  it("keeps young events up to the bound, and old ones only while they are few", () => {
    const history = new EventHistory(limits);
    for (let revision = 1; revision <= 12; revision += 1) history.push(event(revision, 100));
    assert.deepEqual(revisions(history), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    assert.equal(history.floor, 2n);
    history.push(event(13, 2_000));
    assert.deepEqual(revisions(history), [11, 12, 13]);
    assert.equal(history.floor, 10n);
  });

  it("bounds what the events keep in memory", () => {
    const history = new EventHistory(limits);
    for (let revision = 1; revision <= 4; revision += 1) history.push(event(revision, 0, 400));
    assert.deepEqual(revisions(history), [3, 4]);
    history.push(event(5, 0, 5_000));
    assert.deepEqual(revisions(history), [5]);
  });

  it("forgets what has become old when it is told the time", () => {
    const history = new EventHistory(limits);
    for (let revision = 1; revision <= 8; revision += 1) history.push(event(revision, 100 * revision));
    history.expire(1_500);
    assert.deepEqual(revisions(history), [5, 6, 7, 8]);
    assert.equal(history.floor, 4n);
    history.expire(1_000_000);
    assert.deepEqual(revisions(history), [6, 7, 8]);
  });

  it("goes on with its sequence numbers after a reset", () => {
    const history = new EventHistory(limits);
    history.push(event(1));
    const { next } = history;
    history.reset(50n);
    assert.deepEqual([history.size, history.first, history.next], [0, next, next]);
    history.push(event(51));
    assert.equal(history.at(next)?.revision, 51n);
    assert.equal(history.at(next - 1), undefined);
  });

  it("stays right over many events", () => {
    const history = new EventHistory(limits);
    for (let revision = 1; revision <= 5_000; revision += 1) history.push(event(revision));
    assert.deepEqual(revisions(history), [4991, 4992, 4993, 4994, 4995, 4996, 4997, 4998, 4999, 5000]);
    assert.equal(history.at(history.after(4_998n))?.revision, 4_999n);
  });
});
