import { sharesOfWeight } from "./cgroup-plan.ts";

/** Reads a file of one cgroup, trimmed; undefined when there is none. `controller` counts in version 1 only. */
export type CgroupReader = (controller: string, file: string) => string | undefined;

/** Bytes and operations on one block device, which is named by its numbers: `8:0`. */
export interface DeviceCounters {
  readonly device: string;
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly reads: number;
  readonly writes: number;
}

/** Seconds in which some, or all, of the tasks waited for a resource. */
export interface Pressure {
  readonly someSeconds: number;
  readonly fullSeconds: number;
}

/** Everything that monitoring asks of a cgroup. What the kernel does not tell is absent; 0 stands for no limit. */
export interface CgroupCounters {
  readonly cpuSeconds: number;
  readonly cpuUserSeconds: number;
  readonly cpuSystemSeconds: number;
  /** Absent without a quota. */
  readonly throttling?: {
    readonly periods: number;
    readonly throttledPeriods: number;
    readonly throttledSeconds: number;
  };
  readonly cpuShares: number;
  readonly cpuPeriodUs: number;
  /** Absent without a quota. */
  readonly cpuQuotaUs?: number;
  readonly memoryBytes: number;
  readonly workingSetBytes: number;
  readonly rssBytes: number;
  readonly cacheBytes: number;
  readonly mappedFileBytes: number;
  readonly kernelBytes: number;
  readonly swapBytes: number;
  readonly activeFileBytes: number;
  readonly inactiveFileBytes: number;
  readonly maxMemoryBytes: number;
  readonly memoryFailures: number;
  /** Of the cgroup's own tasks, and with those of the cgroups below it. */
  readonly pageFaults: { readonly own: number; readonly all: number };
  readonly majorPageFaults: { readonly own: number; readonly all: number };
  readonly oomKills: number;
  readonly memoryLimitBytes: number;
  readonly memoryReservationBytes: number;
  readonly swapLimitBytes: number;
  readonly threads: number;
  readonly maxThreads: number;
  readonly devices: readonly DeviceCounters[];
  /** Version 2 only, and where the kernel counts it. */
  readonly pressure?: { readonly cpu: Pressure; readonly memory: Pressure; readonly io: Pressure };
}

const unlimitedBytes = 2 ** 62;
const nanosPerSecond = 1e9;
const microsPerSecond = 1e6;
/** The kernel counts processor time in ticks of a hundredth of a second here. */
const ticksPerSecond = 100;

/** Undefined when the cgroup is gone. */
export function cgroupCounters(version: 1 | 2, read: CgroupReader): CgroupCounters | undefined {
  return version === 2 ? version2(read) : version1(read);
}

function version1(read: CgroupReader): CgroupCounters | undefined {
  const cpu = read("cpuacct", "cpuacct.usage");
  const memory = read("memory", "memory.usage_in_bytes");
  if (cpu === undefined || memory === undefined) return undefined;
  const ticks = named(read("cpuacct", "cpuacct.stat"));
  const scheduled = named(read("cpu", "cpu.stat"));
  const quotaUs = Number(read("cpu", "cpu.cfs_quota_us") ?? -1);
  const stat = named(read("memory", "memory.stat"));
  const total = (name: string) => stat.get(`total_${name}`) ?? 0;
  const faults = (name: string) => ({ own: stat.get(name) ?? 0, all: total(name) });
  const inactiveFileBytes = total("inactive_file");
  return {
    cpuSeconds: Number(cpu) / nanosPerSecond,
    cpuUserSeconds: (ticks.get("user") ?? 0) / ticksPerSecond,
    cpuSystemSeconds: (ticks.get("system") ?? 0) / ticksPerSecond,
    ...(quotaUs > 0 && {
      throttling: {
        periods: scheduled.get("nr_periods") ?? 0,
        throttledPeriods: scheduled.get("nr_throttled") ?? 0,
        throttledSeconds: (scheduled.get("throttled_time") ?? 0) / nanosPerSecond,
      },
      cpuQuotaUs: quotaUs,
    }),
    cpuShares: Number(read("cpu", "cpu.shares") ?? 0),
    cpuPeriodUs: Number(read("cpu", "cpu.cfs_period_us") ?? 0),
    memoryBytes: Number(memory),
    workingSetBytes: Math.max(0, Number(memory) - inactiveFileBytes),
    rssBytes: total("rss"),
    cacheBytes: total("cache"),
    mappedFileBytes: total("mapped_file"),
    kernelBytes: Number(read("memory", "memory.kmem.usage_in_bytes") ?? 0),
    swapBytes: total("swap"),
    activeFileBytes: total("active_file"),
    inactiveFileBytes,
    maxMemoryBytes: Number(read("memory", "memory.max_usage_in_bytes") ?? 0),
    memoryFailures: Number(read("memory", "memory.failcnt") ?? 0),
    pageFaults: faults("pgfault"),
    majorPageFaults: faults("pgmajfault"),
    oomKills: named(read("memory", "memory.oom_control")).get("oom_kill") ?? 0,
    memoryLimitBytes: limit(read("memory", "memory.limit_in_bytes")),
    memoryReservationBytes: limit(read("memory", "memory.soft_limit_in_bytes")),
    swapLimitBytes: limit(read("memory", "memory.memsw.limit_in_bytes")),
    threads: Number(read("pids", "pids.current") ?? 0),
    maxThreads: limit(read("pids", "pids.max")),
    devices: throttledDevices(
      read("blkio", "blkio.throttle.io_service_bytes_recursive"),
      read("blkio", "blkio.throttle.io_serviced_recursive"),
    ),
  };
}

