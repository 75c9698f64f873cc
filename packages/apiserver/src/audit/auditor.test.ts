import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { once } from "node:events";
import { describe, it } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { createRegistry } from "@kube-ts/std/metrics";
import type { UserInfo } from "../auth/user.ts";
import { parseRequestInfo } from "../endpoints/request-info.ts";
import type { AuditEvent } from "./audit-event.ts";
import { AuditMetrics } from "./audit-metrics.ts";
import { parseAuditPolicy } from "./audit-policy.ts";
import { Auditor } from "./auditor.ts";
import type { RequestAudit } from "./request-audit.ts";

const jane: UserInfo = { name: "jane", uid: "", groups: [], extra: {} };

function bench(rule: object) {
  const events: AuditEvent[] = [];
  const clock = new FakeClock(1_000);
  const policy = { apiVersion: "audit.k8s.io/v1", kind: "Policy", rules: [rule] };
  const auditor = new Auditor({
    rules: parseAuditPolicy(JSON.stringify(policy)).rules,
    backend: {
      process: (event) => {
        events.push(event);
        return true;
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    metrics: new AuditMetrics(createRegistry()),
    clock,
    pinnedName: () => "",
  });
  const begin = (method: string, url: string, isLongRunning = false): RequestAudit | undefined => {
    const request = {
      method,
      url,
      headers: {},
      socket: { remoteAddress: "::ffff:192.0.2.1" },
    } as unknown as IncomingMessage;
    const info = parseRequestInfo(method, url);
    return auditor.begin({ request, info, user: jane, auditId: "id", isLongRunning }) as RequestAudit | undefined;
  };
  return { begin, events, clock };
}

function socket(): Duplex {
  return new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
}

const exec = "/api/v1/namespaces/a/pods/p/exec";

describe("the record of a request", () => {
  it("is not there at level None", () => {
    const { begin, events } = bench({ level: "None" });
    assert.equal(begin("GET", "/version"), undefined);
    assert.deepEqual(events, []);
  });

  it("says where the time went of a request that took long, and only of such a one", async () => {
    const { begin, events, clock } = bench({ level: "Metadata" });
    for (const ms of [500, 501]) {
      const audit = begin("GET", "/version");
      audit?.spent("authentication", 0);
      audit?.spent("authorization", 2.5);
      audit?.spent("mutating-webhook", 300);
      await clock.advance(ms);
      audit?.spent("mutating-webhook", 100);
      audit?.complete(200);
    }
    const prefix = "apiserver.latency.k8s.io/";
    assert.equal(events[1]?.annotations, undefined);
    assert.deepEqual(events[3]?.annotations, {
      [`${prefix}authorization`]: "2.5ms",
      [`${prefix}mutating-webhook`]: "400ms",
      [`${prefix}total`]: "501ms",
    });
  });

  it("of a protocol switch tells when it is agreed to, and when the connection ends", async () => {
    const { begin, events, clock } = bench({ level: "Metadata" });
    const audit = begin("POST", exec, true);
    const connection = socket();
    audit?.followSocket(connection);
    await clock.advance(5);
    connection.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    connection.write("HTTP/1.1 404 of what runs inside");
    await clock.advance(5);
    connection.destroy();
    await once(connection, "close");
    const seen = events.map(({ stage, responseStatus, receivedMs, stageMs }) => [
      stage,
      responseStatus?.code,
      stageMs - receivedMs,
    ]);
    assert.deepEqual(seen, [
      ["RequestReceived", undefined, 0],
      ["ResponseStarted", 101, 5],
      ["ResponseComplete", 101, 10],
    ]);
  });

  it("of a connection that ended before an answer says so", async () => {
    const { begin, events } = bench({ level: "Metadata" });
    const connection = socket();
    begin("POST", exec, true)?.followSocket(connection);
    connection.destroy();
    await once(connection, "close");
    assert.deepEqual(
      events.map(({ stage }) => stage),
      ["RequestReceived", "ResponseStarted", "ResponseComplete"],
    );
    assert.equal(events[2]?.responseStatus?.message, "Connection closed early");
  });

  it("of what nobody expected repeats nothing that was sent", () => {
    const { begin, events } = bench({ level: "Metadata" });
    const audit = begin("GET", "/api/v1/pods");
    audit?.panicked(new TypeError('cannot read "s3cr3t"'));
    audit?.complete(500);
    assert.equal(events[1]?.stage, "Panic");
    assert.equal(events[1]?.responseStatus?.code, 500);
    assert.ok(!JSON.stringify(events).includes("s3cr3t"));
  });

  it("keeps the first value of an annotation, and what an event had does not change", () => {
    const { begin, events } = bench({ level: "Metadata" });
    const audit = begin("GET", "/api/v1/pods");
    audit?.annotate("a", "1");
    audit?.annotate("a", "2");
    audit?.complete(200);
    audit?.annotate("b", "3");
    assert.equal(events[0]?.annotations, undefined);
    assert.deepEqual(events[1]?.annotations, { a: "1" });
  });

  it("takes what an object is about at every level, and the object where it is kept", () => {
    const object = { kind: "Secret", metadata: { name: "s", uid: "u", managedFields: [{}] }, data: { a: "b" } };
    for (const level of ["Metadata", "Request"]) {
      const { begin, events } = bench({ level, omitManagedFields: true });
      const audit = begin("POST", "/api/v1/namespaces/a/secrets");
      audit?.requestObject(object);
      audit?.responseJson(Buffer.from("{}"));
      audit?.complete(201);
      assert.deepEqual([events[1]?.objectRef?.name, events[1]?.objectRef?.uid], ["s", "u"]);
      const kept = '{"kind":"Secret","metadata":{"name":"s","uid":"u"},"data":{"a":"b"}}';
      assert.equal(events[1]?.requestObject, level === "Request" ? kept : undefined);
      assert.equal(events[1]?.responseObject, undefined);
    }
    assert.ok("managedFields" in object.metadata);
  });
});
