import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "dns-packet";
import type { Answer } from "dns-packet";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { adaptResponse } from "../message/foreign-response.ts";
import { readQuery } from "../message/query.ts";
import type { Query } from "../message/query.ts";
import { makeQuestion } from "../testing/dns-fixtures.ts";
import { Forwarder } from "./forwarder.ts";
import type { ForwardResult } from "./forwarder.ts";
import { parseResolvConf, withoutOwn } from "./resolv-conf.ts";
import type { Upstream } from "./resolv-conf.ts";

const signal = new AbortController().signal;
const upstreams: readonly Upstream[] = [
  { host: "192.0.2.1", port: 53 },
  { host: "192.0.2.2", port: 53 },
];

function query(name: string, id = 1): Query {
  const read = readQuery(makeQuestion(name, "A", { id }));
  assert.ok(read.kind === "query");
  return read.query;
}

interface Seen {
  readonly host: string;
  readonly id: number;
}

type Respond = (message: Buffer, upstream: Upstream) => Promise<Buffer> | Buffer;

function setUp(respond: Respond) {
  const clock = new FakeClock();
  const seen: Seen[] = [];
  const exchange = async (upstream: Upstream, message: Buffer) => {
    seen.push({ host: upstream.host, id: message.readUInt16BE(0) });
    return respond(message, upstream);
  };
  let id = 100;
  const forwarder = new Forwarder({
    maxInFlight: 2,
    attemptTimeoutMs: 1_000,
    totalTimeoutMs: 3_000,
    cache: { maxEntries: 3, maxBytes: 100_000, maxTtlSeconds: 30 },
    clock,
    log: silentLogger,
    randomId: () => id++,
    exchange: { udp: exchange, tcp: exchange },
  });
  forwarder.setUpstreams(upstreams);
  return { clock, seen, forwarder };
}

function respondWith(ttl: number, extra: { flags?: number; authorities?: Answer[]; answers?: Answer[] } = {}): Respond {
  return (message) => {
    const { id = 0, questions = [] } = decode(message);
    const name = questions[0]?.name ?? "";
    const answers: Answer[] = extra.answers ?? [{ name, type: "A", ttl, data: "192.0.2.99" }];
    return encode({ type: "response", id, questions, flags: 0x0180, ...extra, answers });
  };
}

function ttlOf(result: ForwardResult, asked: Query): number {
  assert.ok(result.kind === "answer");
  const { message, response, ageSeconds } = result.kept;
  const decoded = decode(adaptResponse(message, response, asked, ageSeconds, 512));
  assert.equal(decoded.id, asked.id);
  const [answer] = decoded.answers ?? [];
  assert.ok(answer?.type === "A");
  return answer.ttl ?? -1;
}

test("an answer is kept for as long as it allows, and ages", async () => {
  const { clock, seen, forwarder } = setUp(respondWith(10));
  assert.equal(ttlOf(await forwarder.forward(query("example.com", 1), "udp", signal), query("example.com", 1)), 10);
  await clock.advance(4_000);
  assert.equal(ttlOf(await forwarder.forward(query("EXAMPLE.com", 2), "udp", signal), query("EXAMPLE.com", 2)), 6);
  assert.equal(seen.length, 1);
  await clock.advance(6_000);
  await forwarder.forward(query("example.com", 3), "udp", signal);
  assert.equal(seen.length, 2);
});

test("no answer is kept for longer than the bound", async () => {
  const { clock, seen, forwarder } = setUp(respondWith(86_400));
  await forwarder.forward(query("example.com"), "udp", signal);
  await clock.advance(30_000);
  await forwarder.forward(query("example.com"), "udp", signal);
  assert.equal(seen.length, 2);
});

test("that there is nothing is kept for the time that the SOA record says", async () => {
  const soa: Answer = {
    name: "example.com",
    type: "SOA",
    ttl: 20,
    data: {
      mname: "ns.example.com",
      rname: "root.example.com",
      serial: 1,
      refresh: 1,
      retry: 1,
      expire: 1,
      minimum: 5,
    },
  };
  const { clock, seen, forwarder } = setUp(respondWith(0, { flags: 0x0183, answers: [], authorities: [soa] }));
  await forwarder.forward(query("no.example.com"), "udp", signal);
  await clock.advance(4_900);
  await forwarder.forward(query("no.example.com"), "udp", signal);
  assert.equal(seen.length, 1);
  await clock.advance(100);
  await forwarder.forward(query("no.example.com"), "udp", signal);
  assert.equal(seen.length, 2);
});

