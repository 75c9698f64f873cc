import assert from "node:assert/strict";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { Overload } from "../flow-control/overload.ts";
import { OverloadAnswers } from "./overload-answers.ts";

function bench() {
  const clock = new FakeClock();
  const stop = new AbortController();
  const answers = new OverloadAnswers(clock, stop.signal);
  const send = (overload: Overload) => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    void answers.send(response, overload, "the-id");
    return response;
  };
  return { clock, stop, send };
}

test("refusals are told at once", () => {
  const response = bench().send(new Overload(4));
  assert.deepEqual([response.statusCode, response.writableEnded], [429, true]);
});

test("those of a flood are told later, but for more than are held, and at once when the server stops", async () => {
  const { clock, stop, send } = bench();
  const flood = () => send(new Overload(1, {}, true));
  const held = Array.from({ length: 5_000 }, flood);
  assert.equal(flood().writableEnded, true);
  await clock.advance(999);
  assert.ok(held.every(({ writableEnded }) => !writableEnded));
  await clock.advance(1);
  assert.ok(held.every(({ writableEnded }) => writableEnded));
  const last = flood();
  stop.abort();
  await clock.advance(0);
  assert.deepEqual([last.writableEnded, clock.pendingTimers], [true, 0]);
});

test("a client that has gone meanwhile is told nothing", async () => {
  const { clock, send } = bench();
  const response = send(new Overload(1, {}, true));
  response.destroy();
  await clock.advance(1_000);
  assert.equal(response.headersSent, false);
});
