import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ResourceRequest } from "../../endpoints/request-info.ts";
import { parseRequestInfo } from "../../endpoints/request-info.ts";
import { WatchCounts } from "./watch-counts.ts";
import { type ResourceSize, estimateWork } from "./work-estimate.ts";

function resource(method: string, url: string): ResourceRequest {
  const info = parseRequestInfo(method, url);
  assert.ok(info.kind === "resource");
  return info;
}

const pods = "/api/v1/namespaces/default/pods";

describe("the seats of a request", () => {
  interface Surroundings {
    readonly size?: ResourceSize;
    readonly watches?: number;
    readonly levelSeats?: number;
  }
  const large = { count: 10_000, averageBytes: 1000 };
  const cases: [what: string, method: string, url: string, surroundings: Surroundings, expected: number[]][] = [
    ["get", "GET", `${pods}/a`, { size: large }, [1, 0, 0]],
    ["path", "GET", "/version", {}, [1, 0, 0]],
    ["list of few", "GET", pods, { size: { count: 50, averageBytes: 1000 } }, [1, 0, 0]],
    ["list of more", "GET", pods, { size: { count: 450, averageBytes: 1000 } }, [5, 0, 0]],
    ["list of many is written in pieces", "GET", pods, { size: large }, [10, 0, 0]],
    ["list within its level", "GET", pods, { size: large, levelSeats: 4 }, [4, 0, 0]],
    ["list of a page", "GET", `${pods}?limit=200`, { size: large }, [2, 0, 0]],
    ["list of one", "GET", `${pods}?fieldSelector=metadata.name%3Da`, { size: large }, [1, 0, 0]],
    ["list with an odd limit", "GET", `${pods}?limit=x`, { size: large, levelSeats: 7 }, [7, 0, 0]],
    ["list of what is not stored here", "GET", "/apis/metrics.k8s.io/v1beta1/pods", {}, [1, 0, 0]],
    ["watch of the present", "GET", `${pods}?watch=1&resourceVersion=7`, { size: large }, [1, 0, 0]],
    ["watch that begins with the state", "GET", `${pods}?watch=1`, { size: large }, [10, 0, 0]],
    [
      "watch that asks for the state",
      "GET",
      `${pods}?watch=1&resourceVersion=7&sendInitialEvents=true`,
      { size: large },
      [10, 0, 0],
    ],
    ["write that few watch", "POST", pods, { watches: 9 }, [1, 0, 0]],
    ["write that some watch", "PUT", `${pods}/a`, { watches: 25 }, [1, 3, 5]],
    ["write that many watch", "DELETE", `${pods}/a`, { watches: 500 }, [1, 10, 25]],
    ["write within its level", "PATCH", `${pods}/a`, { watches: 500, levelSeats: 2 }, [1, 2, 125]],
    ["token", "POST", "/api/v1/namespaces/a/serviceaccounts/b/token", { watches: 500 }, [1, 0, 0]],
    ["deletecollection", "DELETE", pods, { size: large, watches: 500 }, [1, 0, 0]],
  ];
  for (const [what, method, url, { size, watches = 0, levelSeats = Infinity }, expected] of cases) {
    test(what, () => {
      const sources = { sizeOf: () => size, watchesOf: () => watches };
      const work = estimateWork(parseRequestInfo(method, url), levelSeats, sources, { observe: () => {} });
      assert.deepEqual([work.initialSeats, work.finalSeats, work.finalMs], expected);
    });
  }
});

describe("the watches that a write concerns", () => {
  const watchesOf = (...urls: string[]) => {
    const counts = new WatchCounts();
    for (const url of urls) counts.register(resource("GET", `${url}${url.includes("?") ? "&" : "?"}watch=1`));
    return counts;
  };

  test("are those of all namespaces, of the object's, and of the object", () => {
    const counts = watchesOf(
      "/api/v1/configmaps",
      "/api/v1/namespaces/a/configmaps",
      "/api/v1/namespaces/b/configmaps",
      "/api/v1/namespaces/a/configmaps?fieldSelector=metadata.name%3Dx",
      "/api/v1/namespaces/a/configmaps/x",
      "/api/v1/secrets",
    );
    const interested = (method: string, url: string) => counts.interested(resource(method, url));
    assert.equal(interested("PUT", "/api/v1/namespaces/a/configmaps/x"), 4);
    assert.equal(interested("PUT", "/api/v1/namespaces/a/configmaps/y"), 2);
    assert.equal(interested("POST", "/api/v1/namespaces/b/configmaps"), 2);
    assert.equal(interested("POST", "/api/v1/namespaces/c/configmaps"), 1);
    assert.equal(interested("POST", "/apis/apps/v1/namespaces/a/deployments"), 0);
  });

  test("count the pods of one node once, however many nodes there are", () => {
    const nodes = Array.from({ length: 40 }, (_, index) => `/api/v1/pods?fieldSelector=spec.nodeName%3Dn${index}`);
    const counts = watchesOf("/api/v1/pods", ...nodes);
    assert.equal(counts.interested(resource("PUT", `${pods}/a/status`)), 2);
  });

  test("end with the watch, however often that is said", () => {
    const counts = new WatchCounts();
    const watch = counts.register(resource("GET", `${pods}?watch=1`));
    const other = counts.register(resource("GET", `${pods}?watch=1`));
    watch[Symbol.dispose]();
    watch[Symbol.dispose]();
    assert.equal(counts.interested(resource("POST", pods)), 1);
    other[Symbol.dispose]();
    assert.equal(counts.interested(resource("POST", pods)), 0);
  });
});
