import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { takeTurn } from "./machine-turn.ts";

const directory = mkdtempSync(join(tmpdir(), "kube-ts-turn-"));
after(() => rmSync(directory, { recursive: true }));

test("commands that change a machine take turns, and who waits says for whom", async () => {
  const path = join(directory, "lock");
  const told: string[] = [];
  const stop = new AbortController();
  const surroundings = { signal: stop.signal, warn: (text: string) => void told.push(text) };
  const order: string[] = [];
  const first = await takeTurn("upgrade", surroundings, path);
  const second = takeTurn("certificates renew", surroundings, path).then((turn) => {
    order.push("second");
    return turn;
  });
  while (told.length === 0) await new Promise((resolve) => setImmediate(resolve));
  order.push("first ends");
  first[Symbol.dispose]();
  const turn = await second;
  assert.deepEqual(order, ["first ends", "second"]);
  assert.deepEqual(told, [`waiting: kube-ts upgrade (process ${process.pid}) is at work on this machine`]);
  const third = takeTurn("reset", surroundings, path);
  stop.abort(new Error("interrupted"));
  await assert.rejects(third, /interrupted|aborted/);
  turn[Symbol.dispose]();
});
