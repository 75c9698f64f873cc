import assert from "node:assert/strict";
import { test } from "node:test";
import { HotCounter, HotHistogram } from "./hot-metrics.ts";
import { Counter, Histogram, Registry } from "./metrics.ts";

const labelNames = ["verb", "resource"] as const;
const about = { name: "requests", help: "Requests, by verb and resource." };

test("a counter shows what prom-client's own would show", async () => {
  const registry = new Registry();
  const counter = new HotCounter({ ...about, labelNames, registry });
  const reference = new Registry();
  const plain = new Counter({ ...about, labelNames: [...labelNames], registers: [reference] });
  for (const [verb, resource, by] of [
    ["GET", "pods", 1],
    ["PUT", "pods", 2],
    ["GET", 'q"uo\\ted', 3],
    ["GET", "pods", 4],
  ] as const) {
    counter.with(verb, resource).inc(by);
    plain.inc({ verb, resource }, by);
  }
  assert.equal(await registry.metrics(), await reference.metrics());
});

test("a histogram shows what prom-client's own would show", async () => {
  const buckets = [0.1, 1, 10];
  const registry = new Registry();
  const histogram = new HotHistogram({ ...about, labelNames, registry, buckets });
  const reference = new Registry();
  const plain = new Histogram({ ...about, labelNames: [...labelNames], buckets, registers: [reference] });
  for (const [verb, value] of [
    ["GET", 0.1],
    ["GET", 0.5],
    ["PUT", 100],
    ["GET", 1.25],
  ] as const) {
    histogram.with(verb, "pods").observe(value);
    plain.observe({ verb, resource: "pods" }, value);
  }
  assert.equal(await registry.metrics(), await reference.metrics());
});

test("without labels there is one series", async () => {
  const registry = new Registry();
  const counter = new HotCounter({ ...about, labelNames: [], registry });
  counter.with().inc();
  counter.with().inc();
  assert.match(await registry.metrics(), /^requests 2$/m);
});

test("the number of label values must be that of the names", () => {
  const counter = new HotCounter({ ...about, labelNames, registry: new Registry() });
  assert.throws(() => counter.with("GET"), /1 values for 2 labels/);
});
