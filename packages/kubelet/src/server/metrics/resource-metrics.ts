import { timeMs } from "@kube-ts/api/rfc3339";
import type { CpuStats, MemoryStats, Summary } from "../../stats/summary-api.ts";
import type { Metric, Sample } from "./exposition.ts";

const nanosPerSecond = 1e9;

/** `/metrics/resource`: what autoscalers read. Without a summary the scrape has failed, which is a metric too. */
export function resourceMetrics(summary: Summary | undefined): Metric[] {
  const failed: Metric = {
    name: "resource_scrape_error",
    help: "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise",
    type: "gauge",
    samples: [{ labels: {}, value: summary ? 0 : 1 }],
  };
  if (!summary) return [failed];
  const pods = summary.pods.map((pod) => ({
    ...pod,
    labels: { namespace: pod.podRef.namespace, pod: pod.podRef.name },
  }));
  const containers = pods.flatMap((pod) =>
    pod.containers.map((container) => ({ ...container, labels: { container: container.name, ...pod.labels } })),
  );
  return [
    ...usageMetrics("node", [{ ...summary.node, labels: {} }]),
    ...usageMetrics("container", containers),
    {
      name: "container_start_time_seconds",
      help: "[STABLE] Start time of the container since unix epoch in seconds",
      type: "gauge",
      samples: containers.map(({ labels, startTime }) => ({ labels, value: timeMs(startTime) / 1000 })),
    },
    ...usageMetrics("pod", pods),
    failed,
  ];
}

interface Used {
  readonly labels: Readonly<Record<string, string>>;
  readonly cpu?: CpuStats;
  readonly memory?: MemoryStats;
}

function usageMetrics(subject: string, used: readonly Used[]): Metric[] {
  const cpu: Sample[] = [];
  const memory: Sample[] = [];
  for (const { labels, ...each } of used) {
    const nanos = each.cpu?.usageCoreNanoSeconds;
    const bytes = each.memory?.workingSetBytes;
    if (nanos !== undefined) cpu.push({ labels, value: nanos / nanosPerSecond, timestampMs: timeMs(each.cpu?.time) });
    if (bytes !== undefined) memory.push({ labels, value: bytes, timestampMs: timeMs(each.memory?.time) });
  }
  return [
    {
      name: `${subject}_cpu_usage_seconds_total`,
      help: `[STABLE] Cumulative cpu time consumed by the ${subject} in core-seconds`,
      type: "counter",
      samples: cpu,
    },
    {
      name: `${subject}_memory_working_set_bytes`,
      help: `[STABLE] Current working set of the ${subject} in bytes`,
      type: "gauge",
      samples: memory,
    },
  ];
}
