import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { decode, encode } from "dns-packet";
import type { Answer, DecodedPacket } from "dns-packet";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import { exchangeTcp, exchangeUdp, withLength } from "../forward/exchange.ts";
import { Forwarder } from "../forward/forwarder.ts";
import { recordType } from "../message/query.ts";
import { QueryHandler } from "../query-handler.ts";
import { makeQuestion, sampleCluster } from "../testing/dns-fixtures.ts";
import { ClusterZone } from "../zone/cluster-zone.ts";
import { listenTcp } from "./tcp-listener.ts";
import { listenUdp } from "./udp-listener.ts";

const signal = AbortSignal.timeout(30_000);
const host = "127.0.0.1";
const web = "web.default.svc.cluster.local";

interface Server extends AsyncDisposable {
  readonly port: number;
  readonly resolver: Resolver;
  readonly forwarder: Forwarder;
  /** Questions that came in. */
  readonly handled: { count: number };
  askUdp(message: Buffer): Promise<Decoded>;
  askTcp(message: Buffer): Promise<Decoded>;
}

type Decoded = DecodedPacket & { rcode?: string };

/** A server on a free loopback port that hands questions to `upstreamPort`, if there is one. */
async function startServer(upstreamPort?: number, ready = true): Promise<Server> {
  const stack = new AsyncDisposableStack();
  const forwarder = new Forwarder({
    maxInFlight: 100,
    attemptTimeoutMs: 300,
    totalTimeoutMs: 500,
    cache: { maxEntries: 100, maxBytes: 1_000_000, maxTtlSeconds: 30 },
    clock: systemClock,
    log: silentLogger,
    randomId: () => 4242,
  });
  if (upstreamPort !== undefined) forwarder.setUpstreams([{ host, port: upstreamPort }]);
  const zone = new ClusterZone("cluster.local", sampleCluster(), () => 1);
  const handler = new QueryHandler({ zone, ready: () => ready, forwarder, random: seededRandom(1), signal });
  const handled = { count: 0 };
  const handle = async (message: Buffer, transport: "udp" | "tcp") => {
    handled.count += 1;
    return (await handler.handle(message, transport)).response;
  };
  const { port } = stack.use(await listenTcp({ host, port: 0 }, handle, silentLogger, signal));
  stack.use(await listenUdp({ host, port }, handle, silentLogger, signal));
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`${host}:${port}`]);
  const ask = (exchange: typeof exchangeUdp) => async (message: Buffer) => {
    const question = message.subarray(12, message.indexOf(0, 12) + 5);
    return decode(await exchange({ host, port }, message, question, signal)) as Decoded;
  };
  return {
    port,
    resolver,
    forwarder,
    handled,
    askUdp: ask(exchangeUdp),
    askTcp: ask(exchangeTcp),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A server of the world outside, which knows registry.example.com and big.example.com. */
async function startUpstream(): Promise<AsyncDisposable & { readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const respond = (message: Buffer, limit: number) => {
    const { id = 0, questions = [] } = decode(message);
    const name = questions[0]?.name ?? "";
    asked.push(name);
    const count = name === "big.example.com" ? 60 : name === "registry.example.com" ? 1 : 0;
    const answers = Array.from({ length: count }, (_, index): Answer => ({
      name,
      type: "A",
      ttl: 300,
      data: `192.0.2.${index + 1}`,
    }));
    const whole = { type: "response", id, questions, answers, flags: count > 0 ? 0x0180 : 0x0183 } as const;
    const response = encode(whole);
    return response.length <= limit ? response : encode({ ...whole, answers: [], flags: 0x0380 });
  };
  const tcp = createServer((socket) => {
    socket.on("data", (chunk: Buffer) => socket.end(withLength(respond(chunk.subarray(2), 65_535))));
  });
  await new Promise<void>((resolve) => tcp.listen(0, host, resolve));
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket("udp4");
  udp.on("message", (message, from) => udp.send(respond(message, 512), from.port, from.address));
  await new Promise<void>((resolve) => udp.bind(port, host, resolve));
  return {
    port,
    asked,
    [Symbol.asyncDispose]: async () => {
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}

test("a resolver that we did not write gets the cluster's names", async () => {
  await using server = await startServer();
  const { resolver } = server;
  assert.deepEqual(await resolver.resolve4(web), ["10.96.0.10"]);
  assert.deepEqual(await resolver.resolve6("WEB.Default.svc.cluster.local"), ["fd00:96::10"]);
  assert.deepEqual((await resolver.resolve4("mysql.db.svc.cluster.local")).sort(), [
    "10.244.1.2",
    "10.244.1.3",
    "10.244.1.5",
  ]);
  const [srv] = await resolver.resolveSrv(`_http._tcp.${web}`);
  assert.deepEqual([srv?.name, srv?.port, srv?.priority, srv?.weight], [web, 80, 0, 100]);
  assert.deepEqual(await resolver.resolveTxt("dns-version.cluster.local"), [["1.1.0"]]);
  assert.deepEqual(await resolver.reverse("10.96.0.10"), [web]);
  assert.deepEqual(await resolver.resolve4("10-244-7-7.default.pod.cluster.local"), ["10.244.7.7"]);
  await assert.rejects(resolver.resolve4("no.default.svc.cluster.local"), { code: "ENOTFOUND" });
  await assert.rejects(resolver.resolveTxt(web), { code: "ENODATA" });
  await assert.rejects(resolver.resolve4("example.com"), { code: "EREFUSED" });
});

test("UDP and TCP say the same", async () => {
  await using server = await startServer();
  const udp = await server.askUdp(makeQuestion(web, "A"));
  const tcp = await server.askTcp(makeQuestion(web, "A"));
  assert.equal(udp.flag_aa, true);
  assert.equal(udp.flag_ra, true);
  assert.deepEqual(tcp, udp);
});

test("that there is nothing comes with a start of authority", async () => {
  await using server = await startServer();
  for (const [name, code] of [
    ["no.default.svc.cluster.local", "NXDOMAIN"],
    ["default.svc.cluster.local", "NOERROR"],
  ] as const) {
    const { rcode, answers, authorities = [], flag_aa } = await server.askUdp(makeQuestion(name, "A"));
    assert.equal(rcode, code);
    assert.equal(flag_aa, true);
    assert.deepEqual(answers, []);
    assert.equal(authorities[0]?.type, "SOA");
  }
});

test("zone transfers, other classes and versions are refused", async () => {
  await using server = await startServer();
  assert.equal((await server.askTcp(makeQuestion("cluster.local", "AXFR"))).rcode, "REFUSED");
  assert.equal((await server.askTcp(makeQuestion("cluster.local", "IXFR"))).rcode, "REFUSED");
  const chaos = makeQuestion("version.bind", "TXT");
  chaos.writeUInt16BE(3, chaos.length - 2);
  assert.equal((await server.askUdp(chaos)).rcode, "REFUSED");
  const version = makeQuestion(web, "A", { udpSize: 1232 });
  version[version.length - 5] = 1;
  const [opt] = (await server.askUdp(version)).additionals ?? [];
  assert.ok(opt?.type === "OPT");
  assert.equal(opt.extendedRcode, 1);
});

test("before the cluster is known its names fail, so that clients ask again", async () => {
  await using server = await startServer(undefined, false);
  assert.equal((await server.askUdp(makeQuestion(web, "A"))).rcode, "SERVFAIL");
});

test("other names are asked for elsewhere, once", async () => {
  await using upstream = await startUpstream();
  await using server = await startServer(upstream.port);
  assert.deepEqual(await server.resolver.resolve4("registry.example.com"), ["192.0.2.1"]);
  const cached = await server.askUdp(makeQuestion("Registry.example.COM", "A"));
  assert.equal(cached.questions?.[0]?.name, "Registry.example.COM");
  assert.equal(cached.answers?.length, 1);
  assert.deepEqual(upstream.asked, ["registry.example.com"]);
  await assert.rejects(server.resolver.resolve4("no.example.com"), { code: "ENOTFOUND" });
});

test("an answer that is too long for UDP is fetched over TCP by a client that wants it", async () => {
  await using upstream = await startUpstream();
  await using server = await startServer(upstream.port);
  const cut = await server.askUdp(makeQuestion("big.example.com", "A"));
  assert.equal(cut.flag_tc, true);
  assert.equal((await server.askTcp(makeQuestion("big.example.com", "A"))).answers?.length, 60);
  // It is kept now, but still does not fit.
  const again = await server.askUdp(makeQuestion("big.example.com", "A"));
  assert.equal(again.flag_tc, true);
  assert.deepEqual(again.answers, []);
});

test("an ExternalName brings the addresses of what it stands for", async () => {
  await using upstream = await startUpstream();
  await using server = await startServer(upstream.port);
  assert.deepEqual(await server.resolver.resolve4("mirror.default.svc.cluster.local"), ["192.0.2.1"]);
  assert.deepEqual(await server.resolver.resolveCname("mirror.default.svc.cluster.local"), ["registry.example.com"]);
  assert.deepEqual(await server.resolver.resolve4("inner.default.svc.cluster.local"), ["10.96.0.10"]);
  const ring = await server.askUdp(makeQuestion("ring.default.svc.cluster.local", "A"));
  assert.equal(ring.rcode, "SERVFAIL");
  const data = (await server.askUdp(makeQuestion("mirror.default.svc.cluster.local", "A"))).answers?.map(
    (answer) => answer.type,
  );
  assert.deepEqual(data, ["CNAME", "A"]);
});

test("an ExternalName whose target cannot be found out fails", async () => {
  await using server = await startServer();
  const answer = await server.askUdp(makeQuestion("mirror.default.svc.cluster.local", "A"));
  assert.equal(answer.rcode, "SERVFAIL");
});

test("a question that comes back does not go around", async () => {
  await using server = await startServer();
  server.forwarder.setUpstreams([{ host, port: server.port }]);
  const answer = await server.askUdp(makeQuestion("loop.example.com", "A"));
  assert.equal(answer.rcode, "SERVFAIL");
  assert.equal(server.handled.count, 2);
});

test("several questions on one connection, in pieces, all get answers", async () => {
  await using server = await startServer();
  const ids = Array.from({ length: 100 }, (_, index) => index);
  const stream = Buffer.concat(ids.map((id) => withLength(makeQuestion(web, "A", { id }))));
  const socket = connect({ host, port: server.port });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  for (let offset = 0; offset < stream.length; offset += 77) socket.write(stream.subarray(offset, offset + 77));
  socket.end();
  await new Promise((resolve) => socket.once("close", resolve));
  const received = Buffer.concat(chunks);
  const answered: number[] = [];
  for (let offset = 0; offset < received.length; offset += 2 + received.readUInt16BE(offset)) {
    answered.push(received.readUInt16BE(offset + 2));
  }
  assert.deepEqual(
    answered.sort((a, b) => a - b),
    ids,
  );
});

test("garbage is not answered, and harms nobody else", async () => {
  await using server = await startServer();
  const socket = createSocket("udp4");
  for (const garbage of ["", "x", "\0".repeat(12), "\xff".repeat(600)]) socket.send(garbage, server.port, host);
  const tcp = connect({ host, port: server.port });
  tcp.end(Buffer.from([0, 3, 1, 2, 3]));
  await new Promise((resolve) => tcp.once("close", resolve));
  assert.equal((await server.askUdp(makeQuestion(web, "A"))).rcode, "NOERROR");
  socket.close();
});

test("every type of record can be asked for", async () => {
  await using server = await startServer();
  for (const type of [...Object.values(recordType), 65, 257, 65_280]) {
    const { rcode } = await server.askUdp(makeQuestion(web, type));
    assert.equal(rcode, type === recordType.AXFR || type === recordType.IXFR ? "REFUSED" : "NOERROR", String(type));
  }
});
