import type { Service, ServicePort } from "@kube-ts/api/core/v1";
import { nodePortsOf, usesNodePorts, wantsNodePorts } from "./service-claims.ts";

/** What has to be done so that a port of a service has its node port. */
export type PortStep =
  | { readonly kind: "take"; readonly index: number; readonly nodePort: number }
  | { readonly kind: "pick"; readonly index: number }
  /** The same port number under another protocol: it shares the node port of an earlier step. */
  | { readonly kind: "share"; readonly index: number; readonly from: number };

/**
 * The steps that give a service its node ports, in the order of its ports. Ports that the old service has are its
 * own already; a node port that two ports share is taken once.
 */
export function planNodePorts(service: Service, old: Service | undefined): PortStep[] {
  if (!usesNodePorts(service)) return [];
  const held = new Set(old ? nodePortsOf(old) : []);
  const steps: PortStep[] = [];
  const firstWithPort = new Map<number, number>();
  const ports = service.spec.ports ?? [];
  for (const [index, port] of ports.entries()) {
    const step = planPort(index, port, { service, ports, held, firstWithPort });
    if (step) steps.push(step);
    if (step || port.nodePort) firstWithPort.set(port.port, firstWithPort.get(port.port) ?? index);
  }
  return steps;
}

interface Planning {
  readonly service: Service;
  readonly ports: readonly ServicePort[];
  /** Node ports that need not be taken any more. */
  readonly held: Set<number>;
  readonly firstWithPort: ReadonlyMap<number, number>;
}

function planPort(index: number, port: ServicePort, planning: Planning): PortStep | undefined {
  const { service, ports, held, firstWithPort } = planning;
  if (port.nodePort) {
    if (held.has(port.nodePort)) return undefined;
    held.add(port.nodePort);
    return { kind: "take", index, nodePort: port.nodePort };
  }
  if (!wantsNodePorts(service)) return undefined;
  const earlier = firstWithPort.get(port.port);
  if (earlier !== undefined) return { kind: "share", index, from: earlier };
  const later = ports.findIndex((other, at) => at > index && other.port === port.port && (other.nodePort ?? 0) > 0);
  return later >= 0 ? { kind: "share", index, from: later } : { kind: "pick", index };
}
