import assert from "node:assert/strict";
import { test } from "node:test";
import { requestConfig, requestFlags } from "./requests.ts";

const defaults = Object.fromEntries(
  Object.entries(requestFlags).map(([name, flag]) => [name, flag.default]),
) as Parameters<typeof requestConfig>[0];

function config(values: Partial<typeof defaults>) {
  return requestConfig({ ...defaults, ...values });
}

test("priority and fairness is on unless told otherwise, and needs something to divide", () => {
  assert.deepEqual(config({}).inFlight, { readOnly: 400, mutating: 200 });
  assert.equal(config({}).priorityAndFairness, true);
  const none = { "max-requests-inflight": 0, "max-mutating-requests-inflight": 0 };
  assert.throws(() => config(none), {
    message:
      "invalid configuration: MaxRequestsInFlight=0 and MaxMutatingRequestsInFlight=0; they must add up to something positive",
  });
  assert.deepEqual(config({ ...none, "enable-priority-and-fairness": false }).inFlight, { readOnly: 0, mutating: 0 });
  assert.deepEqual(config({ ...none, "max-requests-inflight": 1 }).inFlight, { readOnly: 1, mutating: 0 });
});

test("bounds are not negative", () => {
  assert.throws(() => config({ "max-mutating-requests-inflight": -1 }), {
    message: "--max-mutating-requests-inflight can not be negative value",
  });
});
