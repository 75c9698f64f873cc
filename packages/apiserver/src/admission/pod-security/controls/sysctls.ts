import type { Check, CheckedPod, Control, Violation } from "../control.ts";

const since0 = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
];
const since27 = [...since0, "net.ipv4.ip_local_reserved_ports"];
const since29 = [
  ...since27,
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
];
const since32 = [...since29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

/** Pods set only those parameters of the kernel that are their own and harm nobody else. */
export const sysctls: Control = {
  id: "sysctls",
  level: "baseline",
  versions: [
    { since: 0, check: checkFor(since0) },
    { since: 27, check: checkFor(since27) },
    { since: 29, check: checkFor(since29) },
    { since: 32, check: checkFor(since32) },
  ],
};

function checkFor(names: readonly string[]): Check {
  const allowed = new Set(names);
  return ({ spec }: CheckedPod): Violation | undefined => {
    const bad = (spec.securityContext?.sysctls ?? []).filter(({ name }) => !allowed.has(name));
    if (bad.length === 0) return undefined;
    return { reason: "forbidden sysctls", detail: bad.map(({ name }) => name).join(", ") };
  };
}
