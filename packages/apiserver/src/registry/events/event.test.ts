import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Event } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import { eventResource } from "./event.ts";
import { eventAlternate } from "./event-versions.ts";
import { validateStrictEvent, validateStrictEventUpdate } from "./validate-event.ts";
import { fieldErrorText } from "@kube-ts/api/field-error";

const bench = new RuleBench<Event>(eventResource(60));
const metadata = { name: "web.1", namespace: "default", creationTimestamp: "2026-01-31T11:59:00Z" };
const involvedObject = {
  kind: "Pod",
  namespace: "default",
  name: "web",
  apiVersion: "v1",
  uid: "u",
  fieldPath: "spec.containers{c}",
};
const old = {
  metadata,
  involvedObject,
  reason: "Started",
  message: " Started container c\n",
  type: "Normal",
  source: { component: "kubelet", host: "n1" },
  firstTimestamp: "2026-01-31T11:50:00Z",
  lastTimestamp: "2026-01-31T11:59:00Z",
  count: 3,
};
const recent = {
  metadata,
  involvedObject,
  reason: "Scheduled",
  message: "Assigned",
  type: "Normal",
  action: "Binding",
  eventTime: "2026-01-31T11:55:00.123456Z",
  reportingComponent: "default-scheduler",
  reportingInstance: "default-scheduler-n1",
};

describe("an event", () => {
  function create(what: string, draft: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors(draft), errors));
  }

  create("may be of the old kind", old, []);
  create("may be of the new kind", recent, []);
  create("may be about something without namespace", { ...old, involvedObject: { kind: "Node", name: "n1" } }, []);
  create("is in the namespace of what it is about", { ...old, metadata: { ...metadata, namespace: "other" } }, [
    'involvedObject.namespace: Invalid value: "default": does not match event.namespace',
  ]);
  create(
    "of the new kind may be of the system",
    { ...recent, metadata: { ...metadata, namespace: "kube-system" }, involvedObject: { kind: "Node", name: "n1" } },
    [],
  );
  create(
    "of the new kind is in the namespace of what it is about",
    { ...recent, metadata: { ...metadata, namespace: "other" }, involvedObject: { kind: "Node", name: "n1" } },
    ['involvedObject.namespace: Invalid value: "": does not match event.namespace'],
  );
  create("of the new kind says who reports what", { metadata, involvedObject, eventTime: recent.eventTime }, [
    "reportingController: Required value",
    'reportingController: Invalid value: "": name part must be non-empty',
    `reportingController: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    "reportingInstance: Required value",
    "action: Required value",
    "reason: Required value",
  ]);
  create(
    "of the new kind is short",
    { ...recent, action: "a".repeat(129), message: "m".repeat(1025), reportingComponent: "a b" },
    [
      `reportingController: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      'action: Invalid value: "": can have at most 128 characters',
      'message: Invalid value: "": can have at most 1024 characters',
    ],
  );

  it("vanishes after its time", () => assert.equal(eventResource(60).ttlSeconds, 60));

  it("is selected by what it is about", () => {
    const event = bench.decode(old);
    const fields = Object.entries(eventResource(60).selectableFields ?? {}).map(([name, read]) => [name, read(event)]);
    assert.deepEqual(Object.fromEntries(fields), {
      "involvedObject.kind": "Pod",
      "involvedObject.namespace": "default",
      "involvedObject.name": "web",
      "involvedObject.uid": "u",
      "involvedObject.apiVersion": "v1",
      "involvedObject.resourceVersion": "",
      "involvedObject.fieldPath": "spec.containers{c}",
      reason: "Started",
      reportingComponent: "",
      source: "kubelet",
      type: "Normal",
    });
  });
});

describe("an event of events.k8s.io/v1", () => {
  it("is the same as the stored one", () => {
    const stored = bench.decode(old);
    const shown = eventAlternate.fromStored(stored);
    assert.deepEqual(shown, {
      metadata: { name: "web.1", namespace: "default", creationTimestamp: "2026-01-31T11:59:00Z" },
      reason: "Started",
      type: "Normal",
      eventTime: null,
      kind: "Event",
      apiVersion: "events.k8s.io/v1",
      regarding: {
        kind: "Pod",
        namespace: "default",
        name: "web",
        apiVersion: "v1",
        uid: "u",
        fieldPath: "spec.containers{c}",
      },
      note: " Started container c\n",
      deprecatedSource: { component: "kubelet", host: "n1" },
      deprecatedFirstTimestamp: "2026-01-31T11:50:00Z",
      deprecatedLastTimestamp: "2026-01-31T11:59:00Z",
      deprecatedCount: 3,
    });
    const back = eventAlternate.toStored(structuredClone(shown));
    eventResource(60).strategy.defaults?.(back);
    assert.deepEqual(back, stored);
  });

  it("is held to more rules", () => {
    assert.deepEqual(validateStrictEvent(bench.prepared(recent)), []);
    const errors = validateStrictEvent(bench.prepared({ ...old, type: "Odd", series: { count: 1 } }));
    assert.deepEqual(errors.map(fieldErrorText), [
      'series.count: Invalid value: "": should be at least 2',
      "series.lastObservedTime: Required value",
      "eventTime: Required value",
      'type: Invalid value: "": has invalid value: Odd',
      'firstTimestamp: Invalid value: "": needs to be unset',
      'lastTimestamp: Invalid value: "": needs to be unset',
      'count: Invalid value: "": needs to be unset',
      'source: Invalid value: "": needs to be unset',
    ]);
  });

  it("changes in its series only", () => {
    const before = bench.prepared(recent);
    const series = { count: 2, lastObservedTime: "2026-01-31T11:56:00.000000Z" };
    assert.deepEqual(validateStrictEventUpdate({ ...before, series }, before), []);
    const changed = {
      ...before,
      series: { ...series, count: 1 },
      message: "other",
      reportingComponent: "other",
      count: 5,
    };
    assert.deepEqual(validateStrictEventUpdate(changed, before).map(fieldErrorText), [
      'series.count: Invalid value: "": should be at least 2',
      'message: Invalid value: "other": field is immutable',
      "count: Invalid value: 5: field is immutable",
      'reportingController: Invalid value: "other": field is immutable',
    ]);
  });

  it("keeps what it does not know", () => {
    const event: KubeObject = { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "a" } };
    assert.deepEqual(eventAlternate.toStored(event), { apiVersion: "v1", kind: "Event", metadata: { name: "a" } });
  });
});

describe("the columns of an event", () => {
  it("show one of the old kind", () =>
    assert.deepEqual(bench.row(old), {
      "Last Seen": "60s",
      Type: "Normal",
      Reason: "Started",
      Object: "pod/web",
      Subobject: "spec.containers{c}",
      Source: "kubelet, n1",
      Message: "Started container c",
      "First Seen": "10m",
      Count: 3,
      Name: "web.1",
    }));
  it("show one of the new kind", () =>
    assert.deepEqual(bench.row(recent), {
      "Last Seen": "4m59s",
      Type: "Normal",
      Reason: "Scheduled",
      Object: "pod/web",
      Subobject: "spec.containers{c}",
      Source: "default-scheduler, default-scheduler-n1",
      Message: "Assigned",
      "First Seen": "4m59s",
      Count: 1,
      Name: "web.1",
    }));

  it("show one of a series", () => {
    const series = { count: 7, lastObservedTime: "2026-01-31T11:59:30.000000Z" };
    const row = bench.row({ ...recent, series });
    assert.deepEqual([row["Last Seen"], row["First Seen"], row["Count"]], ["30s", "4m59s", 7]);
  });
});