for (const [name, flags] of [
  ["a failure of the server", 0x0182],
  ["a truncated answer", 0x0380],
] as const) {
  test(`${name} is handed on but not kept`, async () => {
    const { seen, forwarder } = setUp(respondWith(100, { flags }));
    const result = await forwarder.forward(query("example.com"), "udp", signal);
    assert.equal(result.kind, "answer");
    await forwarder.forward(query("example.com"), "udp", signal);
    assert.equal(seen.length, 2);
  });
}

test("the answers used least go when there are too many", async () => {
  const { seen, forwarder } = setUp(respondWith(100));
  for (const name of ["a", "b", "c", "a", "d"]) await forwarder.forward(query(name), "udp", signal);
  assert.equal(forwarder.cachedAnswers, 3);
  assert.equal(seen.length, 4);
  await forwarder.forward(query("a"), "udp", signal);
  assert.equal(seen.length, 4);
  await forwarder.forward(query("b"), "udp", signal);
  assert.equal(seen.length, 5);
});

test("names whose labels differ only in where the dots are do not share an answer", async () => {
  const { seen, forwarder } = setUp(respondWith(100));
  await forwarder.forward(query("a.b"), "udp", signal);
  const dotted = makeQuestion("axb", "A");
  dotted[14] = ".".charCodeAt(0);
  const read = readQuery(dotted);
  assert.ok(read.kind === "query");
  assert.equal(read.query.labels.join("."), "a.b");
  await forwarder.forward(read.query, "udp", signal);
  assert.equal(seen.length, 2);
});

test("the next server is asked when one does not answer, and first from then on", async () => {
  const { seen, forwarder } = setUp((message, upstream) => {
    if (upstream.host === "192.0.2.1") throw new Error("no route");
    return respondWith(0)(message, upstream);
  });
  assert.equal((await forwarder.forward(query("a"), "udp", signal)).kind, "answer");
  assert.equal((await forwarder.forward(query("b"), "udp", signal)).kind, "answer");
  assert.deepEqual(
    seen.map((entry) => entry.host),
    ["192.0.2.1", "192.0.2.2", "192.0.2.2"],
  );
});

test("when no server answers the question fails", async () => {
  const { forwarder } = setUp(() => Promise.reject(new Error("no route")));
  assert.deepEqual(await forwarder.forward(query("a"), "udp", signal), { kind: "failed", reason: "unreachable" });
  forwarder.setUpstreams([]);
  assert.deepEqual(await forwarder.forward(query("a"), "udp", signal), { kind: "failed", reason: "no-upstream" });
});

test("an answer that is not DNS is as good as none", async () => {
  const { seen, forwarder } = setUp((message) => {
    const answer = Buffer.from(message);
    answer.writeUInt16BE(0x8180, 2);
    answer.writeUInt16BE(3, 6);
    return answer;
  });
  assert.equal((await forwarder.forward(query("a"), "udp", signal)).kind, "failed");
  assert.equal(seen.length, 2);
});

test("the same question is under way once, and others are bounded", async () => {
  const release = Promise.withResolvers<void>();
  const { seen, forwarder } = setUp(async (message, upstream) => {
    await release.promise;
    return respondWith(10)(message, upstream);
  });
  const same = [1, 2, 3].map((id) => forwarder.forward(query("a", id), "udp", signal));
  const other = forwarder.forward(query("b"), "udp", signal);
  assert.deepEqual(await forwarder.forward(query("c"), "udp", signal), { kind: "failed", reason: "overloaded" });
  release.resolve();
  for (const result of await Promise.all([...same, other])) assert.equal(result.kind, "answer");
  assert.equal(seen.length, 2);
  assert.notEqual(seen[0]?.id, seen[1]?.id);
});

test("resolv.conf", () => {
  const text = `# comment
nameserver 10.0.0.1
 nameserver	fd00::53 # two
nameserver fe80::1%eth0
nameserver 10.0.0.1
nameserver example.com
search default.svc.cluster.local
options ndots:5
`;
  const hosts = parseResolvConf(text).map((upstream) => upstream.host);
  assert.deepEqual(hosts, ["10.0.0.1", "fd00::53", "fe80::1%eth0"]);
  const own = [
    { host: "127.0.0.1", port: 53 },
    { host: "FD00:0::53", port: 53 },
  ];
  const { kept, dropped } = withoutOwn(parseResolvConf(text), own);
  assert.deepEqual(
    kept.map((upstream) => upstream.host),
    ["10.0.0.1", "fe80::1%eth0"],
  );
  assert.deepEqual(dropped, [{ host: "fd00::53", port: 53 }]);
});
