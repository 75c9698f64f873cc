import assert from "node:assert/strict";
import { test } from "node:test";
import { aborted } from "./abort.ts";
import { TaskGroup } from "./task-group.ts";

test("the first failure stops the others, and is what the group ends with", async () => {
  const group = new TaskGroup(new AbortController().signal);
  const ended: string[] = [];
  group.start(async (signal) => {
    await aborted(signal);
    ended.push("other");
  });
  group.start(async () => {
    throw new Error("first");
  });
  await assert.rejects(group.settled(), /first/);
  assert.deepEqual(ended, ["other"]);
});

test("the owner's signal stops all tasks without a failure", async () => {
  const controller = new AbortController();
  const group = new TaskGroup(controller.signal);
  group.start(async (signal) => {
    await aborted(signal);
    signal.throwIfAborted();
  });
  controller.abort(new Error("over"));
  await group.settled();
});

test("a stopped group has ended, tasks that were started by tasks included", async () => {
  const group = new TaskGroup(new AbortController().signal);
  const ended: string[] = [];
  group.start(async (signal) => {
    group.start(async (inner) => {
      await aborted(inner);
      ended.push("inner");
    });
    await aborted(signal);
    ended.push("outer");
  });
  await group.stop();
  assert.deepEqual(ended.sort(), ["inner", "outer"]);
});
