import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "dns-packet";
import type { DecodedPacket } from "dns-packet";
import { makeQuestion } from "../testing/dns-fixtures.ts";
import { readQuery, responseCode } from "./query.ts";
import type { Query } from "./query.ts";
import { encodeRefusal, encodeReply, maxTcpBytes, udpLimit } from "./response.ts";
import type { ResourceRecord } from "./response.ts";

function query(message: Buffer): Query {
  const read = readQuery(message);
  assert.ok(read.kind === "query");
  return read.query;
}

const address = (name: string, data: string): ResourceRecord => ({ name, type: "A", ttl: 30, data });
const many = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => address(name, `10.0.${index >> 8}.${index & 255}`));

test("a question is read with its case kept and its labels folded", () => {
  const read = query(makeQuestion("WeB.Default.svc", "AAAA", { id: 7, udpSize: 4096 }));
  assert.deepEqual(read.labels, ["web", "default", "svc"]);
  assert.equal(read.id, 7);
  assert.equal(read.type, 28);
  assert.equal(read.recursionDesired, true);
  assert.equal(read.edns?.udpSize, 4096);
  assert.match(read.question.toString("latin1"), /WeB/);
});

const broken: readonly (readonly [string, Buffer, string])[] = [
  ["nothing", Buffer.alloc(0), "ignored"],
  ["half a header", Buffer.alloc(11), "ignored"],
  ["an answer", changed(makeQuestion("a", "A"), 2, 0x80), "ignored"],
  ["an update", changed(makeQuestion("a", "A"), 2, 0x28), "refused 4"],
  ["no question", changed(makeQuestion("a", "A"), 5, 0), "refused 1"],
  ["two questions", changed(makeQuestion("a", "A"), 5, 2), "refused 1"],
  ["a cut off name", makeQuestion("abc", "A").subarray(0, 14), "refused 1"],
  ["a cut off type", makeQuestion("abc", "A").subarray(0, 19), "refused 1"],
  ["a pointer in the question", changed(makeQuestion("abc", "A"), 12, 0xc0), "refused 1"],
  ["a record that is not there", changed(makeQuestion("abc", "A"), 11, 1), "refused 1"],
  ["a name that is too long", makeQuestion(Array.from({ length: 60 }, () => "abcde").join("."), "A"), "refused 1"],
];
for (const [name, message, expected] of broken) {
  test(`${name} is ${expected}`, () => {
    const read = readQuery(message);
    assert.equal(read.kind === "refused" ? `refused ${read.code}` : read.kind, expected);
  });
}

function changed(message: Buffer, offset: number, value: number): Buffer {
  message[offset] = value;
  return message;
}

test("no random bytes make the reader throw", () => {
  let state = 1;
  const next = () => (state = (state * 48271) % 0x7fffffff);
  for (let round = 0; round < 20_000; round += 1) {
    const message = makeQuestion("web.default.svc.cluster.local", "A", { udpSize: 1232 });
    for (let change = next() % 6; change >= 0; change -= 1) message[next() % message.length] = next() % 256;
    readQuery(message.subarray(0, next() % (message.length + 1)));
  }
});

test("an answer repeats the question as it was asked", () => {
  const asked = query(makeQuestion("WEB.ns", "A", { id: 99 }));
  const reply = encodeReply(
    asked,
    { code: responseCode.NOERROR, authoritative: true, answers: [address("web.ns", "10.0.0.1")] },
    512,
  );
  const decoded = decode(reply);
  assert.equal(decoded.id, 99);
  assert.equal(decoded.flag_aa, true);
  assert.equal(decoded.flag_rd, true);
  assert.equal(decoded.questions?.[0]?.name, "WEB.ns");
  const [answer] = decoded.answers ?? [];
  assert.ok(answer?.type === "A");
  assert.equal(answer.name, "WEB.ns");
  assert.equal(answer.data, "10.0.0.1");
});

test("an answer that is too long for UDP is cut and marked; over TCP it is whole", () => {
  const name = "web.default.svc.cluster.local";
  const asked = query(makeQuestion(name, "A"));
  const reply = { code: responseCode.NOERROR, authoritative: true, answers: many(name, 100) } as const;
  assert.equal(udpLimit(asked), 512);
  const cut = encodeReply(asked, reply, udpLimit(asked));
  assert.ok(cut.length <= 512);
  assert.equal(decode(cut).flag_tc, true);
  assert.ok((decode(cut).answers?.length ?? 0) > 20);
  const whole = decode(encodeReply(asked, reply, maxTcpBytes));
  assert.equal(whole.flag_tc, false);
  assert.equal(whole.answers?.length, 100);
});

test("a client's size counts within bounds, and OPT is answered by OPT", () => {
  const sizes: readonly (readonly [number, number])[] = [
    [100, 512],
    [800, 800],
    [65_535, 1232],
  ];
  for (const [asked, expected] of sizes)
    assert.equal(udpLimit(query(makeQuestion("a", "A", { udpSize: asked }))), expected);
  const reply = encodeReply(
    query(makeQuestion("a", "A", { udpSize: 800 })),
    { code: responseCode.BADVERS, authoritative: false },
    800,
  );
  const [opt] = decode(reply).additionals ?? [];
  assert.ok(opt?.type === "OPT");
  assert.equal(opt.extendedRcode, 1);
  assert.equal(opt.udpPayloadSize, 1232);
});

test("additional records that do not fit are left out without a mark", () => {
  const asked = query(makeQuestion("a", "A"));
  const reply = { code: responseCode.NOERROR, authoritative: true, answers: [address("a", "10.0.0.1")] } as const;
  const decoded = decode(encodeReply(asked, { ...reply, additionals: many("b", 100) }, 512));
  assert.equal(decoded.flag_tc, false);
  assert.equal(decoded.answers?.length, 1);
  assert.ok((decoded.additionals?.length ?? 0) < 100);
});

test("a refusal carries the id and the code", () => {
  const decoded = decode(encodeRefusal(makeQuestion("a", "A", { id: 5 }), responseCode.NOTIMP));
  assert.equal(decoded.id, 5);
  assert.equal((decoded as DecodedPacket & { rcode: string }).rcode, "NOTIMP");
});
