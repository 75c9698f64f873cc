import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type OptAnswer, type Packet, decode, encode } from "dns-packet";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { parseResolvConf } from "../forward/resolv-conf.ts";
import { reverseAddress } from "../zone/reverse-name.ts";
import { adaptResponse, answersQuestion, readForeignResponse } from "./foreign-response.ts";
import { readQuery, responseCode } from "./query.ts";
import { encodeRefusal, encodeReply, maxUdpBytes, udpLimit } from "./response.ts";

// The library that encodes and decodes here shares no code with what is tested.

const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join("."));
const type = fc.constantFrom("A", "AAAA", "SRV", "TXT", "PTR");
const id = fc.nat({ max: 0xffff });
const edns = fc.option(fc.integer({ min: 1, max: 0xffff }), { nil: undefined });

function queryBytes(
  number: number,
  question: string,
  kind: "A" | "AAAA" | "SRV" | "TXT" | "PTR",
  size: number | undefined,
): Buffer {
  const packet: Packet = { type: "query", id: number, flags: 0x0100, questions: [{ name: question, type: kind }] };
  if (size === undefined) return encode(packet);
  const opt: OptAnswer = {
    type: "OPT",
    name: ".",
    udpPayloadSize: size,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  return encode({ ...packet, additionals: [opt] });
}

const anyQuery = fc.tuple(id, name, type, edns);

suite("queries", () => {
  test("say what was asked", () => {
    checkProperty(
      fc.property(anyQuery, ([number, question, kind, size]) => {
        const read = readQuery(queryBytes(number, question, kind, size));
        assert.ok(read.kind === "query", read.kind);
        assert.equal(read.query.id, number);
        assert.deepEqual(read.query.labels, question.toLowerCase().split("."));
        assert.equal(read.query.edns?.udpSize, size);
        assert.equal(read.query.recursionDesired, true);
        const limit = udpLimit(read.query);
        assert.ok(limit >= 512 && limit <= maxUdpBytes);
      }),
      { share: 2 },
    );
  });

  const changed = fc
    .tuple(anyQuery, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }), fc.nat())
    .map(([[number, question, kind, size], changes, end]) => {
      const bytes = queryBytes(number, question, kind, size);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return end % 3 === 0 ? bytes.subarray(0, end % (bytes.length + 1)) : bytes;
    });

  test("of any bytes are read, refused or ignored", () => {
    checkProperty(
      fc.property(
        fc.oneof(
          changed,
          fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          const read = readQuery(bytes);
          if (read.kind === "query") {
            assert.ok(read.query.question.length <= bytes.length);
            const reply = encodeReply(read.query, { code: responseCode.NXDOMAIN, authoritative: true }, 512);
            assert.equal(reply.readUInt16BE(0), read.query.id);
          } else if (read.kind === "refused") {
            assert.equal(encodeRefusal(bytes, read.code).readUInt16BE(0), bytes.readUInt16BE(0));
          }
        },
      ),
      { share: 10 },
    );
  });
});

