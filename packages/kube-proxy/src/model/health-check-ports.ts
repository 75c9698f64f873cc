import { countReadyLocal } from "./select-endpoints.ts";
import type { ProxiedPort } from "./proxied-ports.ts";

/** A node port on which load balancers ask whether this node has endpoints of a Service. */
export interface HealthCheckPort {
  readonly nodePort: number;
  readonly namespace: string;
  readonly name: string;
  readonly readyLocalEndpoints: number;
}

/** The health checks of all Services, by node port. The ports may be those of several families. */
export function healthCheckPorts(ports: readonly ProxiedPort[]): readonly HealthCheckPort[] {
  const found = new Map<number, HealthCheckPort>();
  for (const { port, endpoints } of ports) {
    const nodePort = port.healthCheckNodePort;
    if (nodePort === undefined) continue;
    // Every port of a Service has the same pods behind it, as far as they are ready.
    const readyLocalEndpoints = Math.max(found.get(nodePort)?.readyLocalEndpoints ?? 0, countReadyLocal(endpoints));
    found.set(nodePort, { nodePort, namespace: port.namespace, name: port.name, readyLocalEndpoints });
  }
  return [...found.values()];
}
