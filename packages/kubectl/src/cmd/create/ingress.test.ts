import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRule } from "./ingress.ts";

test("rules of an ingress", () => {
  assert.deepEqual(parseRule("foo.com/bar*=svc:80,tls=sec"), {
    host: "foo.com",
    path: "/bar*",
    service: "svc:80",
    secret: "sec",
  });
  assert.deepEqual(parseRule("/=svc:http"), { host: "", path: "/", service: "svc:http", secret: undefined });
  assert.equal(parseRule("a/=svc:http,tls").secret, "");
  assert.throws(() => parseRule("foo"), {
    message: "rule foo is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]",
  });
});
