import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkProperty, propertySettings } from "./check-property.ts";

test("runs and seed come from the environment", () => {
  assert.deepEqual(propertySettings({}), { runs: 100, seed: undefined });
  const env = { KUBE_TS_PROPERTY_RUNS: "7", KUBE_TS_PROPERTY_SEED: "-12" };
  assert.deepEqual(propertySettings(env), { runs: 7, seed: -12 });
  assert.throws(() => propertySettings({ KUBE_TS_PROPERTY_RUNS: "many" }), {
    message: "KUBE_TS_PROPERTY_RUNS is not a whole number: many",
  });
});

test("a property that does not hold fails and tells the seed", () => {
  assert.throws(() => checkProperty(fc.property(fc.integer(), (value) => value < 10)), /seed: -?\d+/);
});

test("a share is one of the usual number of runs", () => {
  let runs = 0;
  checkProperty(
    fc.property(fc.integer(), () => {
      runs += 1;
    }),
    { share: 0.1 },
  );
  assert.equal(runs, Math.max(1, Math.round(propertySettings().runs / 10)));
});
