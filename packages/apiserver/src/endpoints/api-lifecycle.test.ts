import assert from "node:assert/strict";
import { test } from "node:test";
import { deprecationOf } from "./api-lifecycle.ts";

test("deprecations are worded by what is known of them", () => {
  const cases: readonly [
    group: string,
    version: string,
    kind: string,
    warning: string | undefined,
    removed?: string,
  ][] = [
    ["", "v1", "Endpoints", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice", ""],
    ["", "v1", "ComponentStatus", "v1 ComponentStatus is deprecated in v1.19+", ""],
    [
      "events.k8s.io",
      "v1beta1",
      "Event",
      "events.k8s.io/v1beta1 Event is deprecated in v1.22+, unavailable in v1.25+",
      "1.25",
    ],
    [
      "storage.k8s.io",
      "v1beta1",
      "StorageClass",
      "storage.k8s.io/v1beta1 StorageClass is deprecated in v1.19+, unavailable in v1.22+; use storage.k8s.io/v1 StorageClass",
      "1.22",
    ],
    ["events.k8s.io", "v1", "Event", undefined],
    ["", "v1", "Pod", undefined],
  ];
  for (const [group, version, kind, warning, removedRelease = ""] of cases) {
    const expected = warning === undefined ? undefined : { warning, removedRelease };
    assert.deepEqual(deprecationOf({ group, version, kind }), expected, `${group}/${version} ${kind}`);
  }
});
