import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@kube-ts/std/random";
import { resolveClientConfig } from "./client-config.ts";
import { ServerChoice } from "./server-choice.ts";
import { serverFields } from "./server-list.ts";

const urls = ["https://a", "https://b", "https://c"];

test("the first server is where clients of its machine begin, others begin anywhere", () => {
  const starts = (start: "first" | "random") =>
    new Set(Array.from({ length: 50 }, (_, seed) => new ServerChoice(urls, start, seededRandom(seed)).current));
  assert.deepEqual([...starts("first")], [0]);
  assert.equal(starts("random").size, 3);
});

test("clients of a lost server spread over the others, and do not come back by themselves", () => {
  const after = new Map<number, number>();
  for (let seed = 0; seed < 200; seed += 1) {
    const choice = new ServerChoice(urls, "first", seededRandom(seed));
    choice.failed(0, 1_000);
    after.set(choice.current, (after.get(choice.current) ?? 0) + 1);
  }
  assert.deepEqual([...after.keys()].sort(), [1, 2]);
  assert.ok(Math.min(...after.values()) > 60, `uneven: ${[...after].join("; ")}`);
});

test("next is the server that has not failed for the longest, until all were tried", () => {
  const choice = new ServerChoice(urls, "first", seededRandom(1));
  choice.failed(0, 1_000);
  choice.use(1);
  choice.failed(1, 2_000);
  assert.equal(choice.current, 2);
  choice.failed(2, 3_000);
  assert.equal(choice.current, 0);
  assert.equal(choice.next(new Set()), 0);
  assert.equal(choice.next(new Set([0])), 1);
  assert.equal(choice.next(new Set([0, 1])), 2);
  assert.equal(choice.next(new Set([0, 1, 2])), undefined);
});

test("a failure of a server that is not in use changes nothing", () => {
  const choice = new ServerChoice(urls, "first", seededRandom(1));
  choice.failed(2, 1_000);
  assert.equal(choice.current, 0);
  const alone = new ServerChoice(["https://a"], "random", seededRandom(1));
  alone.failed(0, 1_000);
  assert.equal(alone.current, 0);
});

function configWith(cluster: object, server?: string) {
  const kubeconfig = {
    clusters: [{ name: "demo", cluster }],
    contexts: [{ name: "x", context: { cluster: "demo" } }],
    "current-context": "x",
  };
  return resolveClientConfig(kubeconfig, server === undefined ? {} : { server }, seededRandom(1));
}

test("a kubeconfig names several servers by an extension; a server that is given stands alone", () => {
  const cluster = serverFields(urls, "first", "https://balancer:6443");
  assert.equal(cluster.server, "https://balancer:6443");
  const config = configWith(cluster);
  assert.deepEqual([config.servers?.urls, config.servers?.current], [urls, 0]);
  assert.equal(configWith(cluster, "https://other").servers, undefined);
  assert.deepEqual(serverFields(["https://a"]), { server: "https://a" });
  assert.equal(configWith(serverFields(["https://a"])).servers, undefined);
  assert.equal(configWith({ server: "https://a", extensions: [{ name: "theirs", extension: 1 }] }).servers, undefined);
});

test("a bad extension is told with its cluster", () => {
  const problemOf = (extension: unknown) => {
    try {
      configWith({ server: "https://a", extensions: [{ name: "kube-ts.io/servers", extension }] });
      return "none";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const where = 'cluster "demo": extension kube-ts.io/servers: ';
  assert.equal(problemOf(undefined), `${where}extension must be an object`);
  assert.equal(problemOf({ servers: [] }), `${where}servers must be a list of URLs: []`);
  assert.equal(problemOf({ servers: ["https://a", 1] }), `${where}servers must be a list of URLs: ["https://a",1]`);
  assert.equal(
    problemOf({ servers: ["https://a"], start: "last" }),
    `${where}start must be "first" or "random": "last"`,
  );
  assert.equal(problemOf({ servers: ["https://a"], port: 1 }), `${where}unknown field "port"`);
  assert.equal(problemOf({ servers: ["ftp://a"] }), 'invalid server URL "ftp://a"');
});
