import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { PodList } from "@kube-ts/api/core/v1";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { LoadClient } from "../../bench/load-client.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { storedPod, storePods } from "../harness/many-pods.ts";
import { turnFileVariable } from "../harness/turn-probe.ts";
import type { LoopRecord } from "../harness/turn-probe.ts";

// A cluster of 150,000 pods: nothing that the server does with all of them may keep other requests waiting.

const podCount = 150_000;
/**
 * A turn may cost what it costs on this machine, at this moment, to parse so many pods: a thirtieth of all. The work is
 * cut into slices of 5 ms, a fraction of that; what touched each of the pods in one turn would cost more.
 */
const podsOfTurn = 5_000;
/** A garbage collection cannot be cut. */
const podsOfTurnWithCollection = 5 * podsOfTurn;
/** Clients that ask for lists at once. */
const listers = 50;
const pods = "/api/v1/pods";

let etcd: EtcdProcess;
let server: ServerUnderTest;
let api: ApiRequests;
let directory: string;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-large-"));
  etcd = await EtcdProcess.start({ flags: ["--quota-backend-bytes=4294967296"] });
  await storePods(etcd.endpoint, podCount);
  process.env[turnFileVariable] = turnFile();
  process.env["NODE_OPTIONS"] = `--import ${new URL("../harness/turn-probe.ts", import.meta.url).href}`;
  try {
    // However slow the machine is, no list is given up.
    server = await startServer(["--request-timeout=15m"], { etcd: [etcd] });
  } finally {
    delete process.env["NODE_OPTIONS"];
    delete process.env[turnFileVariable];
  }
  api = new ApiRequests(server);
});

after(async () => {
  await server?.[Symbol.asyncDispose]();
  await etcd?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const turnFile = () => join(directory, "turns.jsonl");
let reportedUntil = 0;
const sample = Array.from({ length: podsOfTurn }, (_, index) => storedPod(index).json);
let sampleCpuMs = 0;

/** What it costs to parse the sample: the dearest of all calls, as the machine may have been at its slowest in a turn. */
function costOfSample(): number {
  const before = process.threadCpuUsage();
  for (const json of sample) JSON.parse(json);
  const { user, system } = process.threadCpuUsage(before);
  sampleCpuMs = Math.max(sampleCpuMs, (user + system) / 1_000);
  return sampleCpuMs;
}

/** Fails for a turn since the last call that was too long. The loading of the program itself does not count. */
async function assertShortTurns(what: string): Promise<void> {
  // Answered in later turns, after all that came before was told.
  for (let turn = 0; turn < 2; turn += 1) assert.equal((await api.ask("GET", "/livez")).code, 200);
  const allowedMs = costOfSample();
  const allowedWithCollectionMs = (allowedMs * podsOfTurnWithCollection) / podsOfTurn;
  const turns = turnsSince(Math.max(reportedUntil, startOfServer()));
  reportedUntil = Date.now();
  const own = Math.max(0, ...turns.map(({ cpuMs, collectedMs }) => cpuMs - collectedMs));
  const whole = Math.max(0, ...turns.map(({ cpuMs }) => cpuMs));
  process.stdout.write(
    `${what}: longest turn ${own.toFixed(1)} ms, ${whole.toFixed(1)} ms with garbage collection, ` +
      `a thirtieth of the pods is parsed in ${allowedMs.toFixed(1)} ms\n`,
  );
  assert.ok(own < allowedMs && whole < allowedWithCollectionMs, `${what}: ${JSON.stringify(turns)}`);
}

interface Turn {
  readonly cpuMs: number;
  /** How much of it was garbage collection. */
  readonly collectedMs: number;
}

function turnsSince(from: number): Turn[] {
  const lines = existsSync(turnFile()) ? readFileSync(turnFile(), "utf8").split("\n").filter(Boolean) : [];
  const records = lines.map((line) => JSON.parse(line) as LoopRecord).filter(({ startedAt }) => startedAt >= from);
  const collections = records.filter(({ kind }) => kind === "collection");
  const turns = records.filter(({ kind }) => kind === "turn");
  return turns.map((turn) => {
    const within = collections.filter(
      ({ startedAt, endedAt }) => startedAt >= turn.startedAt && endedAt <= turn.endedAt,
    );
    const collectedMs = within.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
    return { cpuMs: turn.cpuMs, collectedMs };
  });
}

/** When the program was loaded and began, as its log says. */
function startOfServer(): number {
  const [first = ""] = readFileSync(join(server.directory, "kube-apiserver.log"), "utf8").split("\n");
  return Date.parse((JSON.parse(first) as { time: string }).time);
}

async function listedBytes(query: string, accept = "application/json"): Promise<number> {
  const answer = await api.open("GET", `${pods}?${query}`, { headers: { Accept: accept } });
  let sizeBytes = 0;
  for await (const chunk of answer) sizeBytes += (chunk as Buffer).length;
  assert.equal(answer.statusCode, 200);
  return sizeBytes;
}

test("the caches are filled in slices", async () => {
  const { items, metadata } = await api.json<PodList>("GET", `${pods}?limit=1`);
  assert.equal(items.length + (metadata.remainingItemCount ?? 0), podCount);
  await assertShortTurns("start");
});

test("a list of everything is sent in slices, others are served meanwhile", async () => {
  let served = 0;
  const listed = new AbortController();
  const others = async () => {
    while (!listed.signal.aborted) {
      assert.equal((await api.ask("GET", "/api/v1/namespaces/default")).code, 200);
      served += 1;
    }
  };
  const serving = others();
  const sizeBytes = await listedBytes("resourceVersion=0");
  listed.abort();
  await serving;
  assert.ok(sizeBytes > podCount * 2_000, `${sizeBytes} bytes`);
  assert.ok(served > 10, `${served} requests were served meanwhile`);
  await assertShortTurns("list");
});

test("the first lists by a field are answered from one index", async () => {
  using client = new LoadClient(server, listers);
  const each = <T>(call: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: listers }, (_, i) => call(i)));
  // To open so many connections is work of its own.
  await each(() => client.send("GET", "/livez"));
  reportedUntil = Date.now();
  const ofNode = (index: number) => `${pods}?fieldSelector=spec.nodeName%3Dnode-${index}`;
  const lists = await each((index) => client.send("GET", ofNode(index), undefined, { keepText: true }));
  for (const { text } of lists) assert.equal((JSON.parse(text ?? "") as PodList).items.length, 30);
  await assertShortTurns("lists by node");
});

test("a list is made protobuf in slices", async () => {
  assert.ok((await listedBytes("resourceVersion=0", "application/vnd.kubernetes.protobuf")) > podCount * 1_000);
  await assertShortTurns("list as protobuf");
});

test("initial events are sent in slices", async () => {
  const query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  let events = 0;
  let tail = "";
  const answer = await api.open("GET", `${pods}?${query}`);
  for await (const chunk of answer) {
    for (let at = (chunk as Buffer).indexOf("\n"); at >= 0; at = (chunk as Buffer).indexOf("\n", at + 1)) events += 1;
    tail = (tail + (chunk as Buffer).subarray(-1_000).toString()).slice(-1_000);
    if (tail.includes("k8s.io/initial-events-end")) break;
  }
  assert.equal(events, podCount + 1);
  await assertShortTurns("initial events");
});