function version2(read: CgroupReader): CgroupCounters | undefined {
  const cpuText = read("", "cpu.stat");
  const memory = read("", "memory.current");
  if (cpuText === undefined || memory === undefined) return undefined;
  const cpu = named(cpuText);
  const micros = (name: string) => (cpu.get(name) ?? 0) / microsPerSecond;
  const [quota = "max", periodUs = "0"] = (read("", "cpu.max") ?? "max 0").split(" ");
  const stat = named(read("", "memory.stat"));
  const bytes = (name: string) => stat.get(name) ?? 0;
  const events = named(read("", "memory.events"));
  const faults = (name: string) => ({ own: bytes(name), all: bytes(name) });
  const inactiveFileBytes = bytes("inactive_file");
  const pressure = pressures(read);
  return {
    cpuSeconds: micros("usage_usec"),
    cpuUserSeconds: micros("user_usec"),
    cpuSystemSeconds: micros("system_usec"),
    ...(quota !== "max" && {
      throttling: {
        periods: cpu.get("nr_periods") ?? 0,
        throttledPeriods: cpu.get("nr_throttled") ?? 0,
        throttledSeconds: micros("throttled_usec"),
      },
      cpuQuotaUs: Number(quota),
    }),
    cpuShares: sharesOfWeight(Number(read("", "cpu.weight") ?? 0)),
    cpuPeriodUs: Number(periodUs),
    memoryBytes: Number(memory),
    workingSetBytes: Math.max(0, Number(memory) - inactiveFileBytes),
    rssBytes: bytes("anon"),
    cacheBytes: bytes("file"),
    mappedFileBytes: bytes("file_mapped"),
    kernelBytes: bytes("kernel"),
    swapBytes: Number(read("", "memory.swap.current") ?? 0),
    activeFileBytes: bytes("active_file"),
    inactiveFileBytes,
    maxMemoryBytes: Number(read("", "memory.peak") ?? 0),
    memoryFailures: events.get("max") ?? 0,
    pageFaults: faults("pgfault"),
    majorPageFaults: faults("pgmajfault"),
    oomKills: events.get("oom_kill") ?? 0,
    memoryLimitBytes: limit(read("", "memory.max")),
    memoryReservationBytes: limit(read("", "memory.high")),
    swapLimitBytes: limit(read("", "memory.swap.max")),
    threads: Number(read("", "pids.current") ?? 0),
    maxThreads: limit(read("", "pids.max")),
    devices: ioDevices(read("", "io.stat")),
    ...(pressure && { pressure }),
  };
}

/** `max`, absent and the largest page count mean no limit. */
function limit(text: string | undefined): number {
  if (text === undefined || text === "max") return 0;
  const value = Number(text);
  return value >= unlimitedBytes ? 0 : value;
}

/** Files of `name value` lines. */
function named(text: string | undefined): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of (text ?? "").split("\n")) {
    const blank = line.indexOf(" ");
    if (blank > 0) values.set(line.slice(0, blank), Number(line.slice(blank + 1)));
  }
  return values;
}

/** Version 1: lines such as `8:0 Read 4096`. */
function throttledDevices(bytesText: string | undefined, countsText: string | undefined): DeviceCounters[] {
  const bytes = byDevice(bytesText);
  const counts = byDevice(countsText);
  return [...bytes].map(([device, moved]) => ({
    device,
    readBytes: moved.get("Read") ?? 0,
    writeBytes: moved.get("Write") ?? 0,
    reads: counts.get(device)?.get("Read") ?? 0,
    writes: counts.get(device)?.get("Write") ?? 0,
  }));
}

function byDevice(text: string | undefined): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const devices = new Map<string, Map<string, number>>();
  for (const line of (text ?? "").split("\n")) {
    const [device = "", operation, value] = line.split(" ");
    if (!device.includes(":") || operation === undefined || value === undefined) continue;
    const counters = devices.get(device) ?? new Map<string, number>();
    counters.set(operation, Number(value));
    devices.set(device, counters);
  }
  return devices;
}

/** Version 2: lines such as `8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0`. */
function ioDevices(text: string | undefined): DeviceCounters[] {
  return (text ?? "").split("\n").flatMap((line) => {
    const [device = "", ...fields] = line.split(" ");
    if (!device.includes(":") || fields.length === 0) return [];
    const values = new Map(fields.map((field) => field.split("=") as [string, string]));
    const of = (name: string) => Number(values.get(name) ?? 0);
    return [{ device, readBytes: of("rbytes"), writeBytes: of("wbytes"), reads: of("rios"), writes: of("wios") }];
  });
}

function pressures(read: CgroupReader): CgroupCounters["pressure"] {
  const cpu = pressureOf(read("", "cpu.pressure"));
  const memory = pressureOf(read("", "memory.pressure"));
  const io = pressureOf(read("", "io.pressure"));
  return cpu && memory && io && { cpu, memory, io };
}

/** Lines such as `some avg10=0.00 avg60=0.00 avg300=0.00 total=1234`, in microseconds. */
function pressureOf(text: string | undefined): Pressure | undefined {
  if (text === undefined) return undefined;
  const seconds = (kind: string) =>
    Number(new RegExp(`^${kind} .*total=(\\d+)`, "m").exec(text)?.[1] ?? 0) / microsPerSecond;
  return { someSeconds: seconds("some"), fullSeconds: seconds("full") };
}
