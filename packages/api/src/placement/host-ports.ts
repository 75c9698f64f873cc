import type { Pod } from "../core/v1.ts";
import { isSidecar } from "../pod-resources.ts";

export interface HostPort {
  /** An address of the host, or 0.0.0.0 for all of them. */
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const anyAddress = "0.0.0.0";
const none: readonly HostPort[] = [];

/** The host ports that a pod occupies for as long as it runs. */
export function hostPortsOf(pod: Pod): readonly HostPort[] {
  let ports: HostPort[] | undefined;
  for (const container of pod.spec.containers) ports = collect(container.ports, ports);
  for (const container of pod.spec.initContainers ?? []) {
    if (isSidecar(container)) ports = collect(container.ports, ports);
  }
  return ports ?? none;
}

function collect(
  declared: readonly { hostPort?: number; hostIP?: string; protocol?: string }[] | undefined,
  ports: HostPort[] | undefined,
): HostPort[] | undefined {
  for (const { hostPort, hostIP, protocol } of declared ?? []) {
    if (!hostPort || hostPort <= 0) continue;
    (ports ??= []).push({ ip: hostIP || anyAddress, protocol: protocol || "TCP", port: hostPort });
  }
  return ports;
}

/** The host ports in use on one node, counted, since pods that were forced onto it may share one. */
export class HostPortUse {
  readonly #inUse = new Map<string, { readonly port: HostPort; count: number }>();

  add(ports: readonly HostPort[]): void {
    for (const port of ports) {
      const use = this.#inUse.get(textOf(port));
      if (use) use.count += 1;
      else this.#inUse.set(textOf(port), { port, count: 1 });
    }
  }

  remove(ports: readonly HostPort[]): void {
    for (const port of ports) {
      const use = this.#inUse.get(textOf(port));
      if (!use) continue;
      use.count -= 1;
      if (use.count === 0) this.#inUse.delete(textOf(port));
    }
  }

  /** Whether one of the ports is taken; the wildcard address collides with every address. */
  conflicts(ports: readonly HostPort[]): boolean {
    if (ports.length === 0 || this.#inUse.size === 0) return false;
    for (const { port: used } of this.#inUse.values()) {
      if (ports.some((wanted) => collide(wanted, used))) return true;
    }
    return false;
  }

  clone(): HostPortUse {
    const copy = new HostPortUse();
    for (const [text, use] of this.#inUse) copy.#inUse.set(text, { ...use });
    return copy;
  }
}

function collide(a: HostPort, b: HostPort): boolean {
  const sameAddress = a.ip === b.ip || a.ip === anyAddress || b.ip === anyAddress;
  return sameAddress && a.port === b.port && a.protocol === b.protocol;
}

function textOf({ ip, protocol, port }: HostPort): string {
  return `${ip}/${protocol}/${port}`;
}
