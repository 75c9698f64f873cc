import type { HTTPGetAction, TCPSocketAction } from "@kube-ts/api/core/v1";
import type { CheckedContainer, CheckedPod, Control, Violation } from "../control.ts";
import { namedContainers, plural, quoteAll, sortedOnce } from "../wording.ts";

/** Probes and hooks reach the container only, so that nobody makes the node ask others (since 1.34). */
export const hostProbes: Control = {
  id: "hostProbesAndHostLifecycle",
  level: "baseline",
  versions: [{ since: 34, check }],
};

interface Handler {
  readonly httpGet?: HTTPGetAction;
  readonly tcpSocket?: TCPSocketAction;
}

function check({ containers }: CheckedPod): Violation | undefined {
  const bad: string[] = [];
  const named: string[] = [];
  for (const container of containers) {
    const hosts = hostsOf(container);
    if (hosts.length === 0) continue;
    bad.push(container.name);
    named.push(...hosts);
  }
  if (bad.length === 0) return undefined;
  const [names, hosts] = [sortedOnce(bad), sortedOnce(named)];
  const use = plural(names.length, "uses", "use");
  const what = plural(hosts.length, "probe or lifecycle host", "probe or lifecycle hosts");
  return {
    reason: "probe or lifecycle host",
    detail: `${namedContainers(names)} ${use} ${what} ${quoteAll(hosts)}`,
  };
}

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: CheckedContainer): string[] {
  const hosts: string[] = [];
  addHosts(livenessProbe, hosts);
  addHosts(readinessProbe, hosts);
  addHosts(startupProbe, hosts);
  addHosts(lifecycle?.postStart, hosts);
  addHosts(lifecycle?.preStop, hosts);
  return hosts;
}

function addHosts(handler: Handler | undefined, hosts: string[]): void {
  if (handler?.httpGet?.host) hosts.push(handler.httpGet.host);
  if (handler?.tcpSocket?.host) hosts.push(handler.tcpSocket.host);
}
