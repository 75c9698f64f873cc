import type { Pod, Service } from "@kube-ts/api/core/v1";
import { nodes, pods, services } from "@kube-ts/api/resource-types";
import { goQuote } from "@kube-ts/api/go-quote";
import { badRequest, notFound, serviceUnavailable } from "@kube-ts/api/status-error";
import { type Random, randomInt } from "@kube-ts/std/random";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { EndpointAddress } from "../../service-routing/endpoint-addresses.ts";
import type { ReadyEndpoints } from "../../service-routing/ready-endpoints.ts";
import { type KubeletConnections, kubeletPortOf } from "../nodes/kubelet-connection.ts";
import { type Backend, addressBackend } from "./backend.ts";
import { proxyableAddress, resolveProxyable } from "./proxyable-address.ts";
import { type TargetName, parseTargetName } from "./target-name.ts";

/** The object that a proxy request names. */
export interface ProxyTarget {
  readonly namespace: string;
  /** `[scheme:]name[:port]`. */
  readonly name: string;
}

/** The pod's address, at the port that is asked for or the first that it declares. */
export async function podBackend(target: ProxyTarget, source: ObjectSource, signal: AbortSignal): Promise<Backend> {
  const { scheme, name, port } = parse(target, "pod");
  const pod = await source.getLatest(pods, target.namespace, name, signal);
  if (!pod) throw notFound({ group: "", resource: "pods" }, name);
  const address = proxyableAddress(pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? "");
  const number = port === "" ? firstPort(pod) : portNumber(port, target, "pod");
  const secure = scheme === "https";
  return addressBackend({ address, port: number ?? (secure ? 443 : 80), secure });
}

function firstPort({ spec }: Pod): number | undefined {
  return spec.containers.find((container) => container.ports?.length)?.ports?.[0]?.containerPort;
}

/** A ready pod of the service, chosen at random. */
export async function serviceBackend(
  target: ProxyTarget,
  source: ObjectSource,
  ready: Pick<ReadyEndpoints, "of">,
  random: Random,
  signal: AbortSignal,
): Promise<Backend> {
  const { scheme, name, port } = parse(target, "service");
  const service = await source.getLatest(services, target.namespace, name, signal);
  if (!service) throw notFound({ group: "", resource: "services" }, name);
  const portName = /^[+-]?\d+$/.test(port) ? portNameOf(service, Number(port)) : port;
  const chosen = chooseAddress(ready.of(target.namespace, name, portName), random, (candidate) =>
    isAddressOf(candidate, target.namespace, source),
  );
  if (!chosen) throw serviceUnavailable(`no endpoints available for service ${goQuote(target.name)}`);
  const secure = scheme === "https";
  return addressBackend({ address: proxyableAddress(chosen.address), port: chosen.port, secure });
}

/** Tries addresses from a random one on: usually the first one will do, and the others are not looked at. */
function chooseAddress(
  candidates: readonly EndpointAddress[],
  random: Random,
  isFit: (candidate: EndpointAddress) => boolean,
): EndpointAddress | undefined {
  const start = randomInt(random, candidates.length);
  for (let step = 0; step < candidates.length; step += 1) {
    const candidate = candidates[(start + step) % candidates.length];
    if (candidate && isFit(candidate)) return candidate;
  }
  return undefined;
}

function portNameOf(service: Service, port: number): string {
  const found = service.spec.ports?.find((each) => each.port === port);
  if (found) return found.name ?? "";
  const name = goQuote(service.metadata.name ?? "");
  throw serviceUnavailable(`no service port ${port} found for service ${name}`);
}

/** Only addresses of pods that say so themselves are proxied to: endpoints may be written by people. */
function isAddressOf({ address, pod }: EndpointAddress, namespace: string, source: ObjectSource): boolean {
  if (!pod || (pod.namespace ?? namespace) !== namespace) return false;
  const found = source.get(pods, namespace, pod.name);
  return found?.status?.podIPs?.some(({ ip }) => ip === address) ?? found?.status?.podIP === address;
}

/** The node's kubelet, or another port of the node. */
export async function nodeBackend(
  target: ProxyTarget,
  source: ObjectSource,
  connections: KubeletConnections,
  signal: AbortSignal,
): Promise<Backend> {
  const { scheme, name, port } = parse(target, "node");
  const node = await source.getLatest(nodes, "", name, signal);
  if (!node) throw notFound({ group: "", resource: "nodes" }, name);
  const kubeletPort = kubeletPortOf(node);
  if (port === "" || port === String(kubeletPort)) return connections.backend(node);
  const number = portNumber(port, target, "node");
  const address = await resolveProxyable(connections.addressOf(node), signal);
  return addressBackend({ address, port: number, secure: scheme === "https" });
}

function parse({ name }: ProxyTarget, kind: string): TargetName {
  const parsed = parseTargetName(name);
  if (!parsed) throw badRequest(`invalid ${kind} request ${goQuote(name)}`);
  return parsed;
}

function portNumber(port: string, { name }: ProxyTarget, kind: string): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw badRequest(`invalid ${kind} request ${goQuote(name)}`);
  return number;
}
