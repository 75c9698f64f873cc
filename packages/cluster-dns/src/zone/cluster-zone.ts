import type { Service } from "@kube-ts/api/core/v1";
import { serviceNameLabel } from "@kube-ts/api/well-known-labels";
import { formatIpAddress } from "@kube-ts/std/ip-address";
import type { IpAddress } from "@kube-ts/std/ip-address";
import { recordType } from "../message/query.ts";
import type { ResourceRecord } from "../message/response.ts";
import { reverseAddress } from "./reverse-name.ts";
import { clusterIps, isHeadless, publishedEndpoints, publishedPorts, undashed } from "./service-endpoints.ts";
import type { NamedEndpoint } from "./service-endpoints.ts";
import type { ZoneView } from "./zone-view.ts";

/** What the zone says about a name and a type. */
export type ZoneAnswer =
  | {
      readonly kind: "records";
      readonly answers: readonly ResourceRecord[];
      readonly additionals: readonly ResourceRecord[];
    }
  /** The name exists, but has no record of this type. */
  | { readonly kind: "nodata" }
  | { readonly kind: "nxdomain" }
  /** The name stands for another, anywhere in the world. */
  | { readonly kind: "alias"; readonly record: ResourceRecord; readonly target: string };

/** Seconds for which answers may be kept; those that say that there is nothing as well. */
const zoneTtlSeconds = 30;

/** Version of the schema of names, "Kubernetes DNS-Based Service Discovery". */
const schemaVersion = "1.1.0";

/** Every record that a name has, whatever the type. */
interface NameRecords {
  readonly records: readonly ResourceRecord[];
  /** Addresses of the targets in `records`. */
  readonly targets?: readonly ResourceRecord[];
}

/** What lies at a name: records, a name with others below it only, an alias, or nothing. */
type Node = NameRecords | "empty" | "nothing" | { readonly alias: string };

const nodata: ZoneAnswer = { kind: "nodata" };
const nxdomain: ZoneAnswer = { kind: "nxdomain" };

/** The names of the cluster: a pure function of Services, endpoints and namespaces. */
export class ClusterZone {
  readonly #domain: string;
  readonly #domainLabels: readonly string[];
  readonly #view: ZoneView;
  readonly #serial: () => number;

  /** `domain` is lower case, without a final dot; `serial` is the zone's version, which grows with time. */
  constructor(domain: string, view: ZoneView, serial: () => number) {
    this.#domain = domain;
    this.#domainLabels = domain.split(".");
    this.#view = view;
    this.#serial = serial;
  }

