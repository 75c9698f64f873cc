import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SharedRead } from "./shared-read.ts";

/** Reads that end when the test says so. */
class Reads {
  readonly started: PromiseWithResolvers<number>[] = [];
  readonly shared = new SharedRead(() => {
    const read = Promise.withResolvers<number>();
    this.started.push(read);
    return read.promise;
  });

  /** Ends the read; resolves when the one after it, if there is to be one, has started. */
  async finish(index: number): Promise<void> {
    this.started[index]?.resolve(index);
    await turns();
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("SharedRead", () => {
  it("gives every caller a read that started after its call, and runs one at a time", async () => {
    const reads = new Reads();
    const first = [reads.shared.run(), reads.shared.run()];
    assert.equal(reads.started.length, 0);
    await turns();
    const during = [reads.shared.run(), reads.shared.run()];
    await turns();
    assert.equal(reads.started.length, 1);
    await reads.finish(0);
    assert.deepEqual(await Promise.all(first), [0, 0]);
    assert.equal(reads.started.length, 2);
    const late = reads.shared.run();
    await reads.finish(1);
    assert.deepEqual(await Promise.all(during), [1, 1]);
    assert.equal(reads.started.length, 3);
    await reads.finish(2);
    assert.equal(await late, 2);
    const alone = reads.shared.run();
    await turns();
    await reads.finish(3);
    assert.equal(await alone, 3);
  });

  it("passes a failure to those who shared the read only", async () => {
    const reads = new Reads();
    const first = reads.shared.run();
    await turns();
    const second = reads.shared.run();
    reads.started[0]?.reject(new Error("no answer"));
    await assert.rejects(first, /no answer/);
    await turns();
    await reads.finish(1);
    assert.equal(await second, 1);
  });
});
