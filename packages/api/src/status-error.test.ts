import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as field from "./field-error.ts";
import { fieldPath } from "./field-path.ts";
import { goQuote } from "./go-quote.ts";
import { goValue } from "./go-value.ts";
import * as errors from "./status-error.ts";

const pods = { group: "", resource: "pods" };
const deployments = { group: "apps", resource: "deployments" };

suite("Status errors", () => {
  const cases: [error: errors.ApiError, code: number, reason: string, message: string][] = [
    [errors.notFound(pods, "x"), 404, "NotFound", 'pods "x" not found'],
    [errors.notFound(deployments, "x"), 404, "NotFound", 'deployments.apps "x" not found'],
    [errors.alreadyExists(pods, "x"), 409, "AlreadyExists", 'pods "x" already exists'],
    [
      errors.conflict(pods, "x"),
      409,
      "Conflict",
      'Operation cannot be fulfilled on pods "x": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [errors.forbidden(pods, "", "no"), 403, "Forbidden", "pods is forbidden: no"],
    [errors.forbidden(pods, "x", "no"), 403, "Forbidden", 'pods "x" is forbidden: no'],
    [errors.unauthorized(), 401, "Unauthorized", "Unauthorized"],
    [
      errors.methodNotSupported(deployments, "update"),
      405,
      "MethodNotAllowed",
      'update is not supported on resources of kind "deployments.apps"',
    ],
    [errors.internal(new Error("x")), 500, "InternalError", "Internal error occurred: x"],
    [errors.timeout("x", 1), 504, "Timeout", "Timeout: x"],
    [errors.requestEntityTooLarge("limit is 3"), 413, "RequestEntityTooLarge", "Request entity too large: limit is 3"],
    [errors.resourceExpired("too old"), 410, "Expired", "too old"],
    [
      errors.serverTimeout(pods, "create", 2),
      500,
      "ServerTimeout",
      "The create operation against pods could not be completed at this time, please try again.",
    ],
    [
      errors.unsupportedMediaType(["application/json"]),
      415,
      "UnsupportedMediaType",
      "the body of the request was in an unknown format - accepted media types include: application/json",
    ],
  ];
  for (const [error, code, reason, message] of cases) {
    test(`${reason}: ${message}`, () => {
      assert.deepEqual([error.code, error.reason, error.message], [code, reason, message]);
      assert.equal(error.status.message, message);
    });
  }

  test("the body of an invalid object is upstream's, byte for byte", () => {
    const path = fieldPath("spec").child("containers").index(0);
    const error = errors.invalid({ group: "", kind: "Pod" }, "x", [
      field.requiredField(path.child("image")),
      field.invalidField(path.child("name"), "A", "bad"),
    ]);
    assert.equal(
      JSON.stringify(error.status),
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Pod \\"x\\" is invalid: [spec.containers[0].image: Required value, spec.containers[0].name: Invalid value: \\"A\\": bad]","reason":"Invalid","details":{"name":"x","kind":"Pod","causes":[{"reason":"FieldValueRequired","message":"Required value","field":"spec.containers[0].image"},{"reason":"FieldValueInvalid","message":"Invalid value: \\"A\\": bad","field":"spec.containers[0].name"}]},"code":422}',
    );
    const one = errors.invalid({ group: "apps", kind: "Deployment" }, "x", [field.requiredField("spec.selector")]);
    assert.equal(one.message, 'Deployment.apps "x" is invalid: spec.selector: Required value');
  });

  test("predicates find the error through causes", () => {
    const wrapped = new Error("context", { cause: new Error("more", { cause: errors.notFound(pods, "x") }) });
    assert.equal(errors.isNotFound(wrapped), true);
    assert.equal(errors.isConflict(wrapped), false);
    assert.equal(errors.isNotFound(new Error("x")), false);
    assert.equal(errors.isNotFound(undefined), false);
    assert.equal(errors.reasonOf(wrapped), "NotFound");
  });

  test("the code decides only where the reason is unknown", () => {
    const foreign = errors.apiErrorFromStatus({ metadata: {}, code: 404, message: "gone fishing" });
    assert.equal(errors.isNotFound(foreign), true);
    assert.equal(errors.isConflict(errors.alreadyExists(pods, "x")), false);
    assert.equal(errors.isAlreadyExists(errors.generateNameConflict(pods, "x", 1)), true);
  });

  test("a chain of causes that loops ends", () => {
    const error = new Error("a");
    error.cause = error;
    assert.equal(errors.isNotFound(error), false);
  });
});

suite("field errors", () => {
  const path = fieldPath("spec", "x");
  const cases: [error: field.FieldError, text: string][] = [
    [field.requiredField(path, "say why"), "spec.x: Required value: say why"],
    [field.invalidField(path, "v", "detail"), 'spec.x: Invalid value: "v": detail'],
    [field.invalidField(path, -1, "detail"), "spec.x: Invalid value: -1: detail"],
    [field.invalidField(path, { a: "<b>" }, "detail"), 'spec.x: Invalid value: {"a":"\\u003cb\\u003e"}: detail'],
    [field.invalidField(path, undefined, "detail"), "spec.x: Invalid value: null: detail"],
    [field.notSupportedField(path, "x", ["A", "B"]), 'spec.x: Unsupported value: "x": supported values: "A", "B"'],
    [field.duplicateField(path, "x"), 'spec.x: Duplicate value: "x"'],
    [field.notFoundField(path, "x"), 'spec.x: Not found: "x"'],
    [field.forbiddenField(path, "no"), "spec.x: Forbidden: no"],
    [field.tooLongField(path, 1), "spec.x: Too long: may not be more than 1 byte"],
    [field.tooManyField(path, 3, 2), "spec.x: Too many: 3: must have at most 2 items"],
    [field.internalField(path, new Error("x")), "spec.x: Internal error: x"],
    [field.typeInvalidField(path, 1, "x"), "spec.x: Invalid value: 1: x"],
  ];
  for (const [error, text] of cases) test(text, () => assert.equal(field.fieldErrorText(error), text));

  test("several are joined, each once", () => {
    const error = field.requiredField("a");
    assert.equal(field.aggregateFieldErrors([error, error]), "a: Required value");
    assert.equal(
      field.aggregateFieldErrors([error, field.requiredField("b")]),
      "[a: Required value, b: Required value]",
    );
  });

  test("paths", () => {
    assert.equal(String(fieldPath("a", "b").index(3).child("c").key("d/e").child("f", "g")), "a.b[3].c[d/e].f.g");
  });

  test("text and values are quoted as Go does", () => {
    assert.equal(goQuote('a"b\\c\n\u0001ü\u00a0😀\u{e0001}'), '"a\\"b\\\\c\\n\\x01ü\\u00a0😀\\U000e0001"');
    assert.equal(goValue({ b: [1, "x", null], a: { c: true } }), "map[a:map[c:true] b:[1 x <nil>]]");
  });
});
