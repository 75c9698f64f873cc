import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { isBadRequest } from "@kube-ts/api/status-error";
import { decodeContinueToken, encodeContinueToken } from "./continue-token.ts";

test("what was encoded is decoded", () => {
  checkProperty(
    fc.property(
      fc.option(fc.bigInt({ min: 1n, max: 2n ** 52n }), { nil: undefined }),
      fc.stringMatching(/^[a-z0-9-]{1,30}(\/[a-z0-9.-]{1,60})?$/),
      (revision, afterKey) => {
        fc.pre(!afterKey.includes("../"));
        assert.deepEqual(decodeContinueToken(encodeContinueToken({ revision, afterKey })), { revision, afterKey });
      },
    ),
  );
});

test("whatever else comes is a bad request", () => {
  checkProperty(
    fc.property(fc.string(), (token) => {
      assert.throws(() => decodeContinueToken(token), isBadRequest);
    }),
  );
});

test("a token cannot climb out of its resource", () => {
  const token = encodeContinueToken({ revision: 5n, afterKey: "a/../../secrets/x" });
  assert.throws(() => decodeContinueToken(token), isBadRequest);
});
