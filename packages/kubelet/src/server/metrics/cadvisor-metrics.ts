import type { CgroupStats, InterfaceStats } from "../../runtime/stats.ts";
import type { Metric, Sample } from "./exposition.ts";

/** What of the machine does not change. */
export interface MachineFacts {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly swapBytes: number;
  readonly bootId: string;
  readonly machineId: string;
  readonly systemUuid: string;
}

/** Further labels and a value. */
type Point = readonly [labels: Readonly<Record<string, string>>, value: number];

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** Nothing where a cgroup has no such thing. */
  points(stats: CgroupStats): readonly Point[];
}

/**
 * `/metrics/cadvisor`: containers by upstream's names, so that existing dashboards and rules work. One family after the
 * other, so that not all samples need be there at once.
 */
export function* cadvisorMetrics(cgroups: readonly CgroupStats[], machine: MachineFacts): Iterable<Metric> {
  const owners = cgroups.map((stats) => ({ stats, labels: ownerLabels(stats) }));
  for (const { name, help, type, points } of families) {
    const samples = owners.flatMap(({ stats, labels }) =>
      points(stats).map(([extra, value]): Sample => {
        return { labels: { ...labels, ...extra }, value, timestampMs: stats.timestampMs };
      }),
    );
    yield { name, help, type, samples };
  }
  yield* machineMetrics(machine);
}

/** Every series of a family has the same labels; those that do not apply are empty. */
function ownerLabels({ cgroup, container, name, image, pod }: CgroupStats): Readonly<Record<string, string>> {
  return { container, id: cgroup, image, name, namespace: pod?.namespace ?? "", pod: pod?.name ?? "" };
}

function family(type: Family["type"]) {
  return (name: string, help: string, value: (stats: CgroupStats) => number | undefined): Family => {
    const points = (stats: CgroupStats): readonly Point[] => {
      const known = value(stats);
      return known === undefined ? [] : [[{}, known]];
    };
    return { name: `container_${name}`, help, type, points };
  };
}

const counter = family("counter");
const gauge = family("gauge");

const cpuFamilies: readonly Family[] = [
  {
    name: "container_cpu_usage_seconds_total",
    help: "Processor time used, in seconds.",
    type: "counter",
    points: ({ counters }) => [[{ cpu: "total" }, counters.cpuSeconds]],
  },
  counter("cpu_user_seconds_total", "Processor time used in user mode, in seconds.", (s) => s.counters.cpuUserSeconds),
  counter("cpu_system_seconds_total", "Processor time used by the kernel.", (s) => s.counters.cpuSystemSeconds),
  counter("cpu_cfs_periods_total", "Scheduling periods that have passed.", (s) => s.counters.throttling?.periods),
  counter(
    "cpu_cfs_throttled_periods_total",
    "Scheduling periods in which the quota was used up.",
    (s) => s.counters.throttling?.throttledPeriods,
  ),
  counter(
    "cpu_cfs_throttled_seconds_total",
    "Time for which tasks were held back.",
    (s) => s.counters.throttling?.throttledSeconds,
  ),
];

const memoryFamilies: readonly Family[] = [
  gauge("memory_usage_bytes", "Memory in use, with everything that could be dropped.", (s) => s.counters.memoryBytes),
  gauge("memory_working_set_bytes", "Memory in use that cannot easily be dropped.", (s) => s.counters.workingSetBytes),
  gauge("memory_max_usage_bytes", "The most memory that was ever in use.", (s) => s.counters.maxMemoryBytes),
  gauge("memory_rss", "Anonymous memory.", (s) => s.counters.rssBytes),
  gauge("memory_cache", "Memory of the page cache.", (s) => s.counters.cacheBytes),
  gauge("memory_swap", "Swap in use.", (s) => s.counters.swapBytes),
  gauge("memory_mapped_file", "Memory of mapped files.", (s) => s.counters.mappedFileBytes),
  gauge("memory_kernel_usage", "Memory of the kernel.", (s) => s.counters.kernelBytes),
  gauge("memory_total_active_file_bytes", "Active pages of files.", (s) => s.counters.activeFileBytes),
  gauge("memory_total_inactive_file_bytes", "Inactive pages of files.", (s) => s.counters.inactiveFileBytes),
  counter("memory_failcnt", "How often the memory limit was hit.", (s) => s.counters.memoryFailures),
  {
    name: "container_memory_failures_total",
    help: "Page faults, by kind, of the cgroup's own tasks and with those below.",
    type: "counter",
    points: ({ counters: { pageFaults, majorPageFaults } }) => [
      [{ failure_type: "pgfault", scope: "container" }, pageFaults.own],
      [{ failure_type: "pgfault", scope: "hierarchy" }, pageFaults.all],
      [{ failure_type: "pgmajfault", scope: "container" }, majorPageFaults.own],
      [{ failure_type: "pgmajfault", scope: "hierarchy" }, majorPageFaults.all],
    ],
  },
  counter("oom_events_total", "Tasks killed for want of memory.", (s) => s.counters.oomKills),
];

const diskCounters = [
  ["reads_bytes_total", "Bytes read from the device.", "readBytes"],
  ["reads_total", "Reads from the device.", "reads"],
  ["writes_bytes_total", "Bytes written to the device.", "writeBytes"],
  ["writes_total", "Writes to the device.", "writes"],
] as const;

