import type { Endpoints, Service, ServicePort } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { ObjectMeta } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { endpointSlices, endpoints, services } from "@kube-ts/api/resource-types";
import { serviceNameLabel, skipEndpointSliceMirrorLabel } from "@kube-ts/api/well-known-labels";
import { cidrContains, ipFamilyOf, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import type { Logger } from "@kube-ts/std/log";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";
import type { MasterLeases } from "./master-leases.ts";

const name = "kubernetes";
const namespace = "default";
const servicePort = 443;

export interface KubernetesServiceConfig {
  /** The first address of the service range. */
  readonly clusterIp: string;
  /** `--advertise-address`: where the other members of the cluster reach this server. */
  readonly advertiseAddress: string;
  readonly securePort: number;
  /** 0 or absent for none. */
  readonly nodePort?: number;
  /** Whether this server writes the endpoints of the service; it does if left out. */
  readonly keepsEndpoints?: boolean;
}

/**
 * Keeps the service `kubernetes` and its endpoints current. Every server renews its own lease and then writes the
 * addresses of all leases, so that all of them write the same.
 */
export class KubernetesService {
  readonly #objects: BootstrapObjects;
  readonly #leases: MasterLeases;
  readonly #config: KubernetesServiceConfig;
  readonly #hasEndpoints: boolean;

  constructor(objects: BootstrapObjects, leases: MasterLeases, config: KubernetesServiceConfig, log: Logger) {
    this.#objects = objects;
    this.#leases = leases;
    this.#config = config;
    const isLocal = isLoopback(config.advertiseAddress);
    this.#hasEndpoints = config.keepsEndpoints !== false && !isLocal;
    if (this.#hasEndpoints || !isLocal) return;
    const { advertiseAddress } = config;
    log.warn("nobody else reaches a loopback address: the kubernetes service has no endpoints", { advertiseAddress });
  }

  async ensure(signal: AbortSignal): Promise<void> {
    await this.#ensureService(signal);
    if (!this.#hasEndpoints) return;
    await this.#leases.renew(this.#config.advertiseAddress, signal);
    await this.#ensureEndpoints(signal);
  }

  /** Takes this server out; the last one stays, as endpoints to nowhere would help nobody. */
  async withdraw(signal: AbortSignal): Promise<void> {
    if (!this.#hasEndpoints) return;
    await this.#leases.remove(this.#config.advertiseAddress, signal);
    await this.#ensureEndpoints(signal);
  }

  async #ensureService(signal: AbortSignal): Promise<void> {
    const expected = this.#expectedService();
    const reconcile = (current: Service) => {
      const { ports, type } = expected.spec;
      if (samePorts(current, expected) && current.spec.type === type) return undefined;
      return { ...current, spec: { ...current.spec, ports, type } } as Service;
    };
    await ensureObject(this.#objects, services, expected, reconcile, signal);
  }

  async #ensureEndpoints(signal: AbortSignal): Promise<void> {
    const addresses = await this.#leases.addresses(signal);
    if (addresses.length === 0) return;
    const slice = this.#expectedSlice(addresses);
    await ensureObject(this.#objects, endpointSlices, slice, (current) => mergedSlice(current, slice), signal);
    const legacy = this.#expectedEndpoints(addresses);
    await ensureObject(this.#objects, endpoints, legacy, (current) => mergedEndpoints(current, legacy), signal);
  }

  #expectedService(): Service {
    const { clusterIp, securePort, nodePort = 0 } = this.#config;
    const port: ServicePort = { name: "https", port: servicePort, protocol: "TCP", targetPort: securePort };
    const family = ipFamilyOf(clusterIp) ?? "IPv4";
    return {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace, labels: { component: "apiserver", provider: "kubernetes" } },
      spec: {
        type: nodePort > 0 ? "NodePort" : "ClusterIP",
        clusterIP: clusterIp,
        clusterIPs: [clusterIp],
        ipFamilies: [family],
        ipFamilyPolicy: "SingleStack",
        sessionAffinity: "None",
        ports: [nodePort > 0 ? { ...port, nodePort } : port],
      },
    };
  }

  #expectedSlice(addresses: readonly string[]): EndpointSlice {
    return {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name, namespace, labels: { [serviceNameLabel]: name } },
      addressType: ipFamilyOf(this.#config.advertiseAddress) ?? "IPv4",
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
      ports: [{ name: "https", port: this.#config.securePort, protocol: "TCP" }],
    };
  }

  #expectedEndpoints(addresses: readonly string[]): Endpoints {
    return {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name, namespace, labels: { [skipEndpointSliceMirrorLabel]: "true" } },
      subsets: [
        {
          addresses: addresses.map((ip) => ({ ip })),
          ports: [{ name: "https", port: this.#config.securePort, protocol: "TCP" }],
        },
      ],
    };
  }
}

const loopbackRanges = ["127.0.0.0/8", "::1/128"].map(parseCidr);

function isLoopback(text: string): boolean {
  const address = parseIpAddress(text);
  return address !== undefined && loopbackRanges.some((range) => range && cidrContains(range, address));
}

function samePorts(current: Service, expected: Service): boolean {
  const essential = (service: Service) =>
    service.spec.ports?.map(({ name, port, protocol, targetPort, nodePort }) => ({
      name,
      port,
      protocol,
      targetPort,
      nodePort,
    }));
  return semanticEqual(essential(current), essential(expected));
}

/** The slice with the expected addresses, ports and labels; undefined when it has them. */
function mergedSlice(current: EndpointSlice, expected: EndpointSlice): EndpointSlice | undefined {
  const { endpoints, ports } = expected;
  const changed = { ...current, endpoints, ports, metadata: mergedMetadata(current, expected) };
  return semanticEqual(changed, current) ? undefined : changed;
}

function mergedEndpoints(current: Endpoints, expected: Endpoints): Endpoints | undefined {
  const changed = { ...current, subsets: expected.subsets, metadata: mergedMetadata(current, expected) };
  return semanticEqual(changed, current) ? undefined : changed;
}

function mergedMetadata(current: KubeObject, expected: KubeObject): ObjectMeta {
  return { ...current.metadata, labels: { ...current.metadata.labels, ...expected.metadata.labels } };
}
