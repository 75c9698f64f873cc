import { Counter, Gauge, Histogram, exponentialBuckets } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { Transport } from "./forward/forwarder.ts";
import { recordType, responseCode } from "./message/query.ts";
import type { HandledQuery } from "./query-handler.ts";

/** The server's metrics, by CoreDNS's names. */
export interface DnsMetrics {
  /** Counts a message that was handled in `seconds`. */
  handled(transport: Transport, handled: HandledQuery, seconds: number): void;
}

const durationBuckets = exponentialBuckets(0.00025, 2, 16);
const sizeBuckets = [0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16_000, 32_000, 48_000, 64_000];
const typeNames = new Map<number, string>(Object.entries(recordType).map(([name, number]) => [number, name]));
const codeNames = new Map<number, string>(Object.entries(responseCode).map(([name, number]) => [number, name]));

/** `cachedAnswers` tells how many answers of other servers are kept. */
export function createDnsMetrics(registry: Registry, zone: string, cachedAnswers: () => number): DnsMetrics {
  const registers = [registry];
  const labelNames = ["zone", "proto"];
  const requests = new Counter({
    name: "coredns_dns_requests_total",
    help: "Questions received",
    labelNames: ["zone", "proto", "type"],
    registers,
  });
  const responses = new Counter({
    name: "coredns_dns_responses_total",
    help: "Answers given",
    labelNames: ["zone", "proto", "rcode"],
    registers,
  });
  const duration = new Histogram({
    name: "coredns_dns_request_duration_seconds",
    help: "Time to answer",
    labelNames,
    buckets: durationBuckets,
    registers,
  });
  const size = new Histogram({
    name: "coredns_dns_response_size_bytes",
    help: "Size of answers",
    labelNames,
    buckets: sizeBuckets,
    registers,
  });
  const hits = new Counter({ name: "coredns_cache_hits_total", help: "Answers taken from the cache", registers });
  const misses = new Counter({ name: "coredns_cache_misses_total", help: "Questions handed on", registers });
  const entries = new Gauge({
    name: "coredns_cache_entries",
    help: "Answers in the cache",
    registers: [],
    collect() {
      this.set(cachedAnswers());
    },
  });
  registry.registerMetric(entries);
  return {
    handled: (proto, { query, response, code, source }, seconds) => {
      if (!response) return;
      const labels = { zone: source === "zone" ? `${zone}.` : ".", proto };
      requests.inc({ ...labels, type: typeNames.get(query?.type ?? 0) ?? "other" });
      responses.inc({ ...labels, rcode: codeNames.get(code) ?? "other" });
      duration.observe(labels, seconds);
      size.observe(labels, response.length);
      if (source === "cache") hits.inc();
      if (source === "forward") misses.inc();
    },
  };
}
