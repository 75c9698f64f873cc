import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { humanDuration, timeSince } from "./human-duration.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe("humanDuration", () => {
  const cases: readonly (readonly [ms: number, text: string])[] = [
    [-2 * second, "<invalid>"],
    [-second, "0s"],
    [0, "0s"],
    [999, "0s"],
    [119 * second, "119s"],
    [2 * minute, "2m"],
    [2 * minute + second, "2m1s"],
    [9 * minute + 59 * second, "9m59s"],
    [10 * minute + 5 * second, "10m"],
    [3 * hour - second, "179m"],
    [3 * hour, "3h"],
    [3 * hour + 5 * minute, "3h5m"],
    [7 * hour + 59 * minute, "7h59m"],
    [8 * hour + 5 * minute, "8h"],
    [47 * hour + 59 * minute, "47h"],
    [2 * day, "2d"],
    [2 * day + 5 * hour, "2d5h"],
    [7 * day + 23 * hour, "7d23h"],
    [8 * day + hour, "8d"],
    [2 * 365 * day - hour, "729d"],
    [2 * 365 * day, "2y"],
    [2 * 365 * day + 3 * day, "2y3d"],
    [8 * 365 * day + 30 * day, "8y"],
  ];
  for (const [ms, text] of cases) it(`writes ${ms} ms as ${text}`, () => assert.equal(humanDuration(ms), text));
});

describe("timeSince", () => {
  const nowMs = Date.UTC(2026, 0, 31, 12);

  it("is the duration up to now", () => assert.equal(timeSince("2026-01-31T11:58:30Z", nowMs), "90s"));
  it("takes microseconds", () => assert.equal(timeSince("2026-01-31T11:58:30.000000Z", nowMs), "90s"));
  it("is unknown without a time", () => assert.equal(timeSince(undefined, nowMs), "<unknown>"));
});
