import assert from "node:assert/strict";
import { test } from "node:test";
import { requestTarget } from "./request-target.ts";

const rows: readonly (readonly [url: string | undefined, path: string, query: string])[] = [
  ["/metrics", "/metrics", ""],
  ["/healthz?verbose&exclude=etcd", "/healthz", "verbose=&exclude=etcd"],
  ["/a?b?c=d", "/a", "b%3Fc=d"],
  ["/x/../metrics", "/x/../metrics", ""],
  ["/%2e/metrics", "/%2e/metrics", ""],
  ["//", "//", ""],
  ["//evil:port/metrics", "//evil:port/metrics", ""],
  ["/\\", "/\\", ""],
  ["*", "*", ""],
  ["http://node:10256/healthz?a=b", "/healthz", "a=b"],
  ["HTTPS://node?a=b", "/", "a=b"],
  ["", "/", ""],
  [undefined, "/", ""],
];

for (const [url, path, query] of rows) {
  test(`the target ${url} is the path ${path}`, () => {
    const target = requestTarget(url === undefined ? {} : { url });
    assert.deepEqual([target.path, target.query.toString()], [path, query]);
  });
}
