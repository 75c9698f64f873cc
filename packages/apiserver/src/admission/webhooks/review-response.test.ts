import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readResponse } from "./review-response.ts";
import { rejection } from "./webhook-failure.ts";

const review = (response: unknown, more: object = {}) => ({
  kind: "AdmissionReview",
  apiVersion: "admission.k8s.io/v1",
  response,
  ...more,
});
const patch = Buffer.from("[]").toString("base64");

describe("an answer", () => {
  const wrong: readonly [what: string, answer: unknown, problem: RegExp, mutating?: boolean][] = [
    ["that is no object", "x", /^couldn't get version\/kind; json parse error/],
    ["without a response", review(undefined), /^webhook response was absent$/],
    ["to another request", review({ uid: "b" }), /^expected response\.uid="a", got "b"$/],
    [
      "of another kind",
      review({ uid: "a" }, { kind: "Pod", apiVersion: "v1" }),
      /^expected webhook response of admission\.k8s\.io\/v1, Kind=AdmissionReview, got \/v1, Kind=Pod$/,
    ],
    ["with a text for a truth", review({ uid: "a", allowed: "yes" }), /^json: cannot unmarshal field allowed/],
    ["with odd warnings", review({ uid: "a", warnings: [1] }), /cannot unmarshal field response\.warnings/],
    ["with odd annotations", review({ uid: "a", auditAnnotations: { a: 1 } }), /response\.auditAnnotations/],
    ["with an odd status", review({ uid: "a", status: { code: "x" } }), /field code/],
    ["with a patch that is no base64", review({ uid: "a", patch: "%" }), /illegal base64/, true],
    ["with a patch but no type", review({ uid: "a", patch }), /response\.patch but not response\.patchType$/, true],
    [
      "with a type but no patch",
      review({ uid: "a", patchType: "JSONPatch" }),
      /patchType but not response\.patch$/,
      true,
    ],
    ["with a patch, of a validating webhook", review({ uid: "a", patch }), /may not return response\.patch$/],
    [
      "with a type, of a validating webhook",
      review({ uid: "a", patchType: "x" }),
      /may not return response\.patchType$/,
    ],
  ];
  for (const [what, answer, message, mutating = false] of wrong) {
    it(`${what} is refused`, () => assert.throws(() => readResponse(answer, "v1", "a", mutating), { message }));
  }

  it("that is right is read", () => {
    const response = {
      uid: "a",
      allowed: true,
      patch,
      patchType: "JSONPatch",
      warnings: ["w"],
      auditAnnotations: { k: "v" },
    };
    assert.deepEqual(readResponse(review(response), "v1", "a", true), {
      allowed: true,
      status: undefined,
      patch: "[]",
      patchType: "JSONPatch",
      warnings: ["w"],
      auditAnnotations: { k: "v" },
    });
  });

  it("of the version before is not checked for what it did not have", () => {
    const { allowed, patchType } = readResponse({ response: { allowed: true, patch } }, "v1beta1", "a", true);
    assert.deepEqual([allowed, patchType], [true, "JSONPatch"]);
  });
});

describe("a refusal", () => {
  const cases = [
    [undefined, 400, 'admission webhook "w" denied the request without explanation'],
    [{ code: 200, status: "Success" }, 400, 'admission webhook "w" denied the request without explanation'],
    [{ code: 403, reason: "Forbidden" }, 403, 'admission webhook "w" denied the request: Forbidden'],
    [{ code: 418, reason: "Odd", message: "no" }, 418, 'admission webhook "w" denied the request: no'],
  ] as const;
  for (const [given, code, message] of cases) {
    it(`tells ${message}`, () => {
      const { status } = rejection("w", given);
      assert.deepEqual([status.status.status, status.code, status.message], ["Failure", code, message]);
    });
  }
});
