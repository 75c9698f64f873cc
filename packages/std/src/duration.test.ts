import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, parseDuration } from "./duration.ts";

const readings: readonly (readonly [string, number])[] = [
  ["0", 0],
  ["15s", 15_000],
  ["1h30m", 5_400_000],
  ["1.5s", 1_500],
  [".5m", 30_000],
  ["1m0.25s", 60_250],
  ["300ms", 300],
  ["-2ms", -2],
  ["+3s", 3_000],
  ["500us", 0.5],
  ["500µs", 0.5],
  ["1500000ns", 1.5],
];

test("durations are read in Go's notation", () => {
  for (const [text, ms] of readings) assert.equal(parseDuration(text), ms, text);
});

test("what is no duration is refused in Go's words", () => {
  const refusals: readonly (readonly [string, string])[] = [
    ["", 'time: invalid duration ""'],
    ["5", 'time: missing unit in duration "5"'],
    ["5y", 'time: unknown unit "y" in duration "5y"'],
    ["s", 'time: invalid duration "s"'],
    ["1s ", 'time: unknown unit "s " in duration "1s "'],
    ["--1s", 'time: invalid duration "--1s"'],
    ["3000000h", 'time: invalid duration "3000000h"'],
  ];
  for (const [text, message] of refusals) assert.throws(() => parseDuration(text), { message });
});

test("durations are written as Go prints them", () => {
  const writings: readonly (readonly [number, string])[] = [
    [0, "0s"],
    [15_000, "15s"],
    [60_000, "1m0s"],
    [3_600_000, "1h0m0s"],
    [90_061_500, "25h1m1.5s"],
    [1_500, "1.5s"],
    [300, "300ms"],
    [0.25, "250µs"],
    [0.0005, "500ns"],
    [-2_000, "-2s"],
  ];
  for (const [ms, text] of writings) {
    assert.equal(formatDuration(ms), text);
    assert.equal(parseDuration(text), ms);
  }
});
