import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { silentLogger } from "@kube-ts/std/log";
import { checkAccess, nodeSubresources } from "./access.ts";
import type { Access } from "./access.ts";

function access(user: string | undefined, ...allowed: readonly string[]): Access {
  return {
    authenticate: async () => (user === undefined ? undefined : { username: user }),
    authorize: async (_user, { resourceAttributes }) => ({
      allowed: allowed.includes(`${resourceAttributes.verb} ${resourceAttributes.subresource}`),
      reason: "",
    }),
  };
}

function check(using: Access, method: string, url: string) {
  return checkAccess(using, { method, url } as IncomingMessage, "node-1", silentLogger);
}

test("paths are covered by subresources of the node", () => {
  const cases = [
    ["/pods", "pods proxy"],
    ["/runningpods/", "pods proxy"],
    ["/healthz/syncloop", "healthz proxy"],
    ["/configz", "configz proxy"],
    ["/flagz", "configz proxy"],
    ["/statusz", "statusz proxy"],
    ["/stats/summary", "stats"],
    ["/metrics/cadvisor", "metrics"],
    ["/logs/syslog", "log"],
    ["/exec/ns/pod/c", "proxy"],
    ["/podsters", "proxy"],
    ["//pods", "proxy"],
    ["/%70ods", "proxy"],
    ["/containerLogs/ns/pod/c", "proxy"],
  ] as const;
  for (const [path, expected] of cases) assert.equal(nodeSubresources(path).join(" "), expected, path);
});

test("nobody in particular is refused, and so is who may do less", async () => {
  assert.deepEqual(await check(access(undefined), "GET", "/pods"), { status: 401, message: "Unauthorized" });
  assert.deepEqual(await check(access("eve"), "GET", "/pods?x=1"), {
    status: 403,
    message: "Forbidden (user=eve, verb=get, resource=nodes, subresource(s)=[pods proxy])",
  });
  assert.equal(await check(access("eve", "get pods"), "GET", "/pods"), undefined);
  assert.equal(await check(access("eve", "get proxy"), "GET", "/pods"), undefined);
  assert.equal((await check(access("eve", "get pods"), "POST", "/exec/a/b/c"))?.status, 403);
  assert.equal(await check(access("eve", "create proxy"), "POST", "/exec/a/b/c"), undefined);
});

test("what cannot be decided is refused", async () => {
  const broken: Access = {
    authenticate: () => Promise.reject(new Error("down")),
    authorize: () => Promise.reject(new Error("down")),
  };
  assert.equal((await check(broken, "GET", "/pods"))?.status, 401);
  const halfBroken: Access = { ...broken, authenticate: async () => ({ username: "eve" }) };
  assert.equal((await check(halfBroken, "GET", "/pods"))?.status, 500);
});
