import { Counter, Gauge, Histogram, exponentialBuckets } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";

/** The proxy's metrics, by upstream's names. */
export type ProxyMetrics = ReturnType<typeof createProxyMetrics>;

const syncBuckets = exponentialBuckets(0.001, 2, 15);

const programmingBuckets = [...steps(0.25, 0.25, 2), ...steps(1, 1, 59), ...steps(60, 5, 12), ...steps(120, 30, 7)];

export function createProxyMetrics(registry: Registry) {
  const registers = [registry];
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []) =>
    new Histogram({ name, help, buckets, labelNames, registers });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const family = ["ip_family"];
  const prefix = "kubeproxy_sync_proxy_rules_";
  return {
    syncDuration: histogram(`${prefix}duration_seconds`, "Duration of one round of rule writing", syncBuckets, family),
    fullSyncDuration: histogram(
      "kubeproxy_sync_full_proxy_rules_duration_seconds",
      "Duration of one round that compared with the tables",
      syncBuckets,
      family,
    ),
    partialSyncDuration: histogram(
      "kubeproxy_sync_partial_proxy_rules_duration_seconds",
      "Duration of one round that wrote changes only",
      syncBuckets,
      family,
    ),
    lastSync: gauge(`${prefix}last_timestamp_seconds`, "When rules were last in place", family),
    lastQueued: gauge(`${prefix}last_queued_timestamp_seconds`, "When a change last asked for a round"),
    networkProgramming: histogram(
      "kubeproxy_network_programming_duration_seconds",
      "Time from the change of a Service or its pods until the rules were in place",
      programmingBuckets,
      family,
    ),
    endpointChangesPending: gauge(
      `${prefix}endpoint_changes_pending`,
      "Endpoint changes that are not in the rules yet",
    ),
    endpointChangesTotal: counter(`${prefix}endpoint_changes_total`, "Endpoint changes seen"),
    serviceChangesPending: gauge(`${prefix}service_changes_pending`, "Service changes that are not in the rules yet"),
    serviceChangesTotal: counter(`${prefix}service_changes_total`, "Service changes seen"),
    rulesTotal: gauge(`${prefix}iptables_total`, "Rules that the proxy owns", ["table", "ip_family"]),
    rulesLast: gauge(`${prefix}iptables_last`, "Rules written in the last round", ["table", "ip_family"]),
    restoreFailures: counter(`${prefix}iptables_restore_failures_total`, "Failed rounds", family),
    partialRestoreFailures: counter(
      `${prefix}iptables_partial_restore_failures_total`,
      "Failed rounds that wrote changes only",
      family,
    ),
    noLocalEndpoints: gauge(
      `${prefix}no_local_endpoints_total`,
      "Service ports under policy Local that have no endpoint on this node",
      ["traffic_policy"],
    ),
    conntrackDuration: histogram(
      "kubeproxy_conntrack_reconciler_sync_duration_seconds",
      "Duration of one search for stale flows",
      syncBuckets,
      family,
    ),
    conntrackDeleted: counter(
      "kubeproxy_conntrack_reconciler_deleted_entries_total",
      "Stale flows removed, all clients of one endpoint counted once",
      family,
    ),
    healthz: counter("kubeproxy_proxy_healthz_total", "Answers of /healthz", ["code"]),
    livez: counter("kubeproxy_proxy_livez_total", "Answers of /livez", ["code"]),
  };
}

function steps(start: number, width: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => start + width * index);
}
