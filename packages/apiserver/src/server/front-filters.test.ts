import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { suite, test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { browserHeaders } from "./browser-headers.ts";
import { frontFilters } from "./front-filters.ts";
import { Shutdown } from "./shutdown.ts";

const lifecycle = { livezGraceMs: 0, shutdownDelayMs: 0, sendsRetryAfter: false, watchGraceMs: 0 };
const requests = { closeChance: 0 };
const browsers = { allowsOrigin: undefined, strictTransport: undefined };
const fixedRandom = (value: number) => ({ next: () => value, uuid: () => "" });

interface Answer {
  code?: number;
  headers?: Readonly<Record<string, unknown>>;
  text?: string;
  shouldKeepAlive: boolean;
}

/** Sends a request through the filters; the answer has a code if one of them gave it. */
function pass(filters: ReturnType<typeof frontFilters>, method: string, url: string, headers = {}): Answer {
  const answer: Answer = { shouldKeepAlive: true };
  const response = {
    writeHead: (code: number, given = {}) => Object.assign(answer, { code, headers: given }),
    end: (text = "") => void (answer.text = text),
    set shouldKeepAlive(value: boolean) {
      answer.shouldKeepAlive = value;
    },
  };
  const request = { method, url, headers };
  filters.some((filter) => filter(request as IncomingMessage, response as unknown as ServerResponse));
  return answer;
}

suite("filters in front of the chain", () => {
  const { signal } = new AbortController();

  test("there are none by default", () => {
    const shutdown = new Shutdown(signal, lifecycle);
    assert.deepEqual(frontFilters({ requests, browsers }, shutdown, fixedRandom(0)), []);
    assert.equal(browserHeaders(browsers), undefined);
  });

  test("new requests are refused while the server drains, but for health and metrics", () => {
    const shutdown = new Shutdown(signal, { ...lifecycle, sendsRetryAfter: true });
    const filters = frontFilters({ requests, browsers }, shutdown, fixedRandom(0));
    assert.equal(pass(filters, "GET", "/api").code, undefined);
    using _draining = shutdown.drain(new FakeClock());
    assert.deepEqual(
      ["/api", "/readyz", "/livez/etcd", "/healthz?verbose", "/metrics", "/metricsx"].map(
        (url) => pass(filters, "GET", url).code,
      ),
      [429, undefined, undefined, undefined, undefined, 429],
    );
    const { headers } = pass(filters, "POST", "/api/v1/pods");
    assert.deepEqual([headers?.["Retry-After"], headers?.["Connection"]], [5, "close"]);
  });

  test("a part of the connections is closed after an answer", () => {
    const shutdown = new Shutdown(signal, lifecycle);
    const filtersAt = (value: number) =>
      frontFilters({ requests: { closeChance: 0.01 }, browsers }, shutdown, fixedRandom(value));
    assert.equal(pass(filtersAt(0.009), "GET", "/api").shouldKeepAlive, false);
    assert.equal(pass(filtersAt(0.01), "GET", "/api").shouldKeepAlive, true);
  });

  test("what browsers ask before they send is answered for allowed origins only", () => {
    const allowing = { ...browsers, allowsOrigin: (origin: string) => origin === "https://a" };
    const filters = frontFilters({ requests, browsers: allowing }, new Shutdown(signal, lifecycle), fixedRandom(0));
    assert.equal(pass(filters, "OPTIONS", "/api", { origin: "https://a" }).code, 204);
    assert.equal(pass(filters, "OPTIONS", "/api", { origin: "https://b" }).code, undefined);
    assert.equal(pass(filters, "OPTIONS", "/api").code, undefined);
    assert.equal(pass(filters, "GET", "/api", { origin: "https://a" }).code, undefined);
    const headersFor = browserHeaders(allowing);
    const headers = (origin: string) => new Map(headersFor?.({ headers: { origin } } as IncomingMessage));
    assert.equal(headers("https://a").get("Access-Control-Allow-Origin"), "https://a");
    assert.equal(headers("https://b").size, 0);
  });
});

suite("a shutdown", () => {
  test("drains after its delay, and gives watches their time", async () => {
    const stop = new AbortController();
    const clock = new FakeClock();
    const shutdown = new Shutdown(stop.signal, { ...lifecycle, shutdownDelayMs: 5_000, watchGraceMs: 2_000 });
    stop.abort();
    let isDelayed = true;
    const delayed = shutdown.delay(clock).then(() => (isDelayed = false));
    await clock.advance(4_999);
    assert.ok(isDelayed);
    await clock.advance(1);
    await delayed;
    assert.equal(shutdown.draining.aborted, false);
    using _draining = shutdown.drain(clock);
    assert.deepEqual([shutdown.draining.aborted, shutdown.ending.aborted], [true, false]);
    await clock.advance(2_000);
    assert.equal(shutdown.ending.aborted, true);
  });

  test("ends what has time left when it is over", () => {
    const shutdown = new Shutdown(new AbortController().signal, { ...lifecycle, watchGraceMs: 60_000 });
    const clock = new FakeClock();
    {
      using _draining = shutdown.drain(clock);
      assert.equal(shutdown.ending.aborted, false);
    }
    assert.equal(shutdown.ending.aborted, true);
    assert.equal(clock.pendingTimers, 0);
  });
});
