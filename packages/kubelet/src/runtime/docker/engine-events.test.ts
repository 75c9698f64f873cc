import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import { podLabels } from "../labels.ts";
import type { RuntimeEvent } from "../runtime.ts";
import { dockerLabels } from "./docker-labels.ts";
import { DockerEngine } from "./engine.ts";
import { engineEvents, runtimeEvent } from "./engine-events.ts";

const pod = { name: "web", namespace: "default", uid: "u" };
let directory: string;
let server: Server;
let streams: ServerResponse[];

/** An engine of which only the events can be asked. */
async function startEngine(): Promise<void> {
  server = createServer((request, response) => {
    if (request.url === "/version") response.end('{"MinAPIVersion":"1.12"}');
    else {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.flushHeaders();
      streams.push(response);
    }
  });
  await new Promise<void>((resolve) => server.listen(join(directory, "engine.sock"), resolve));
}

async function stopEngine(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-events-"));
  streams = [];
  await startEngine();
});

afterEach(async () => {
  await stopEngine();
  rmSync(directory, { recursive: true });
});

function message(action: string, id: string, type = "container"): unknown {
  return {
    Type: "container",
    Action: action,
    Actor: { ID: id, Attributes: { ...podLabels(pod), [dockerLabels.type]: type } },
  };
}

test("what matters becomes an event, the rest does not", () => {
  assert.deepEqual(runtimeEvent(message("die", "c")), { type: "container", change: "exited", id: "c", pod });
  assert.deepEqual(runtimeEvent(message("destroy", "s", "podsandbox")), {
    type: "sandbox",
    change: "removed",
    id: "s",
    pod,
  });
  assert.equal(runtimeEvent(message("exec_create: ls", "c")), undefined);
  assert.equal(runtimeEvent({ Type: "container", Action: "die", Actor: { ID: "x", Attributes: {} } }), undefined);
  assert.equal(runtimeEvent({}), undefined);
});

test("the stream outlives the engine and asks for a resync after each gap", async () => {
  const engine = new DockerEngine(`unix://${directory}/engine.sock`, 5_000);
  let disconnects = 0;
  const options = {
    engine,
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
    onDisconnect: () => disconnects++,
  };
  const stop = new AbortController();
  const events = engineEvents(options, stop.signal);
  const next = async (): Promise<RuntimeEvent | undefined> => (await events.next()).value as RuntimeEvent | undefined;

  assert.deepEqual(await next(), { type: "resync" });
  streams.at(-1)?.write(`${JSON.stringify(message("start", "a"))}\n`);
  assert.equal(((await next()) as { id?: string }).id, "a");

  await stopEngine();
  const afterRestart = next();
  await startEngine();
  assert.deepEqual(await afterRestart, { type: "resync" });
  assert.ok(disconnects >= 1);
  streams.at(-1)?.write(`${JSON.stringify(message("start", "b"))}\n`);
  assert.equal(((await next()) as { id?: string }).id, "b");

  const last = events.next();
  stop.abort(new Error("stopped"));
  assert.equal((await last).done, true);
});

test("a reader that is far behind is told to look at everything instead", async () => {
  const engine = new DockerEngine(`unix://${directory}/engine.sock`, 5_000);
  const options = { engine, clock: systemClock, random: seededRandom(1), log: silentLogger, onDisconnect: () => {} };
  const stop = new AbortController();
  const events = engineEvents(options, stop.signal);
  assert.deepEqual((await events.next()).value, { type: "resync" });
  const total = 10_000;
  const lines = Array.from({ length: total }, (_, index) => `${JSON.stringify(message("start", String(index)))}\n`);
  streams.at(-1)?.write(lines.join(""));
  const seen: RuntimeEvent[] = [];
  for await (const event of events) {
    seen.push(event);
    // The reader comes back only when all of it has arrived.
    if (seen.length === 1) await new Promise((resolve) => streams.at(-1)?.write("\n", resolve));
    if (event.type !== "resync" && event.id === String(total - 1)) break;
  }
  assert.ok(seen.length < total, `${seen.length} events were kept`);
  assert.ok(seen.some((event) => event.type === "resync"));
});
