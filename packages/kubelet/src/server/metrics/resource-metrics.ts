import type { ContainerStats, CpuStats, MemoryStats, SandboxStats } from "../../runtime/stats.ts";
import type { NodeUsage } from "../stats/node-usage.ts";
import type { Metric, Sample } from "./exposition.ts";

export interface ResourceInput {
  readonly node: NodeUsage;
  readonly containers: readonly ContainerStats[];
  readonly sandboxes: readonly SandboxStats[];
}

const nanosPerSecond = 1e9;

/** `/metrics/resource`: what autoscalers read. Without input the scrape has failed, which is a metric too. */
export function resourceMetrics(input: ResourceInput | undefined): Metric[] {
  const failed: Metric = {
    name: "resource_scrape_error",
    help: "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise",
    type: "gauge",
    samples: [{ labels: {}, value: input ? 0 : 1 }],
  };
  if (!input) return [failed];
  const { node, containers, sandboxes } = input;
  const nodes = [{ ...node, labels: {} }];
  const perContainer = containers.map((each) => ({ ...each, labels: containerLabels(each) }));
  const perPod = sandboxes.map((each) => ({ ...each, labels: podLabels(each) }));
  return [
    ...usageMetrics("node", "node", nodes),
    ...usageMetrics("container", "container", perContainer),
    {
      name: "container_start_time_seconds",
      help: "[STABLE] Start time of the container since unix epoch in seconds",
      type: "gauge",
      samples: perContainer.map(({ labels, startedAtMs }) => ({ labels, value: startedAtMs / 1000 })),
    },
    ...usageMetrics("pod", "pod", perPod),
    failed,
  ];
}

interface Used {
  readonly labels: Readonly<Record<string, string>>;
  readonly cpu: CpuStats;
  readonly memory: MemoryStats;
}

function usageMetrics(prefix: string, subject: string, used: readonly Used[]): Metric[] {
  const samples = (value: (each: Used) => number, timestampMs: (each: Used) => number): Sample[] =>
    used.map((each) => ({ labels: each.labels, value: value(each), timestampMs: timestampMs(each) }));
  const memoryTime = (each: Used) => each.memory.timestampMs;
  return [
    {
      name: `${prefix}_cpu_usage_seconds_total`,
      help: `[STABLE] Cumulative cpu time consumed by the ${subject} in core-seconds`,
      type: "counter",
      samples: samples(
        (each) => each.cpu.usageCoreNanoSeconds / nanosPerSecond,
        (each) => each.cpu.timestampMs,
      ),
    },
    {
      name: `${prefix}_memory_working_set_bytes`,
      help: `[STABLE] Current working set of the ${subject} in bytes`,
      type: "gauge",
      samples: samples((each) => each.memory.workingSetBytes, memoryTime),
    },
    {
      name: `${prefix}_swap_usage_bytes`,
      help: `[ALPHA] Current swap usage of the ${subject} in bytes. Reported only on non-windows systems`,
      type: "gauge",
      samples: samples((each) => each.memory.swapUsageBytes ?? 0, memoryTime),
    },
  ];
}

function containerLabels({ name, pod }: ContainerStats): Record<string, string> {
  return { container: name, namespace: pod.namespace, pod: pod.name };
}

function podLabels({ pod }: SandboxStats): Record<string, string> {
  return { namespace: pod.namespace, pod: pod.name };
}
