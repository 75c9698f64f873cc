import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { Registry } from "@kube-ts/std/metrics";
import type { AuthenticationOutcome } from "../authenticator.ts";
import { CachedTokens } from "./cached-tokens.ts";
import { TokenCacheMetrics } from "./token-cache-metrics.ts";

const signal = new AbortController().signal;
const user = (name: string): AuthenticationOutcome => ({
  kind: "user",
  user: { name, uid: "", groups: [], extra: {} },
});

/** `status value` of a line of metrics. */
const shortened = (line: string) => line.replace(/^.*status="([a-z_]+)"\} /, "$1 ");

function set(answer: (token: string) => AuthenticationOutcome | Promise<AuthenticationOutcome>) {
  const asked: string[] = [];
  const clock = new FakeClock(1_000);
  const inner = {
    authenticateToken: (token: string, audiences: readonly string[] | undefined) => {
      asked.push([token, ...(audiences ?? [])].join("|"));
      return answer(token);
    },
  };
  const registry = new Registry();
  const metrics = new TokenCacheMetrics(registry, clock);
  const cached = new CachedTokens(inner, { clock, successMs: 10_000, failureMs: 1_000, metrics });
  const counted = async (name: string) => {
    const lines = (await registry.metrics()).split("\n");
    return lines.filter((line) => line.startsWith(`authentication_token_cache_${name}{`)).map(shortened);
  };
  const ask = async (token: string, audiences?: readonly string[]) =>
    (await cached.authenticateToken(token, audiences, signal)).kind;
  return { asked, clock, ask, cached, counted };
}

test("outcomes are remembered as long as they may be", async () => {
  const { asked, clock, ask } = set((token) => (token === "good" ? user("a") : { kind: "unknown" }));
  for (let turn = 0; turn < 3; turn += 1) {
    assert.equal(await ask("good"), "user");
    assert.equal(await ask("bad"), "unknown");
  }
  assert.deepEqual(asked, ["good", "bad"]);
  await clock.advance(1_001);
  await ask("good");
  await ask("bad");
  assert.deepEqual(asked, ["good", "bad", "bad"]);
  await clock.advance(9_001);
  await ask("good");
  assert.equal(asked.length, 4);
});

test("refusals and failures are not remembered", async () => {
  let turn = 0;
  const { asked, ask } = set(() => {
    turn += 1;
    if (turn === 1) return Promise.reject(new Error("down"));
    return { kind: "refused", reason: "no" };
  });
  await assert.rejects(ask("x"), /down/);
  assert.equal(await ask("x"), "refused");
  assert.equal(await ask("x"), "refused");
  assert.equal(asked.length, 3);
});

test("a token for one audience is not one for another", async () => {
  const { asked, ask } = set(() => user("a"));
  await ask("x");
  await ask("x", []);
  await ask("x", ["a", "b"]);
  await ask("x", ["ab"]);
  await ask("xa", ["b"]);
  assert.equal(asked.length, 5);
});

test("who asks at the same time shares one look-up, and whoever leaves does not end it", async () => {
  const late = Promise.withResolvers<AuthenticationOutcome>();
  const { asked, cached } = set(() => late.promise);
  const leaving = new AbortController();
  const first = Promise.resolve(cached.authenticateToken("x", undefined, leaving.signal));
  const second = Promise.resolve(cached.authenticateToken("x", undefined, signal));
  leaving.abort(new Error("gone"));
  await assert.rejects(first, /gone/);
  late.resolve(user("a"));
  assert.equal((await second).kind, "user");
  assert.equal(asked.length, 1);
});

test("no more than so many tokens are remembered", async () => {
  const { asked, ask } = set(() => user("a"));
  for (let index = 0; index <= 4_096; index += 1) await ask(`token-${index}`);
  await ask("token-4096");
  assert.equal(asked.length, 4_097);
  await ask("token-0");
  assert.equal(asked.length, 4_098);
});

test("looks into the cache and what is under way are counted", async () => {
  const answer = Promise.withResolvers<AuthenticationOutcome>();
  const { ask, counted } = set((token) => (token === "slow" ? answer.promise : { kind: "refused", reason: "no" }));
  const waiting = [ask("slow"), ask("slow"), ask("slow")];
  assert.deepEqual(await counted("active_fetch_count"), ["blocked 2", "in_flight 1"]);
  answer.resolve(user("a"));
  await Promise.all(waiting);
  await ask("slow");
  await ask("bad");
  assert.deepEqual(await counted("active_fetch_count"), ["blocked 0", "in_flight 0"]);
  assert.deepEqual((await counted("request_total")).toSorted(), ["hit 1", "miss 4"]);
  assert.deepEqual((await counted("fetch_total")).toSorted(), ["error 1", "ok 1"]);
});
