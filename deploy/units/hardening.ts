import type { Directives } from "./unit-text.ts";

/**
 * What every daemon but the kubelet does without: other people's files and processes, devices, the kernel's settings,
 * new namespaces, system calls that administrators need. V8 compiles as it runs, so `MemoryDenyWriteExecute=` is out.
 */
export const sealed: Directives = {
  NoNewPrivileges: true,
  CapabilityBoundingSet: "",
  ProtectSystem: "strict",
  ProtectHome: true,
  PrivateTmp: true,
  PrivateDevices: true,
  ProtectKernelTunables: true,
  ProtectKernelModules: true,
  ProtectKernelLogs: true,
  ProtectControlGroups: true,
  ProtectClock: true,
  ProtectHostname: true,
  ProtectProc: "invisible",
  ProcSubset: "pid",
  // Netlink tells a program the machine's own addresses.
  RestrictAddressFamilies: "AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  RestrictNamespaces: true,
  RestrictRealtime: true,
  RestrictSUIDSGID: true,
  LockPersonality: true,
  RemoveIPC: true,
  KeyringMode: "private",
  SystemCallArchitectures: "native",
  SystemCallFilter: ["@system-service", "~@privileged @resources"],
  SystemCallErrorNumber: "EPERM",
  UMask: "0077",
  // What a crash would write holds keys.
  LimitCORE: 0,
};

/** Of a user that is not root: with these capabilities and no others. */
export function unprivileged(user: string, ...capabilities: readonly string[]): Directives {
  const granted = capabilities.join(" ");
  return {
    User: user,
    Group: user,
    CapabilityBoundingSet: granted,
    ...(granted !== "" && { AmbientCapabilities: granted }),
  };
}

/** For a daemon that sets up the machine's network with the system's tools: routes, packet filters, kernel settings of it. */
export const networking: Directives = {
  CapabilityBoundingSet: "CAP_NET_ADMIN CAP_NET_RAW",
  // The network's own settings are guarded by CAP_NET_ADMIN; the others stay read-only for who is not root.
  ProtectKernelTunables: false,
  ProcSubset: "all",
  // Raw sockets are how iptables speaks to the kernel.
  SystemCallFilter: ["@system-service", "~@privileged @resources"],
};

/**
 * The kubelet mounts volumes for containers, which works only in the machine's own mount namespace: nothing here may
 * give it another one. It is as good as root by what it is asked to do; what is left is what it never does.
 */
export const kubeletLimits: Directives = {
  NoNewPrivileges: true,
  CapabilityBoundingSet: [
    "CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_KILL CAP_MKNOD CAP_NET_ADMIN CAP_NET_BIND_SERVICE",
    "CAP_NET_RAW CAP_SETGID CAP_SETUID CAP_SYS_ADMIN CAP_SYS_CHROOT CAP_SYS_PTRACE CAP_SYS_RESOURCE CAP_SYSLOG",
  ],
  RestrictAddressFamilies: "AF_INET AF_INET6 AF_UNIX AF_NETLINK AF_PACKET",
  RestrictRealtime: true,
  LockPersonality: true,
  KeyringMode: "private",
  SystemCallArchitectures: "native",
  SystemCallFilter: "~@clock @cpu-emulation @module @obsolete @raw-io @reboot @swap",
  SystemCallErrorNumber: "EPERM",
  LimitCORE: 0,
};
