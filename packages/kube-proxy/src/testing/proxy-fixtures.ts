import type { Service, ServiceSpec } from "@kube-ts/api/core/v1";
import type { Endpoint, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { chainHash } from "../chain-hash.ts";
import type { RuleOptions } from "../rules/rule-options.ts";

/** Node "n1" at 192.168.0.1, with pods in 10.244.0.0/16. */
export const ruleOptions: RuleOptions = {
  family: "IPv4",
  masqueradeAll: false,
  masqueradeMark: 0x4000,
  localTraffic: { by: "source", cidr: "10.244.0.0/16" },
  nodePortAddresses: { kind: "all", loopback: true },
  topology: { nodeName: "n1", zone: "z1" },
  nodeIp: "192.168.0.1",
  dropInvalid: true,
  hash: chainHash,
};

/** A Service `ns/web` with cluster IP 10.96.0.10 and port http, 80/TCP. */
export function makeService(spec: Partial<ServiceSpec> = {}, status: Service["status"] = {}): Service {
  return {
    metadata: { namespace: "ns", name: "web", labels: {} },
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.0.10",
      clusterIPs: ["10.96.0.10"],
      ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 8080 }],
      ...spec,
    },
    status,
  };
}

export interface EndpointState extends Omit<Endpoint, "addresses"> {
  readonly ip: string;
}

/** A slice of `ns/web` whose endpoints listen on http, 8080/TCP; they are ready unless told otherwise. */
export function makeSlice(endpoints: readonly EndpointState[], changes: Partial<EndpointSlice> = {}): EndpointSlice {
  return {
    metadata: { namespace: "ns", name: "web-1", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    ports: [{ name: "http", protocol: "TCP", port: 8080 }],
    endpoints: endpoints.map(({ ip, ...rest }) => ({ conditions: { ready: true }, ...rest, addresses: [ip] })),
    ...changes,
  };
}
