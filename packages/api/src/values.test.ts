import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { findCondition, isConditionTrue, withCondition, withoutCondition } from "./conditions.ts";
import type { Pod } from "./core/v1.ts";
import { base64Error, durationOk, microTimeText, timeText } from "./decode-scalars.ts";
import { semanticEqual } from "./deep-equal.ts";
import { scaledValue } from "./int-or-string.ts";
import { cloneJson, getOwn, jsonEqual, setOwn } from "./json-value.ts";
import { controllerOf, controllerReference, isControlledBy } from "./owner-references.ts";
import { groupResourceOf } from "./resource-type.ts";
import { deployments, pods } from "./resource-types.ts";
import { formatMicroTime, formatTime, parseTime, timeMs } from "./rfc3339.ts";

suite("counts and percentages", () => {
  test("percentages are rounded as asked, counts are kept", () => {
    assert.equal(scaledValue("25%", 10, "up"), 3);
    assert.equal(scaledValue("25%", 10, "down"), 2);
    assert.equal(scaledValue("100%", 7, "down"), 7);
    assert.equal(scaledValue(5, 10, "up"), 5);
  });

  test("other text is refused in upstream's words", () => {
    assert.throws(() => scaledValue("5", 10, "up"), {
      message: "invalid value for IntOrString: invalid type: string is not a percentage",
    });
    assert.throws(() => scaledValue("a%", 10, "up"), {
      message: 'invalid value for IntOrString: invalid value "a%": strconv.Atoi: parsing "a": invalid syntax',
    });
  });
});

suite("times", () => {
  test("formatting drops what does not fit", () => {
    assert.equal(formatTime(Date.UTC(2026, 0, 31, 13, 5, 0, 999)), "2026-01-31T13:05:00Z");
    assert.equal(formatMicroTime(Date.UTC(2026, 0, 31) + 0.25), "2026-01-31T00:00:00.000250Z");
    assert.equal(formatTime(-1), "1969-12-31T23:59:59Z");
  });

  test("parsing", () => {
    assert.equal(parseTime("2026-01-31T13:05:00Z"), Date.UTC(2026, 0, 31, 13, 5));
    assert.equal(parseTime("2026-01-31T15:05:00.5+02:00"), Date.UTC(2026, 0, 31, 13, 5) + 500);
    for (const text of [
      "",
      "2026-01-31",
      "2026-02-30T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "2026-01-01T24:00:00Z",
      "2026-01-01T00:00:00",
      "x",
    ]) {
      assert.equal(parseTime(text), undefined, text);
    }
    assert.equal(timeMs(undefined), 0);
    assert.equal(timeMs("2026-01-31T13:05:00Z"), Date.UTC(2026, 0, 31, 13, 5));
  });

  test("what is formatted is parsed, and canonical", () => {
    checkProperty(
      fc.property(fc.integer({ min: 0, max: 253402300799 }), (seconds) => {
        const text = formatTime(seconds * 1000);
        assert.equal(parseTime(text), seconds * 1000);
        assert.equal(timeText(text), text);
        const micro = formatMicroTime(seconds * 1000);
        assert.equal(microTimeText(micro), micro);
      }),
    );
  });
});

suite("other scalars", () => {
  test("durations", () => {
    for (const text of ["1h30m", "300ms", "-1.5h", "0", "1us", "1µs"]) assert.equal(durationOk(text), true, text);
    for (const text of ["", "1", "h", "1d", "1h ", 5]) assert.equal(durationOk(text), false, String(text));
  });

  test("base64", () => {
    for (const text of ["", "YQ==", "YWI=", "YWJj", "YW\nJj\r\n"]) assert.equal(base64Error(text), undefined, text);
    for (const text of ["Y", "YQ", "YQ=", "Y===", "Y Q=", "Y-Q="]) assert.notEqual(base64Error(text), undefined, text);
  });
});

suite("conditions", () => {
  const ready = { type: "Ready", status: "True", lastTransitionTime: "t1", reason: "a" };

  test("a changed status takes the new time, an unchanged one keeps the old", () => {
    const changed = withCondition([ready], { ...ready, status: "False", lastTransitionTime: "t2" });
    assert.equal(findCondition(changed, "Ready")?.lastTransitionTime, "t2");
    const kept = withCondition([ready], { ...ready, reason: "b", lastTransitionTime: "t2" });
    assert.deepEqual(kept, [{ ...ready, reason: "b" }]);
  });

  test("nothing changed is the same list", () => {
    const list = [ready];
    assert.equal(withCondition(list, { ...ready, lastTransitionTime: "t2" }), list);
    assert.equal(withoutCondition(list, "Other"), list);
    assert.deepEqual(withoutCondition(list, "Ready"), []);
    assert.deepEqual(withCondition(undefined, ready), [ready]);
    assert.deepEqual([isConditionTrue(list, "Ready"), isConditionTrue(undefined, "Ready")], [true, false]);
  });
});

suite("owner references", () => {
  const owner: Pod = { metadata: { name: "a", uid: "u" }, spec: { containers: [] } };

  test("a controller is named and found", () => {
    const reference = controllerReference(owner, pods);
    assert.deepEqual(reference, {
      apiVersion: "v1",
      kind: "Pod",
      name: "a",
      uid: "u",
      controller: true,
      blockOwnerDeletion: true,
    });
    const object = { metadata: { ownerReferences: [{ ...reference, uid: "other", controller: false }, reference] } };
    assert.equal(controllerOf(object), reference);
    assert.equal(isControlledBy(object, "u"), true);
    assert.equal(isControlledBy(object, "other"), false);
    assert.equal(controllerOf({ metadata: {} }), undefined);
    assert.deepEqual(groupResourceOf(deployments), { group: "apps", resource: "deployments" });
  });
});

suite("equality", () => {
  test("absent and empty are the same to controllers, not to JSON", () => {
    const [a, b] = [{ labels: {}, list: [], x: null }, {}];
    assert.equal(semanticEqual(a, b), true);
    assert.equal(semanticEqual(b, a), true);
    assert.equal(jsonEqual(a, b), false);
    assert.equal(semanticEqual({ x: 0 }, {}), false);
    assert.equal(semanticEqual([1, 2], [2, 1]), false);
    assert.equal(semanticEqual({ a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }), true);
    assert.equal(semanticEqual([], {}), true);
    assert.equal(semanticEqual({ a: [1] }, { a: { 0: 1 } }), false);
  });

  test("copies are equal and share nothing", () => {
    checkProperty(
      fc.property(fc.jsonValue(), (value) => {
        const copy = cloneJson(value);
        assert.equal(jsonEqual(copy, value), true);
        assert.equal(semanticEqual(copy, value), true);
        if (typeof value === "object" && value !== null) assert.notEqual(copy, value);
      }),
    );
  });

  test("own keys only", () => {
    const object = {};
    setOwn(object, "__proto__", 1);
    assert.equal(JSON.stringify(object), '{"__proto__":1}');
    assert.equal(getOwn({}, "toString"), undefined);
    assert.equal(jsonEqual({ toString: 1 }, { a: 1 }), false);
  });
});
