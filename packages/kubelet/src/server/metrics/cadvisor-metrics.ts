import type { ContainerStats, InterfaceStats, SandboxStats } from "../../runtime/stats.ts";
import type { Metric, Sample } from "./exposition.ts";

/** What of the machine does not change. */
export interface MachineFacts {
  readonly cores: number;
  readonly memoryBytes: number;
}

const nanosPerSecond = 1e9;

/** `/metrics/cadvisor`: containers by upstream's names, so that existing dashboards and rules work. */
export function cadvisorMetrics(
  containers: readonly ContainerStats[],
  sandboxes: readonly SandboxStats[],
  machine: MachineFacts,
): Metric[] {
  return [
    ...containerMetrics(containers),
    ...networkMetrics(sandboxes),
    gauge("machine_cpu_cores", "Number of logical CPU cores.", [{ labels: {}, value: machine.cores }]),
    gauge("machine_memory_bytes", "Amount of memory installed on the machine.", [
      { labels: {}, value: machine.memoryBytes },
    ]),
  ];
}

function containerMetrics(containers: readonly ContainerStats[]): Metric[] {
  const of = (value: (each: ContainerStats) => number, extra: Record<string, string> = {}): Sample[] =>
    containers.map((each) => ({
      labels: { ...containerLabels(each), ...extra },
      value: value(each),
      timestampMs: each.cpu.timestampMs,
    }));
  const faults = (failureType: string, value: (each: ContainerStats) => number) =>
    of(value, { failure_type: failureType, scope: "container" });
  return [
    counter(
      "container_cpu_usage_seconds_total",
      "Cumulative cpu time consumed in seconds.",
      of((each) => each.cpu.usageCoreNanoSeconds / nanosPerSecond, { cpu: "total" }),
    ),
    gauge(
      "container_memory_usage_bytes",
      "Current memory usage in bytes, including all memory regardless of when it was accessed",
      of((each) => each.memory.usageBytes),
    ),
    gauge(
      "container_memory_working_set_bytes",
      "Current working set in bytes.",
      of((each) => each.memory.workingSetBytes),
    ),
    gauge(
      "container_memory_rss",
      "Size of RSS in bytes.",
      of((each) => each.memory.rssBytes),
    ),
    gauge(
      "container_memory_swap",
      "Container swap usage in bytes.",
      of((each) => each.memory.swapUsageBytes ?? 0),
    ),
    counter("container_memory_failures_total", "Cumulative count of memory allocation failures.", [
      ...faults("pgfault", (each) => each.memory.pageFaults),
      ...faults("pgmajfault", (each) => each.memory.majorPageFaults),
    ]),
    gauge(
      "container_fs_usage_bytes",
      "Number of bytes that are consumed by the container on this filesystem.",
      of((each) => each.rootfs.usedBytes),
    ),
    gauge(
      "container_processes",
      "Number of processes running inside the container.",
      of((each) => each.processes),
    ),
    gauge(
      "container_start_time_seconds",
      "Start time of the container since unix epoch in seconds.",
      of((each) => each.startedAtMs / 1000),
    ),
    gauge(
      "container_last_seen",
      "Last time a container was seen by the exporter",
      of((each) => each.cpu.timestampMs / 1000),
    ),
    gauge(
      "container_spec_memory_limit_bytes",
      "Memory limit for the container.",
      of(({ memory }) => (memory.availableBytes === undefined ? 0 : memory.availableBytes + memory.workingSetBytes)),
    ),
  ];
}

const networkCounters: readonly (readonly [string, string, (each: InterfaceStats) => number])[] = [
  ["receive_bytes_total", "Cumulative count of bytes received", (each) => each.rxBytes],
  ["receive_packets_total", "Cumulative count of packets received", (each) => each.rxPackets],
  ["receive_packets_dropped_total", "Cumulative count of packets dropped while receiving", (each) => each.rxDropped],
  ["receive_errors_total", "Cumulative count of errors encountered while receiving", (each) => each.rxErrors],
  ["transmit_bytes_total", "Cumulative count of bytes transmitted", (each) => each.txBytes],
  ["transmit_packets_total", "Cumulative count of packets transmitted", (each) => each.txPackets],
  [
    "transmit_packets_dropped_total",
    "Cumulative count of packets dropped while transmitting",
    (each) => each.txDropped,
  ],
  ["transmit_errors_total", "Cumulative count of errors encountered while transmitting", (each) => each.txErrors],
];

/** A network belongs to the pod, not to one of its containers. */
function networkMetrics(sandboxes: readonly SandboxStats[]): Metric[] {
  return networkCounters.map(([name, help, value]) =>
    counter(
      `container_network_${name}`,
      help,
      sandboxes.flatMap(({ id, pod, interfaces, timestampMs }) =>
        interfaces.map((each) => ({
          labels: {
            container: "",
            id,
            image: "",
            interface: each.name,
            name: id,
            namespace: pod.namespace,
            pod: pod.name,
          },
          value: value(each),
          timestampMs,
        })),
      ),
    ),
  );
}

function containerLabels({ name, id, image, pod }: ContainerStats): Record<string, string> {
  return { container: name, id, image, name: id, namespace: pod.namespace, pod: pod.name };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: "counter", samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: "gauge", samples };
}
