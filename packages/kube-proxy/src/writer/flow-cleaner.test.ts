import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { silentLogger } from "@kube-ts/std/log";
import { createPortJoin } from "../model/proxied-ports.ts";
import type { TrackedFlow } from "../model/stale-flows.ts";
import { makeService, makeSlice } from "../testing/proxy-fixtures.ts";
import type { EndpointState } from "../testing/proxy-fixtures.ts";
import type { Conntrack, FlowKind } from "./conntrack.ts";
import { FlowCleaner } from "./flow-cleaner.ts";

const signal = AbortSignal.timeout(10_000);
const service = makeService();
const join = createPortJoin("IPv4", "n1");
const having = (...endpoints: EndpointState[]) => join([service], [makeSlice(endpoints)]);
const [one, two] = [{ ip: "10.244.1.2" }, { ip: "10.244.1.3" }];
const attempt = (replySource: string) => ({ destination: "10.96.0.10", destinationPort: 80, replySource });

/** A table of connections in memory, which may fail, and which tells how often it was read. */
class Table implements Conntrack {
  flows: readonly TrackedFlow[] = [];
  reads = 0;
  fails = false;

  list(kind: FlowKind): Promise<readonly TrackedFlow[]> {
    this.reads += 1;
    if (this.fails) return Promise.reject(new Error("the table is busy"));
    return Promise.resolve(kind === "tcpAttempt" ? this.flows : []);
  }

  delete(_kind: FlowKind, { replySource }: TrackedFlow): Promise<void> {
    this.flows = this.flows.filter((flow) => flow.replySource !== replySource);
    return Promise.resolve();
  }
}

describe("unanswered attempts to connect", () => {
  let table: Table;
  let cleaner: FlowCleaner;
  const clean = (ports: ReturnType<typeof having>, always = false) => cleaner.clean(ports, [], always, signal);

  beforeEach(() => {
    table = new Table();
    cleaner = new FlowCleaner(table, silentLogger);
  });

  test("are forgotten when their endpoint is lost, and the others stay", async () => {
    await clean(having(one, two));
    table.flows = [attempt(one.ip), attempt(two.ip)];
    assert.equal(await clean(having(two)), 1);
    assert.deepEqual(table.flows, [attempt(two.ip)]);
  });

  test("are looked for at the start, whatever was lost before it", async () => {
    table.flows = [attempt(one.ip)];
    assert.equal(await clean(having(two)), 1);
  });

  test("are not looked for when nothing was lost, also in a full round", async () => {
    await clean(having(one));
    const { reads } = table;
    await clean(having(one, two));
    await clean(having(one, two), true);
    assert.equal(table.reads, reads);
  });

  test("are looked for again after a failure", async () => {
    await clean(having(one, two));
    table.flows = [attempt(one.ip)];
    table.fails = true;
    assert.equal(await clean(having(two)), 0);
    table.fails = false;
    assert.equal(await clean(having(two)), 1);
  });

  test("are forgotten to the last one, round by round", async () => {
    await clean(having(one));
    table.flows = Array.from({ length: 1_500 }, (_, index) => attempt(`10.245.${index >> 8}.${index & 255}`));
    assert.equal(await clean(having()), 1_000);
    assert.equal(await clean(having()), 500);
    assert.equal(await clean(having()), 0);
  });
});
