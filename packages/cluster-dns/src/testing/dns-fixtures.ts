import type { Namespace, Service, ServiceSpec } from "@kube-ts/api/core/v1";
import type { Endpoint, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { endpointSlices, namespaces, services } from "@kube-ts/api/resource-types";
import { StaticInformers } from "@kube-ts/client/testing/static-informer";
import { encode } from "dns-packet";
import { createClusterView } from "../cluster-view.ts";
import type { ClusterView } from "../cluster-view.ts";
import { recordType } from "../message/query.ts";

export function makeService(namespace: string, name: string, spec: Partial<ServiceSpec>): Service {
  const clusterIPs = spec.clusterIP === undefined ? {} : { clusterIPs: [spec.clusterIP] };
  return { metadata: { namespace, name }, spec: { type: "ClusterIP", ...clusterIPs, ...spec } };
}

export function makeSlice(
  namespace: string,
  service: string,
  endpoints: readonly Endpoint[],
  changes: Partial<EndpointSlice> = {},
): EndpointSlice {
  return {
    metadata: { namespace, name: `${service}-1`, labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    ports: [{ name: "http", protocol: "TCP", port: 8080 }],
    endpoints: [...endpoints],
    ...changes,
  };
}

const namespace = (name: string): Namespace => ({ metadata: { name }, spec: {} });

const http = { name: "http", protocol: "TCP", port: 80 } as const;
const ready = { conditions: { ready: true } };
const notReady = { conditions: { ready: false } };

/** A cluster with one Service of each kind. */
export function sampleCluster(): ClusterView {
  const source = new StaticInformers();
  source
    .informer(namespaces)
    .replace([namespace("default"), namespace("db"), namespace("empty"), namespace("kube-system")]);
  source.informer(services).replace([
    makeService("default", "web", {
      clusterIP: "10.96.0.10",
      clusterIPs: ["10.96.0.10", "fd00:96::10"],
      ports: [http, { name: "dns", protocol: "UDP", port: 53 }, { port: 9000 }],
    }),
    makeService("kube-system", "kube-dns", { clusterIP: "10.96.0.53", ports: [{ ...http, port: 53 }] }),
    makeService("db", "mysql", { clusterIP: "None", ports: [http] }),
    makeService("db", "lonely", { clusterIP: "None", ports: [http] }),
    makeService("db", "eager", { clusterIP: "None", ports: [http], publishNotReadyAddresses: true }),
    makeService("default", "mirror", { type: "ExternalName", externalName: "Registry.Example.com." }),
    makeService("default", "inner", { type: "ExternalName", externalName: "web.default.svc.cluster.local" }),
    makeService("default", "ring", { type: "ExternalName", externalName: "ring.default.svc.cluster.local" }),
  ]);
  source.informer(endpointSlices).replace([
    makeSlice("default", "web", [{ ...ready, addresses: ["10.244.0.2"], hostname: "front" }]),
    makeSlice("db", "mysql", [
      { ...ready, addresses: ["10.244.1.2"], hostname: "mysql-0" },
      { ...ready, addresses: ["10.244.1.3"], hostname: "mysql-1" },
      { ...notReady, addresses: ["10.244.1.4"], hostname: "mysql-2" },
      { addresses: ["10.244.1.5"] },
    ]),
    makeSlice("db", "mysql", [{ ...ready, addresses: ["fd00:244::2"], hostname: "mysql-0" }], {
      metadata: { namespace: "db", name: "mysql-6", labels: { "kubernetes.io/service-name": "mysql" } },
      addressType: "IPv6",
    }),
    makeSlice("db", "lonely", [{ ...notReady, addresses: ["10.244.1.9"] }]),
    makeSlice("db", "eager", [{ ...notReady, addresses: ["10.244.1.8"] }]),
  ]);
  return createClusterView(source);
}

export interface QuestionOptions {
  readonly id?: number;
  /** Size that the client takes, in an OPT record. */
  readonly udpSize?: number;
}

/** A client's message. The type is a name of `recordType` or a number. */
export function makeQuestion(
  name: string,
  type: keyof typeof recordType | number,
  options: QuestionOptions = {},
): Buffer {
  const { id = 4711, udpSize } = options;
  const opt = { type: "OPT", name: ".", udpPayloadSize: udpSize ?? 0, extendedRcode: 0, ednsVersion: 0 } as const;
  const message = encode({
    type: "query",
    id,
    flags: 0x0100,
    questions: [{ name, type: "A" }],
    additionals: udpSize === undefined ? [] : [{ ...opt, flags: 0, flag_do: false, options: [] }],
  });
  const end = message.length - (udpSize === undefined ? 0 : 11);
  message.writeUInt16BE(typeof type === "number" ? type : recordType[type], end - 4);
  return message;
}