suite("answers", () => {
  const address = fc.ipV4();
  const replies = fc.array(address, { maxLength: 60 });

  test("fit, and are marked where something is left out", () => {
    checkProperty(
      fc.property(
        anyQuery,
        replies,
        fc.integer({ min: 64, max: 2000 }),
        ([number, question, , size], addresses, room) => {
          const read = readQuery(queryBytes(number, question, "A", size));
          assert.ok(read.kind === "query");
          const limit = room + read.query.question.length;
          const answers = addresses.map((data) => ({ type: "A", name: question, ttl: 5, data }) as const);
          const bytes = encodeReply(read.query, { code: responseCode.NOERROR, authoritative: true, answers }, limit);
          assert.ok(bytes.length <= limit);
          const answer = decode(bytes);
          assert.equal(answer.id, number);
          assert.equal(answer.questions?.[0]?.name, question);
          const told = (answer.answers ?? []).map((each) => (each.type === "A" ? each.data : undefined));
          assert.deepEqual(told, addresses.slice(0, told.length));
          assert.equal(answer.flag_tc, told.length < addresses.length);
          assert.equal((answer.additionals ?? []).length, size === undefined ? 0 : 1);
        },
      ),
      { share: 3 },
    );
  });

  test("of other servers are kept as long as they say, and handed on to others", () => {
    const ttls = fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 5 });
    checkProperty(
      fc.property(id, id, name, ttls, fc.nat({ max: 200_000 }), (first, second, question, seconds, age) => {
        const answers = seconds.map((ttl) => ({ type: "A", name: question, ttl, data: "10.0.0.1" }) as const);
        const bytes = encode({ type: "response", id: first, questions: [{ name: question, type: "A" }], answers });
        const [mine, other] = [
          readQuery(queryBytes(first, question, "A", undefined)),
          readQuery(queryBytes(second, question, "A", undefined)),
        ];
        assert.ok(mine.kind === "query" && other.kind === "query");
        assert.equal(answersQuestion(bytes, first, mine.query.question), true);
        assert.equal(answersQuestion(bytes, (first + 1) & 0xffff, mine.query.question), false);
        const response = readForeignResponse(bytes, mine.query.question);
        assert.equal(response?.ttlSeconds, Math.min(...seconds));
        const adapted = decode(adaptResponse(bytes, response, other.query, age, 65_535));
        assert.equal(adapted.id, second);
        assert.deepEqual(
          adapted.answers?.map((each) => (each.type === "A" ? each.ttl : undefined)),
          seconds.map((ttl) => Math.max(0, ttl - age)),
        );
      }),
      { share: 2 },
    );
  });

  test("of any bytes are read or not", () => {
    const response = encode({
      type: "response",
      id: 1,
      questions: [{ name: "a.b", type: "A" }],
      answers: [{ type: "SOA", name: "a.b", ttl: 5, data: { mname: "m", rname: "r", serial: 1, minimum: 2 } }],
    });
    const read = readQuery(queryBytes(1, "a.b", "A", undefined));
    assert.ok(read.kind === "query");
    const { question } = read.query;
    checkProperty(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 }), fc.nat(), (changes, end) => {
        const bytes = Buffer.from(response);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const cut = end % 2 === 0 ? bytes : bytes.subarray(0, end % (bytes.length + 1));
        if (answersQuestion(cut, 1, question)) readForeignResponse(cut, question);
      }),
      { share: 10 },
    );
  });
});

suite("other texts", () => {
  test("reverse names are those of their addresses", () => {
    checkProperty(
      fc.property(fc.ipV4(), (ip) => {
        assert.equal(reverseAddress([...ip.split(".").toReversed(), "in-addr", "arpa"]), ip);
      }),
    );
    checkProperty(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 34 }), (labels) => {
        const found = reverseAddress([...labels, "in-addr", "arpa"]);
        const ip = labels.toReversed().join(".");
        const octets = labels.every((each) => /^(0|[1-9]\d{0,2})$/.test(each) && Number(each) < 256);
        assert.equal(found, labels.length === 4 && octets ? ip : undefined);
      }),
      { share: 3 },
    );
  });

  test("name servers are found among other lines, in their order, each once", () => {
    const line = fc.oneof(
      fc.ipV4().map((ip) => `nameserver ${ip}`),
      fc.constantFrom("search a b", "# nameserver 1.2.3.4", "options ndots:5", "nameserver x", ""),
    );
    checkProperty(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        const hosts = lines.filter((each) => /^nameserver \d/.test(each)).map((each) => each.split(" ")[1] ?? "");
        const expected = [...new Set(hosts)].map((host) => ({ host, port: 53 }));
        assert.deepEqual(parseResolvConf(lines.join("\n")), expected);
      }),
    );
  });
});