  /** Whether the name belongs to the cluster's domain. */
  contains(labels: readonly string[]): boolean {
    const suffix = labels.slice(-this.#domainLabels.length);
    return suffix.length === this.#domainLabels.length && suffix.every((label, i) => label === this.#domainLabels[i]);
  }

  /** Answers for a name of the domain. Labels are lower case; `type` is a number as on the wire. */
  lookup(labels: readonly string[], type: number): ZoneAnswer {
    const name = labels.join(".");
    const node = this.#node(labels.slice(0, -this.#domainLabels.length), name, type);
    if (node === "nothing") return nxdomain;
    if (node === "empty") return nodata;
    if ("alias" in node) {
      const record: ResourceRecord = { name, type: "CNAME", ttl: zoneTtlSeconds, data: node.alias };
      return { kind: "alias", record, target: node.alias };
    }
    if (node.records.length === 0) return nxdomain;
    const answers =
      type === recordType.ANY
        ? [anyRecord(name)]
        : node.records.filter((record) => (recordType as Record<string, number>)[record.type] === type);
    if (answers.length === 0) return nodata;
    return { kind: "records", answers, additionals: type === recordType.SRV ? (node.targets ?? []) : [] };
  }

  /** The names of an address of a Service or of an endpoint; undefined when the cluster does not know it. */
  reverse(labels: readonly string[]): readonly ResourceRecord[] | undefined {
    const ip = reverseAddress(labels);
    if (ip === undefined) return undefined;
    const services = this.#view.servicesByClusterIp(ip).map((service) => this.#serviceName(service));
    const names = services.length > 0 ? services : this.#endpointNames(ip);
    const name = labels.join(".");
    const records = [...new Set(names)].map((data) => ({ name, type: "PTR", ttl: zoneTtlSeconds, data }) as const);
    return records.length > 0 ? records : undefined;
  }

  /** The record that goes with an answer that says that there is nothing. */
  startOfAuthority(): ResourceRecord {
    return {
      name: this.#domain,
      type: "SOA",
      ttl: zoneTtlSeconds,
      data: {
        mname: `ns.dns.${this.#domain}`,
        rname: `hostmaster.${this.#domain}`,
        serial: this.#serial(),
        refresh: 7200,
        retry: 1800,
        expire: 86400,
        minimum: zoneTtlSeconds,
      },
    };
  }

  #node(path: readonly string[], name: string, type: number): Node {
    const [kind, namespace, ...rest] = [...path].reverse();
    if (kind === undefined) return this.#apex(name);
    if (kind === "dns-version" && namespace === undefined) return textNode(name, schemaVersion);
    if (kind === "dns") return this.#dnsNode(namespace, rest, name);
    if (kind !== "svc" && kind !== "pod") return "nothing";
    if (namespace === undefined) return "empty";
    if (rest.length === 0) return this.#view.namespaceExists(namespace) ? "empty" : "nothing";
    return kind === "svc" ? this.#serviceNode(namespace, rest, name, type) : this.#podNode(namespace, rest, name);
  }

  #apex(name: string): Node {
    const server: ResourceRecord = { name, type: "NS", ttl: zoneTtlSeconds, data: `ns.dns.${this.#domain}` };
    return { records: [this.startOfAuthority(), server] };
  }

  /** `ns.dns.DOMAIN` is the address of the DNS Service itself. */
  #dnsNode(label: string | undefined, rest: readonly string[], name: string): Node {
    if (label === undefined) return "empty";
    if (label !== "ns" || rest.length > 0) return "nothing";
    const service = this.#view.service("kube-system", "kube-dns");
    const records = service ? clusterIps(service).map((ip) => addressRecord(name, ip)) : [];
    return records.length > 0 ? { records } : "empty";
  }

  /** `path` is what stands before the namespace, from right to left: service, endpoint or protocol, port. */
  #serviceNode(namespace: string, path: readonly string[], name: string, type: number): Node {
    const [serviceName = "", second, third, ...rest] = path;
    const service = this.#view.service(namespace, serviceName);
    if (!service || rest.length > 0) return "nothing";
    if (service.spec.type === "ExternalName") {
      const alias = (service.spec.externalName ?? "").replace(/\.$/, "").toLowerCase();
      return second === undefined && alias !== "" ? { alias } : "nothing";
    }
    if (second === undefined) return this.#serviceRecords(service, name, type);
    if (!second.startsWith("_")) return third === undefined ? this.#endpointRecords(service, second, name) : "nothing";
    const ports = this.#portRecords(service, name).filter((port) => port.protocol === second.slice(1));
    if (third === undefined) return ports.length > 0 ? "empty" : "nothing";
    const chosen = ports.filter((port) => port.portName !== "" && third === `_${port.portName}`);
    return mergePorts(chosen);
  }

  #serviceRecords(service: Service, name: string, type: number): Node {
    const addresses = isHeadless(service)
      ? this.#endpoints(service).map((endpoint) => endpoint.address)
      : clusterIps(service);
    const unique = [...new Map(addresses.map((address) => [formatIpAddress(address), address])).values()];
    const records = unique.map((address) => addressRecord(name, address));
    // Ports are worth their cost only to those who ask for them: where there are any, there are addresses too.
    if (type !== recordType.SRV) return { records };
    const ports = mergePorts(this.#portRecords(service, name));
    return { records: [...records, ...ports.records], targets: ports.targets ?? [] };
  }

  #endpointRecords(service: Service, label: string, name: string): Node {
    const records = this.#endpoints(service)
      .filter((endpoint) => endpoint.label === label)
      .map((endpoint) => addressRecord(name, endpoint.address));
    return records.length > 0 ? { records } : "nothing";
  }

  /** SRV records by port. A Service with an address is its own target, else each endpoint is one. */
  #portRecords(service: Service, name: string): readonly PortRecords[] {
    const own = this.#serviceName(service);
    if (!isHeadless(service)) {
      const targets = clusterIps(service).map((ip) => addressRecord(own, ip));
      return (service.spec.ports ?? []).map((port) => ({
        portName: (port.name ?? "").toLowerCase(),
        protocol: (port.protocol ?? "TCP").toLowerCase(),
        records: [serviceRecord(name, port.port, own, 1)],
        targets,
      }));
    }
    return publishedPorts(service, this.#slices(service)).map((port) => ({
      portName: port.name.toLowerCase(),
      protocol: port.protocol,
      records: uniqueLabels(port.endpoints).map((label, _index, all) =>
        serviceRecord(name, port.port, `${label}.${own}`, all.length),
      ),
      targets: port.endpoints.map((endpoint) => addressRecord(`${endpoint.label}.${own}`, endpoint.address)),
    }));
  }

  /** The address is in the name, so that any answer is right for a namespace that exists. */
  #podNode(namespace: string, path: readonly string[], name: string): Node {
    const [label = "", ...rest] = path;
    const address = undashed(label);
    if (!address || rest.length > 0 || !this.#view.namespaceExists(namespace)) return "nothing";
    return { records: [addressRecord(name, address)] };
  }

  #endpointNames(ip: string): readonly string[] {
    return this.#view.slicesByAddress(ip).flatMap((slice) => {
      const { namespace = "", labels } = slice.metadata;
      const service = this.#view.service(namespace, labels?.[serviceNameLabel] ?? "");
      if (!service || !isHeadless(service)) return [];
      return publishedEndpoints(service, [slice])
        .filter((endpoint) => formatIpAddress(endpoint.address) === ip)
        .map((endpoint) => `${endpoint.label}.${this.#serviceName(service)}`);
    });
  }

  #serviceName(service: Service): string {
    return `${service.metadata.name}.${service.metadata.namespace}.svc.${this.#domain}`;
  }

  #slices(service: Service) {
    return this.#view.slices(service.metadata.namespace ?? "", service.metadata.name ?? "");
  }

  #endpoints(service: Service): readonly NamedEndpoint[] {
    return publishedEndpoints(service, this.#slices(service));
  }
}

