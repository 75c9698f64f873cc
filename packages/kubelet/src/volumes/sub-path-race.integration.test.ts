import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Worker } from "node:worker_threads";
import { mountsBelow, systemMounts } from "./mounts.ts";
import { openBeneath } from "./open-beneath.ts";
import { bindSubPath, openSubPath } from "./sub-path.ts";

const signal = new AbortController().signal;
const tries = 10_000;
const mountedTries = 300;

let directory: string;
let volume: string;
let host: string;

before(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), "sub-path-race-")));
  [volume, host] = [join(directory, "volume"), join(directory, "host")];
  for (const path of [host, join(host, "etc"), volume, join(volume, "real"), join(volume, "real/etc")]) mkdirSync(path);
  writeFileSync(join(host, "etc/secret"), "of the host\n");
  writeFileSync(join(volume, "real/etc/secret"), "of the volume\n");
});

after(async () => {
  for (const mountPoint of await mountsBelow(systemMounts, directory)) await systemMounts.unmount(mountPoint, signal);
  rmSync(directory, { recursive: true });
});

/** What a container does to its volume: `swap` is a directory of the volume at one moment and a link out of it at the next. */
const swapper = `
const { renameSync, symlinkSync } = require("node:fs");
const { volume, host, stop } = require("node:worker_threads").workerData;
const swap = volume + "/swap";
let aside = 0;
const show = (name) => {
  for (;;) {
    try {
      renameSync(volume + name, swap);
      break;
    } catch {
      // Somebody has made a directory where there was none for a moment.
      renameSync(swap, volume + "/aside-" + aside++);
    }
  }
  renameSync(swap, volume + name);
};
symlinkSync(host, volume + "/link");
for (const turns = new Int32Array(stop); Atomics.load(turns, 0) === 0; Atomics.add(turns, 1, 1)) {
  show("/real");
  show("/link");
}
`;

/** Runs `attempt` while the volume's directory is swapped without pause. Answers how often it was swapped. */
async function whileSwapping(attempt: (at: number) => Promise<void>): Promise<number> {
  const stop = new SharedArrayBuffer(8);
  const turns = new Int32Array(stop);
  const worker = new Worker(swapper, { eval: true, workerData: { volume, host, stop } });
  const ended = new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
  try {
    for (let at = 0; at < tries; at++) await attempt(at);
  } finally {
    Atomics.store(turns, 0, 1);
    await ended;
    rmSync(join(volume, "link"), { force: true });
  }
  return Atomics.load(turns, 1);
}

function assertHostUntouched(): void {
  assert.deepEqual(readdirSync(host), ["etc"]);
  assert.deepEqual(readdirSync(join(host, "etc")), ["secret"]);
  assert.equal(readFileSync(join(host, "etc/secret"), "utf8"), "of the host\n");
}

test("10,000 sub-paths of a volume whose directory is swapped for a link reach nothing of the host", async () => {
  const outcomes = { volume: 0, made: 0, refused: 0, fooledByName: 0 };
  const target = join(directory, "target/0");
  const secretOfHost = statSync(join(host, "etc/secret")).ino;
  const turns = await whileSwapping(async (at) => {
    // Files that are there, and directories that are to be made.
    const subPath = at % 2 === 0 ? "swap/etc/secret" : `swap/made-${at}/deeper`;
    try {
      // What a check of the name, followed by a use of the name, would have been given.
      if (statSync(join(volume, "swap/etc/secret")).ino === secretOfHost) outcomes.fooledByName++;
    } catch {
      // It is neither at this moment.
    }
    try {
      if (at % (tries / mountedTries) < 1) {
        await bindSubPath(systemMounts, volume, subPath, target, signal);
        if (at % 2 === 0 && statSync(target).isFile()) assert.equal(readFileSync(target, "utf8"), "of the volume\n");
        await systemMounts.unmount(target, signal);
        rmSync(target, { recursive: true });
      }
      await using held = await openSubPath(volume, subPath);
      const info = await held.handle.stat();
      assert.notEqual(info.ino, secretOfHost);
      outcomes[info.isFile() ? "volume" : "made"]++;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      outcomes.refused++;
    }
  });
  assertHostUntouched();
  assert.ok(turns > tries / 10, `only ${turns} swaps`);
  assert.ok(
    outcomes.refused > 0 && outcomes.made + outcomes.volume > 0 && outcomes.fooledByName > 0,
    JSON.stringify(outcomes),
  );
});

test("10,000 reads of a log below a directory that is swapped for a link never show the host's", async () => {
  const outcomes = { volume: 0, refused: 0 };
  await whileSwapping(async () => {
    try {
      await using held = await openBeneath(volume, "swap/etc/secret");
      assert.equal(await held.handle.readFile("utf8"), "of the volume\n");
      outcomes.volume++;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      outcomes.refused++;
    }
  });
  assert.ok(outcomes.volume > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
});
