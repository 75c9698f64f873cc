import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeClock, systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { createRegistry } from "@kube-ts/std/metrics";
import { type EventWriter, LossReport, UnionBackend } from "./audit-backend.ts";
import type { AuditEvent } from "./audit-event.ts";
import { AuditMetrics } from "./audit-metrics.ts";
import { BatchBackend, type BatchOptions } from "./batch-backend.ts";
import { BlockingBackend } from "./blocking-backend.ts";
import { sampleEvent } from "./testing/sample-event.ts";
import { TruncatingBackend } from "./truncating-backend.ts";

class Collector implements EventWriter {
  readonly name = "log";
  readonly takesAnyBatch = false;
  readonly batches: (readonly AuditEvent[])[] = [];
  problem: Error | undefined;

  write(events: readonly AuditEvent[]): Promise<void> {
    if (this.problem) return Promise.reject(this.problem);
    this.batches.push(events);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function bench() {
  const registry = createRegistry();
  const writer = new Collector();
  const report = new LossReport(new AuditMetrics(registry), silentLogger);
  const lost = async () => /^apiserver_audit_error_total\{plugin="log"\} (\d+)/m.exec(await registry.metrics())?.[1];
  return { writer, report, lost };
}

const options: BatchOptions = { bufferSize: 5, maxBatchSize: 2, maxWaitMs: 1_000, throttle: undefined };

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, "not in time");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("events in batches", () => {
  it("go when a batch is full, and when they have waited long enough", async () => {
    const { writer, report } = bench();
    const clock = new FakeClock();
    await using backend = new BatchBackend(writer, options, clock, report);
    for (let turn = 0; turn < 3; turn += 1) assert.equal(backend.process(sampleEvent()), true);
    await until(() => writer.batches.length === 1 && clock.pendingTimers === 1);
    assert.equal(writer.batches[0]?.length, 2);
    await clock.advance(1_000);
    await until(() => writer.batches.length === 2);
    assert.equal(writer.batches[1]?.length, 1);
  });

  it("are lost beyond the buffer, and the loss is counted", async () => {
    const { writer, report, lost } = bench();
    await using backend = new BatchBackend(writer, options, systemClock, report);
    for (let turn = 0; turn < 9; turn += 1) assert.equal(backend.process(sampleEvent()), true);
    await until(() => writer.batches.length === 2);
    assert.equal(await lost(), "4");
  });

  it("are written when the server stops", async () => {
    const { writer, report } = bench();
    const backend = new BatchBackend(writer, options, systemClock, report);
    backend.process(sampleEvent());
    await backend[Symbol.asyncDispose]();
    assert.equal(writer.batches.flat().length, 1);
  });
});

describe("an event that cannot be written", () => {
  it("ends the request only where that is strict", async () => {
    for (const isStrict of [true, false]) {
      const { writer, report, lost } = bench();
      writer.problem = new Error("disk full");
      await using backend = new BlockingBackend(writer, isStrict, report);
      assert.equal(await backend.process(sampleEvent()), !isStrict);
      assert.equal(await lost(), "1");
    }
  });

  it("is lost when one of several back ends loses it", async () => {
    const good = bench();
    const bad = bench();
    bad.writer.problem = new Error("disk full");
    await using backend = new UnionBackend([
      new BlockingBackend(good.writer, true, good.report),
      new BlockingBackend(bad.writer, true, bad.report),
    ]);
    assert.equal(await backend.process(sampleEvent()), false);
    assert.equal(good.writer.batches.length, 1);
  });
});

it("an event that is too large loses its bodies, and says so", async () => {
  const { writer, report } = bench();
  await using backend = new TruncatingBackend(new BlockingBackend(writer, true, report), 1_000, report);
  const large = JSON.stringify("x".repeat(2_000));
  await backend.process(sampleEvent({ requestObject: large, responseObject: large, annotations: { a: "b" } }));
  const [written] = writer.batches.flat();
  assert.equal(written?.requestObject, undefined);
  assert.equal(written?.responseObject, undefined);
  assert.deepEqual(written?.annotations, { a: "b", "audit.k8s.io/truncated": "true" });
  assert.equal(await backend.process(sampleEvent({ requestUri: `/${"x".repeat(2_000)}` })), false);
  assert.equal(writer.batches.length, 1);
});
