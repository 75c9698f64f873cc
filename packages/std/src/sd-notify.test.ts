import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "./clock.ts";
import { silentLogger } from "./log.ts";
import { createServiceNotifier } from "./sd-notify.ts";
import { DatagramReceiver } from "./testing/datagram-receiver.ts";

/** A notifier on a socket of its own, and what arrives there. */
function notifying(env: Readonly<Record<string, string>> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "sd-notify-"));
  const path = join(directory, "notify");
  const receiver = new DatagramReceiver(path);
  const clock = new FakeClock();
  const notifier = createServiceNotifier({ env: { NOTIFY_SOCKET: path, ...env }, clock, log: silentLogger });
  return {
    clock,
    notifier,
    /** Lets `ms` pass and tells what was sent meanwhile. */
    after: async (ms: number) => {
      await clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
      return receiver.read();
    },
    [Symbol.dispose]: () => {
      notifier[Symbol.dispose]();
      receiver[Symbol.dispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

test("states go out as single datagrams", async () => {
  using fixture = notifying();
  fixture.notifier.ready([]);
  assert.deepEqual(await fixture.after(0), ["READY=1\nSTATUS=Serving"]);
  fixture.notifier.stopping(60_000);
  assert.deepEqual(await fixture.after(0), ["STOPPING=1\nSTATUS=Draining\nEXTEND_TIMEOUT_USEC=70000000"]);
  assert.equal(fixture.clock.pendingTimers, 0);
});

test("a slow start is granted more time, up to a bound", async () => {
  using fixture = notifying();
  assert.deepEqual(await fixture.after(19_999), []);
  assert.deepEqual(await fixture.after(1), ["EXTEND_TIMEOUT_USEC=60000000"]);
  let count = 0;
  for (let minute = 0; minute < 20; minute += 1) count += (await fixture.after(60_000)).length;
  assert.equal(count, 29);
  assert.equal(fixture.clock.pendingTimers, 0);
});

test("the watchdog is answered at half its interval while the checks pass", async () => {
  using fixture = notifying({ WATCHDOG_USEC: "10000000" });
  let alive = true;
  const check = { name: "loop", check: () => assert.ok(alive, "stuck") };
  fixture.notifier.ready([check]);
  assert.deepEqual(await fixture.after(4_999), ["READY=1\nSTATUS=Serving"]);
  assert.deepEqual(await fixture.after(1), ["WATCHDOG=1"]);
  alive = false;
  assert.deepEqual(await fixture.after(5_000), ["STATUS=Not answering the watchdog: loop"]);
  alive = true;
  assert.deepEqual(await fixture.after(5_000), ["WATCHDOG=1"]);
  alive = false;
  fixture.notifier.stopping(1_000);
  assert.deepEqual((await fixture.after(5_000)).at(-1), "WATCHDOG=1");
});

test("an abstract address reaches its socket", async () => {
  const name = `kube-ts-test-${process.pid}`;
  using receiver = new DatagramReceiver(`\0${name}`);
  const env = { NOTIFY_SOCKET: `@${name}` };
  using notifier = createServiceNotifier({ env, clock: new FakeClock(), log: silentLogger });
  notifier.ready([]);
  assert.deepEqual(receiver.read(), ["READY=1\nSTATUS=Serving"]);
});

test("outside a unit nothing is sent and no timer lives", () => {
  const clock = new FakeClock();
  using notifier = createServiceNotifier({ env: {}, clock, log: silentLogger });
  notifier.ready([]);
  assert.equal(clock.pendingTimers, 0);
});
