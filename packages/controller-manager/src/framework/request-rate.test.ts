import assert from "node:assert/strict";
import { test } from "node:test";
import { controllers } from "../controllers.ts";
import { requestRate } from "./request-rate.ts";

const usual = { qps: 20, burst: 30 };

test("controllers that ask much may ask more often, as upstream's do", () => {
  const rates = controllers.flatMap(({ name, rateFactors }) =>
    rateFactors ? [[name, requestRate(usual, rateFactors)]] : [],
  );
  assert.deepEqual(Object.fromEntries(rates), {
    "namespace-controller": { qps: 400, burst: 3_000 },
    "garbage-collector-controller": { qps: 40, burst: 30 },
  });
});

test("all others have the daemon's rate", () => assert.deepEqual(requestRate(usual), usual));
