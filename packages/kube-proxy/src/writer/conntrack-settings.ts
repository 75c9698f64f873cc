import type { ConntrackSettings } from "../config/proxy-config.ts";

/** One kernel setting and the value it should have. */
export interface SysctlValue {
  readonly name: string;
  readonly value: string;
}

/** The settings of connection tracking in the kernel's terms; what is to stay as it is does not appear. */
export function conntrackSysctls(settings: ConntrackSettings, cpuCount: number): readonly SysctlValue[] {
  const values: SysctlValue[] = [];
  if (settings.maxPerCore > 0) {
    const max = Math.max(settings.maxPerCore * cpuCount, settings.min);
    values.push({ name: "net/netfilter/nf_conntrack_max", value: String(max) });
  }
  const timeouts = [
    ["nf_conntrack_tcp_timeout_established", settings.tcpEstablishedTimeoutMs],
    ["nf_conntrack_tcp_timeout_close_wait", settings.tcpCloseWaitTimeoutMs],
    ["nf_conntrack_udp_timeout", settings.udpTimeoutMs],
    ["nf_conntrack_udp_timeout_stream", settings.udpStreamTimeoutMs],
  ] as const;
  for (const [name, timeoutMs] of timeouts) {
    if (timeoutMs > 0) values.push({ name: `net/netfilter/${name}`, value: String(Math.ceil(timeoutMs / 1_000)) });
  }
  if (settings.tcpBeLiberal) values.push({ name: "net/netfilter/nf_conntrack_tcp_be_liberal", value: "1" });
  return values;
}