const diskFamilies: readonly Family[] = [
  ...diskCounters.map(([name, help, field]): Family => {
    return {
      name: `container_fs_${name}`,
      help,
      type: "counter",
      points: ({ counters }) => counters.devices.map((each): Point => [{ device: each.device }, each[field]]),
    };
  }),
  onFilesystem("usage_bytes", "Bytes used on the filesystem.", (filesystem) => filesystem.usedBytes),
  onFilesystem("limit_bytes", "Bytes that the filesystem has.", (filesystem) => filesystem.capacityBytes),
  onFilesystem("inodes_total", "Inodes that the filesystem has.", (filesystem) => filesystem.inodes),
  onFilesystem("inodes_free", "Inodes that are free on the filesystem.", (filesystem) => filesystem.inodesFree),
];

function onFilesystem(
  name: string,
  help: string,
  value: (filesystem: NonNullable<CgroupStats["filesystem"]>) => number,
): Family {
  return {
    name: `container_fs_${name}`,
    help,
    type: "gauge",
    points: ({ filesystem }) => (filesystem ? [[{ device: filesystem.device }, value(filesystem)]] : []),
  };
}

const processFamilies: readonly Family[] = [
  gauge("processes", "Processes inside the container.", (s) => s.processes?.processes),
  gauge("threads", "Threads inside the container.", (s) => s.counters.threads),
  gauge("threads_max", "How many threads there may be; 0 for any number.", (s) => s.counters.maxThreads),
  gauge("file_descriptors", "Open files of the container's processes.", (s) => s.processes?.fileDescriptors),
  gauge("sockets", "Open sockets of the container's processes.", (s) => s.processes?.sockets),
];

const specFamilies: readonly Family[] = [
  gauge("spec_cpu_period", "Length of a scheduling period, in microseconds.", (s) => s.counters.cpuPeriodUs),
  gauge("spec_cpu_quota", "Processor time of a scheduling period.", (s) => s.counters.cpuQuotaUs),
  gauge("spec_cpu_shares", "Share of processor time.", (s) => s.counters.cpuShares),
  gauge("spec_memory_limit_bytes", "Memory limit; 0 for none.", (s) => s.counters.memoryLimitBytes),
  gauge("spec_memory_reservation_limit_bytes", "Soft memory limit.", (s) => s.counters.memoryReservationBytes),
  gauge("spec_memory_swap_limit_bytes", "Swap limit; 0 for none.", (s) => s.counters.swapLimitBytes),
  gauge("start_time_seconds", "When the container was started, as a Unix time.", ({ startedAtMs }) =>
    startedAtMs === undefined ? undefined : startedAtMs / 1000,
  ),
  gauge("last_seen", "When the container was last seen, as a Unix time.", (s) => Math.floor(s.timestampMs / 1000)),
];

const pressureFamilies: readonly Family[] = (["cpu", "memory", "io"] as const).flatMap((resource) => [
  counter(
    `pressure_${resource}_waiting_seconds_total`,
    `Time in which some tasks waited for ${resource}.`,
    ({ counters }) => counters.pressure?.[resource].someSeconds,
  ),
  counter(
    `pressure_${resource}_stalled_seconds_total`,
    `Time in which no task could go on for want of ${resource}.`,
    ({ counters }) => counters.pressure?.[resource].fullSeconds,
  ),
]);

const networkCounters: readonly (readonly [string, string, keyof InterfaceStats])[] = [
  ["receive_bytes_total", "Bytes received.", "rxBytes"],
  ["receive_packets_total", "Packets received.", "rxPackets"],
  ["receive_packets_dropped_total", "Packets dropped while receiving.", "rxDropped"],
  ["receive_errors_total", "Errors while receiving.", "rxErrors"],
  ["transmit_bytes_total", "Bytes sent.", "txBytes"],
  ["transmit_packets_total", "Packets sent.", "txPackets"],
  ["transmit_packets_dropped_total", "Packets dropped while sending.", "txDropped"],
  ["transmit_errors_total", "Errors while sending.", "txErrors"],
];

/** A network belongs to the pod: its sandbox has it. */
const networkFamilies: readonly Family[] = networkCounters.map(([name, help, field]) => ({
  name: `container_network_${name}`,
  help,
  type: "counter" as const,
  points: ({ interfaces }) => interfaces.map((each): Point => [{ interface: each.name }, Number(each[field])]),
}));

const families: readonly Family[] = [
  ...cpuFamilies,
  ...memoryFamilies,
  ...diskFamilies,
  ...processFamilies,
  ...specFamilies,
  ...pressureFamilies,
  ...networkFamilies,
];

function machineMetrics({ cores, memoryBytes, swapBytes, bootId, machineId, systemUuid }: MachineFacts): Metric[] {
  const labels = { boot_id: bootId, machine_id: machineId, system_uuid: systemUuid };
  const one = (name: string, help: string, value: number): Metric => {
    return { name, help, type: "gauge", samples: [{ labels, value }] };
  };
  return [
    one("machine_cpu_cores", "Number of logical CPU cores.", cores),
    one("machine_memory_bytes", "Memory of the machine.", memoryBytes),
    one("machine_swap_bytes", "Swap of the machine.", swapBytes),
  ];
}
