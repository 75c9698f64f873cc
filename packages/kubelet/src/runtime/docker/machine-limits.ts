import { readFile } from "node:fs/promises";

/** What the machine lets the container engine hand out; less than everything inside restricted virtual machines. */
export interface MachineLimits {
  /** Capabilities that containers can be given, as `NET_ADMIN`. */
  readonly capabilities: readonly string[];
  /** Whether those are all that the kernel knows: only then does the engine's privileged mode work. */
  readonly allCapabilities: boolean;
  /** Whether processes may be made less likely to be killed than the engine itself. */
  readonly negativeOomScoreAdj: boolean;
}

/**
 * In the order of their bits (linux/capability.h), up to AUDIT_READ: older engines do not know the later ones,
 * which SYS_ADMIN includes.
 */
const capabilityNames =
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE " +
  "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN " +
  "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE " +
  "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ";

/** The limits in force for the engine whose process id is in `pidFile`, or for this process when there is none. */
export async function readMachineLimits(pidFile: string): Promise<MachineLimits> {
  const pid = await readFile(pidFile, "utf8").catch(() => "");
  const status = await readFile(`/proc/${pid.trim() || "self"}/status`, "utf8").catch(() =>
    readFile("/proc/self/status", "utf8"),
  );
  const lastCapability = await readFile("/proc/sys/kernel/cap_last_cap", "utf8").catch(() => "40");
  return machineLimits(status, Number(lastCapability));
}

/** Reads the bounding set of a `/proc/<pid>/status`. */
function machineLimits(procStatus: string, lastCapability: number): MachineLimits {
  const bounding = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(procStatus)?.[1] ?? "0"}`);
  const has = (bit: number) => ((bounding >> BigInt(bit)) & 1n) === 1n;
  const names = capabilityNames.split(" ");
  return {
    capabilities: names.filter((_, bit) => bit <= lastCapability && has(bit)),
    allCapabilities: Array.from({ length: lastCapability + 1 }, (_, bit) => bit).every(has),
    negativeOomScoreAdj: has(names.indexOf("SYS_RESOURCE")),
  };
}