interface PortRecords {
  readonly portName: string;
  readonly protocol: string;
  readonly records: readonly ResourceRecord[];
  readonly targets: readonly ResourceRecord[];
}

function mergePorts(ports: readonly PortRecords[]): NameRecords {
  const targets = ports.flatMap((port) => port.targets);
  const unique = new Map(targets.map((record) => [JSON.stringify(record), record]));
  return { records: ports.flatMap((port) => port.records), targets: [...unique.values()] };
}

function uniqueLabels(endpoints: readonly NamedEndpoint[]): readonly string[] {
  return [...new Set(endpoints.map((endpoint) => endpoint.label))];
}

function addressRecord(name: string, address: IpAddress): ResourceRecord {
  const type = address.family === "IPv4" ? "A" : "AAAA";
  return { name, type, ttl: zoneTtlSeconds, data: formatIpAddress(address) };
}

/** `count` records share the clients. */
function serviceRecord(name: string, port: number, target: string, count: number): ResourceRecord {
  const weight = Math.max(1, Math.floor(100 / count));
  return { name, type: "SRV", ttl: zoneTtlSeconds, data: { priority: 0, weight, port, target } };
}

function textNode(name: string, text: string): Node {
  return { records: [{ name, type: "TXT", ttl: zoneTtlSeconds, data: text }] };
}

/** A short answer to a question for everything, as RFC 8482 allows. */
function anyRecord(name: string): ResourceRecord {
  return { name, type: "HINFO", ttl: zoneTtlSeconds, data: { cpu: "RFC8482", os: "" } };
}
