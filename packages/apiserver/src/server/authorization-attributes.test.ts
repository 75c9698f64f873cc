import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRequestInfo } from "../endpoints/request-info.ts";
import { authorizationAttributes } from "./authorization-attributes.ts";

const user = { name: "x", uid: "", groups: [], extra: {} };
const pods = "/api/v1/namespaces/default/pods";

const cases: readonly [string, string, string, string][] = [
  ["GET", `${pods}/p`, "get", "p"],
  ["GET", `${pods}?fieldSelector=metadata.name%3Dp`, "list", "p"],
  ["GET", `${pods}?watch=1&fieldSelector=metadata.name%3D%3Dp`, "watch", "p"],
  ["GET", `${pods}?fieldSelector=spec.nodeName%3Dn,metadata.name%3Dp`, "list", "p"],
  ["GET", `${pods}?fieldSelector=metadata.name!%3Dp`, "list", ""],
  ["GET", `${pods}?fieldSelector=metadata.name%3Da%252Fb`, "list", ""],
  ["GET", `${pods}?fieldSelector=nonsense`, "list", ""],
  ["GET", `${pods}?labelSelector=metadata.name%3Dp`, "list", ""],
  ["DELETE", `${pods}?fieldSelector=metadata.name%3Dp`, "deletecollection", ""],
];

for (const [method, url, verb, name] of cases) {
  test(`${method} ${url} is to ${verb} ${name}`, () => {
    const attributes = authorizationAttributes(user, parseRequestInfo(method, url));
    assert.ok(attributes.kind === "resource");
    assert.deepEqual([attributes.verb, attributes.name], [verb, name]);
  });
}

test("selectors count where objects are selected", () => {
  const selected = "labelSelector=a%3Db&fieldSelector=c%3Dd";
  const selectorsOf = (method: string, url: string) => {
    const attributes = authorizationAttributes(user, parseRequestInfo(method, url));
    return attributes.kind === "resource" ? [attributes.labelSelector, attributes.fieldSelector] : [];
  };
  assert.deepEqual(selectorsOf("GET", `${pods}?${selected}`), ["a=b", "c=d"]);
  assert.deepEqual(selectorsOf("DELETE", `${pods}?${selected}`), ["a=b", "c=d"]);
  assert.deepEqual(selectorsOf("GET", `${pods}/p?${selected}`), [undefined, undefined]);
});
