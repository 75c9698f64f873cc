import type { HostConfig } from "dockerode";
import type { LinuxResources, SecurityProfile, SelinuxOptions } from "../config.ts";
import { RuntimeError } from "../runtime-error.ts";
import type { MachineLimits } from "./machine-limits.ts";

/** What the engine and the machine under it can do. */
export interface EngineTraits {
  readonly cgroupDriver: "cgroupfs" | "systemd";
  readonly cgroupVersion: 1 | 2;
  readonly apparmor: boolean;
  readonly seccomp: boolean;
  readonly selinux: boolean;
  readonly limits: MachineLimits;
  /** Names of the engine's runtimes, which are the handlers of runtime classes. */
  readonly runtimes: readonly string[];
}

/** Text of the seccomp profile files that a config names, by path. */
export type ProfileTexts = ReadonlyMap<string, string>;

/** The parent as the engine wants it: a slice name under systemd, a path otherwise. */
export function cgroupParentFor(path: string, traits: EngineTraits): string {
  return traits.cgroupDriver === "systemd" ? path.slice(path.lastIndexOf("/") + 1) : path;
}

/** The limits as the engine wants them. Absent memory swap means no swap beyond the memory limit. */
export function resourceOptions(resources: LinuxResources, traits: EngineTraits): HostConfig {
  const { memoryLimitBytes, memorySwapLimitBytes, oomScoreAdj } = resources;
  const options: HostConfig = {};
  if (resources.cpuShares !== undefined) options.CpuShares = resources.cpuShares;
  if (resources.cpuPeriodUs !== undefined) options.CpuPeriod = resources.cpuPeriodUs;
  if (resources.cpuQuotaUs !== undefined) options.CpuQuota = resources.cpuQuotaUs;
  if (resources.cpusetCpus !== undefined) options.CpusetCpus = resources.cpusetCpus;
  if (resources.cpusetMems !== undefined) options.CpusetMems = resources.cpusetMems;
  if (resources.pidsLimit !== undefined) options.PidsLimit = resources.pidsLimit;
  if (memoryLimitBytes !== undefined) {
    options.Memory = memoryLimitBytes;
    options.MemorySwap = memorySwapLimitBytes ?? memoryLimitBytes;
  }
  if (oomScoreAdj !== undefined) {
    options.OomScoreAdj = traits.limits.negativeOomScoreAdj ? oomScoreAdj : Math.max(0, oomScoreAdj);
  }
  return options;
}

/** The engine's `--security-opt` values. Absent profiles are the engine's defaults. */
export function securityOptions(
  security: {
    readonly seccomp: SecurityProfile;
    readonly apparmor?: SecurityProfile;
    readonly selinux?: SelinuxOptions;
  },
  profiles: ProfileTexts,
  traits: EngineTraits,
): string[] {
  const options = [...seccompOption(security.seccomp, profiles, traits), ...selinuxOptions(security.selinux, traits)];
  if (security.apparmor) options.push(...apparmorOption(security.apparmor, traits));
  return options;
}

function seccompOption(profile: SecurityProfile, profiles: ProfileTexts, traits: EngineTraits): string[] {
  if (profile.type === "RuntimeDefault") return [];
  if (profile.type === "Unconfined") return traits.seccomp ? ["seccomp=unconfined"] : [];
  const text = profiles.get(profile.profile);
  if (text === undefined) {
    throw new RuntimeError("InvalidArgument", `cannot load seccomp profile "${profile.profile}": no such file`);
  }
  if (!traits.seccomp) throw new RuntimeError("Unsupported", "seccomp is not available on this machine");
  return [`seccomp=${text}`];
}

function apparmorOption(profile: SecurityProfile, traits: EngineTraits): string[] {
  if (profile.type === "RuntimeDefault") return [];
  if (profile.type === "Unconfined") return traits.apparmor ? ["apparmor=unconfined"] : [];
  if (!traits.apparmor) throw new RuntimeError("Unsupported", "AppArmor is not available on this machine");
  return [`apparmor=${profile.profile}`];
}

function selinuxOptions(selinux: SelinuxOptions | undefined, traits: EngineTraits): string[] {
  if (!selinux || !traits.selinux) return [];
  return (["user", "role", "type", "level"] as const)
    .filter((part) => selinux[part])
    .map((part) => `label=${part}:${selinux[part]}`);
}

/**
 * What privileged mode means here: the engine's own, or, where the machine cannot grant every capability, all
 * that it can grant, unconfined, with every device.
 */
export function privilegedOptions(traits: EngineTraits): HostConfig {
  if (traits.limits.allCapabilities) return { Privileged: true };
  return {
    CapAdd: [...traits.limits.capabilities],
    SecurityOpt: [
      ...(traits.seccomp ? ["seccomp=unconfined"] : []),
      ...(traits.apparmor ? ["apparmor=unconfined"] : []),
    ],
    MaskedPaths: [],
    ReadonlyPaths: [],
    Devices: [{ PathOnHost: "/dev", PathInContainer: "/dev", CgroupPermissions: "rwm" }],
    DeviceCgroupRules: ["a *:* rwm"],
  };
}

/** Capability names without their prefix; `ALL` becomes what the machine has where that is less. */
export function capabilityOptions(names: readonly string[], traits: EngineTraits): string[] {
  const plain = names.map((name) => name.toUpperCase().replace(/^CAP_/, ""));
  if (!plain.includes("ALL") || traits.limits.allCapabilities) return plain;
  return [...new Set([...plain.filter((name) => name !== "ALL"), ...traits.limits.capabilities])];
}

/** `uid`, `uid:gid`, `name` or `name:gid`; undefined for the image's own user. */
export function userOption(user: {
  readonly runAsUser?: number;
  readonly runAsUsername?: string;
  readonly runAsGroup?: number;
}): string | undefined {
  const name = user.runAsUser === undefined ? user.runAsUsername : String(user.runAsUser);
  if (user.runAsGroup === undefined) return name || undefined;
  if (!name) throw new RuntimeError("InvalidArgument", "runAsGroup is specified without a runAsUser");
  return `${name}:${user.runAsGroup}`;
}
