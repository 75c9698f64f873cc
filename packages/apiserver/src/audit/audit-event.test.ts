import assert from "node:assert/strict";
import { test } from "node:test";
import { eventJson, legacyLine, microTime } from "./audit-event.ts";
import { sampleEvent } from "./testing/sample-event.ts";

test("times have microseconds", () => {
  const epochMs = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  assert.equal(microTime(epochMs), "2026-01-02T03:04:05.006000Z");
  assert.equal(microTime(epochMs + 0.5), "2026-01-02T03:04:05.006500Z");
});

test("an event as JSON has upstream's fields in upstream's order", () => {
  const text = eventJson(
    sampleEvent({
      responseStatus: { status: "Failure", message: 'no "b"', reason: "NotFound", code: 404 },
      requestObject: '{"a":1}',
      annotations: { why: "<tests>" },
    }),
  );
  assert.equal(
    text,
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"id","stage":"ResponseComplete",' +
      '"requestURI":"/api/v1/namespaces/a/pods/b","verb":"get","user":{"username":"jane","groups":["devs"]},' +
      '"sourceIPs":["192.0.2.1"],"userAgent":"test","objectRef":{"resource":"pods","namespace":"a","name":"b",' +
      '"apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Failure","message":"no \\"b\\"","reason":"NotFound",' +
      '"code":404},"requestObject":{"a":1},"requestReceivedTimestamp":"2026-01-02T03:04:05.006000Z",' +
      '"stageTimestamp":"2026-01-02T03:04:05.007000Z","annotations":{"why":"<tests>"}}',
  );
});

test("an event without anybody has an empty user", () => {
  const event = JSON.parse(eventJson(sampleEvent({ user: undefined, objectRef: undefined }))) as object;
  assert.deepEqual((event as { user: unknown }).user, {});
  assert.ok(!("objectRef" in event));
});

test("a line of former times quotes what clients send", () => {
  assert.equal(
    legacyLine(sampleEvent({ userAgent: 'a"\n', responseStatus: { code: 200 } })),
    '2026-01-02T03:04:05.006Z AUDIT: id="id" stage="ResponseComplete" ip="192.0.2.1" method="get" user="jane" ' +
      'groups="\\"devs\\"" as="<self>" asgroups="<lookup>" user-agent="a\\"\\n" namespace="a" ' +
      'uri="/api/v1/namespaces/a/pods/b" response="200"',
  );
});
