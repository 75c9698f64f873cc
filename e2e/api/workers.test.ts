import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startServer } from "../../bench/api-server-process.ts";
import { LoadClient } from "../../bench/load-client.ts";
import { eventually } from "../harness/eventually.ts";

/** The processes that another one started and that still run. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

test("workers share a port, show each other's writes, and are replaced when they die", async () => {
  await using server = await startServer(["--workers=2"]);
  using client = new LoadClient(server, 16);
  assert.equal(childrenOf(server.pid).length, 2);

  const configMaps = "/api/v1/namespaces/default/configmaps";
  const body = (index: number) => ({ metadata: { name: `shared-${index}` }, data: { index: String(index) } });
  // Sixteen connections are spread over both workers: whoever is asked shows what the other one has written.
  for (let index = 0; index < 40; index += 1) {
    await client.send("POST", configMaps, body(index));
    const reads = Array.from({ length: 8 }, () => client.send("GET", `${configMaps}/shared-${index}`));
    for (const { status } of await Promise.all(reads)) assert.equal(status, 200);
  }

  const [victim = 0] = childrenOf(server.pid);
  process.kill(victim, "SIGKILL");
  await eventually("the worker is replaced", () => {
    const workers = childrenOf(server.pid);
    return workers.length === 2 && !workers.includes(victim);
  });
  await eventually("everything is served", async () => {
    const answers = Array.from({ length: 16 }, (_, index) => client.send("GET", `${configMaps}/shared-${index}`));
    return (await Promise.allSettled(answers)).every(({ status }) => status === "fulfilled");
  });
});
