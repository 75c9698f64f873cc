import assert from "node:assert/strict";
import { test } from "node:test";
import { MalformedPathError, parseRequestInfo } from "./request-info.ts";

/** Method and URL, then verb, group/version, namespace, resource, name, subresource and rest. */
const cases: readonly (readonly [string, string, string])[] = [
  ["GET /api/v1/namespaces/a/pods", "list", "/v1 a pods"],
  ["GET /api/v1/namespaces/a/pods/p", "get", "/v1 a pods p"],
  ["GET /api/v1/pods", "list", "/v1  pods"],
  ["GET /api/v1/pods?watch=true", "watch", "/v1  pods"],
  ["GET /api/v1/pods?watch=True", "watch", "/v1  pods"],
  ["GET /api/v1/pods?watch=0", "list", "/v1  pods"],
  ["GET /api/v1/namespaces/a/pods/p?watch=true", "get", "/v1 a pods p"],
  ["GET /api/v1/watch/namespaces/a/pods/p", "watch", "/v1 a pods p"],
  ["HEAD /api/v1/namespaces/a/pods/p", "get", "/v1 a pods p"],
  ["POST /api/v1/namespaces/a/pods", "create", "/v1 a pods"],
  ["POST /api/v1/namespaces/a/pods/p/exec?command=ls", "create", "/v1 a pods p exec"],
  ["GET /api/v1/namespaces/a/pods/p/proxy/x/y", "get", "/v1 a pods p proxy /x/y"],
  ["PUT /apis/apps/v1/namespaces/a/deployments/d/scale", "update", "apps/v1 a deployments d scale"],
  ["PATCH /apis/apps/v1/namespaces/a/deployments/d", "patch", "apps/v1 a deployments d"],
  ["DELETE /api/v1/namespaces/a/pods", "deletecollection", "/v1 a pods"],
  ["DELETE /api/v1/namespaces/a/pods/p", "delete", "/v1 a pods p"],
  ["GET /api/v1/namespaces", "list", "/v1  namespaces"],
  ["GET /api/v1/namespaces/a", "get", "/v1 a namespaces a"],
  ["PUT /api/v1/namespaces/a/finalize", "update", "/v1 a namespaces a finalize"],
  ["GET /api/v1/nodes/n/status", "get", "/v1  nodes n status"],
  ["GET /api/v1/namespaces/a/pods/", "list", "/v1 a pods"],
];

for (const [request, verb, target] of cases) {
  test(`${request} is ${verb} of ${target}`, () => {
    const [method = "", url = ""] = request.split(" ");
    const info = parseRequestInfo(method, url);
    assert.equal(info.kind, "resource");
    if (info.kind !== "resource") return;
    const { group, version, namespace, resource, name, subresource, rest } = info;
    const parts = [`${group}/${version}`, namespace, resource, name, subresource, rest].join(" ").trimEnd();
    assert.equal(info.verb, verb);
    assert.equal(parts, target);
  });
}

for (const path of [
  "/",
  "/healthz",
  "/version",
  "/api",
  "/apis",
  "/api/v1",
  "/apis/apps",
  "/apis/apps/v1",
  "/openapi/v3",
]) {
  test(`${path} names no resource`, () => {
    assert.equal(parseRequestInfo("GET", path).kind, "path");
  });
}

for (const path of [
  "/api/v1/namespaces/a/pods/..",
  "/api/v1/namespaces/a%2Fb/pods/p",
  "/api/v1/namespaces/a/pods/%2e%2e",
  "/api/v1/namespaces/a/pods/%",
  "/api/v1/namespaces/a/pods/p%00",
  "/api/v1/namespaces//pods/p",
  "/api/v1/namespaces/a//pods",
  "/api/v1/namespaces/a/pods/p//log",
]) {
  test(`${path} is malformed`, () => {
    assert.throws(() => parseRequestInfo("GET", path), MalformedPathError);
  });
}
