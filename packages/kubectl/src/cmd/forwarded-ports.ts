import { isIPv4, isIPv6 } from "node:net";
import type { Pod, Service } from "@kube-ts/api/core/v1";
import { CommandError } from "../command-line/command-error.ts";

export interface ForwardedPort {
  /** Zero has the operating system choose one. */
  readonly local: number;
  readonly remote: number;
}

/** An address to listen on. Of the optional ones, one is enough for a port. */
export interface ListenAddress {
  readonly address: string;
  readonly isOptional: boolean;
}

interface AskedPort {
  readonly local: string;
  readonly remote: string;
}

/**
 * Which ports of the pod `8080`, `8080:80`, `:80` mean. The remote one may have a name; those of a service stand for the
 * pod's ports that it targets. Throws a CommandError.
 */
export function forwardedPorts(texts: readonly string[], pod: Pod, service: Service | undefined): ForwardedPort[] {
  const asked = texts.map(splitPort);
  const udp =
    service === undefined
      ? udpPorts(portsOfPod(pod), ({ containerPort }) => containerPort)
      : udpPorts(service.spec?.ports ?? [], ({ port }) => port);
  for (const { remote } of asked) {
    if (udp.has(portNumber(remote) ?? namedPort(remote, pod, service))) {
      throw new CommandError(`UDP protocol is not supported for ${remote}`);
    }
  }
  return asked.map((port) => (service === undefined ? podPort(port, pod) : servicePort(port, pod, service))).map(parse);
}

/** What `--address` means, in the order in which they are listened on. Throws a CommandError. */
export function listenAddresses(texts: readonly string[]): ListenAddress[] {
  const found = new Map<string, ListenAddress>();
  for (const text of texts) {
    if (text === "localhost") {
      for (const address of ["127.0.0.1", "::1"]) {
        if (!found.has(address)) found.set(address, { address, isOptional: true });
      }
    } else if (isIPv4(text) || isIPv6(text)) found.set(text, { address: text, isOptional: false });
    else throw new CommandError(`${text} is not a valid IP`);
  }
  return [...found.values()].toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

/** Unless there are two parts, the first is both sides. */
function splitPort(text: string): AskedPort {
  const [local = "", remote = local, ...more] = text.split(":");
  return { local, remote: more.length > 0 ? local : remote };
}

function podPort({ local, remote }: AskedPort, pod: Pod): AskedPort {
  const number = portNumber(remote) === undefined ? String(namedPort(remote, pod, undefined)) : remote;
  return { local: local === remote ? number : local, remote: number };
}

function servicePort({ local, remote }: AskedPort, pod: Pod, service: Service): AskedPort {
  const byNumber = portNumber(remote);
  const port = byNumber ?? namedPort(remote, pod, service);
  const ownSide = byNumber === undefined && local === remote ? String(port) : local;
  return { local: ownSide, remote: String(targetOf(service, pod, port)) };
}

function targetOf(service: Service, pod: Pod, port: number): number {
  const entry = service.spec?.ports?.find((each) => each.port === port);
  if (!entry) throw new CommandError(`Service ${service.metadata.name ?? ""} does not have a service port ${port}`);
  if (service.spec?.clusterIP === "None") return port;
  const { targetPort } = entry;
  return typeof targetPort === "string" ? namedPort(targetPort, pod, undefined) : targetPort || port;
}

function namedPort(name: string, pod: Pod, service: Service | undefined): number {
  const found =
    service === undefined
      ? portsOfPod(pod).find((port) => port.name === name)?.containerPort
      : service.spec?.ports?.find((port) => port.name === name)?.port;
  if (found !== undefined) return found;
  const [kind, { metadata }] = service === undefined ? (["Pod", pod] as const) : (["Service", service] as const);
  throw new CommandError(`${kind} '${metadata.name ?? ""}' does not have a named port '${name}'`);
}

const portsOfPod = (pod: Pod) => pod.spec?.containers.flatMap(({ ports = [] }) => ports) ?? [];

/** The ports that are served by UDP only. */
function udpPorts<T extends { readonly protocol?: string }>(
  ports: readonly T[],
  numberOf: (port: T) => number,
): ReadonlySet<number> {
  const numbersOf = (protocol: string) =>
    new Set(ports.filter((port) => (port.protocol ?? "TCP") === protocol).map(numberOf));
  return numbersOf("UDP").difference(numbersOf("TCP"));
}

const portNumber = (text: string): number | undefined => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined);

function parse({ local, remote }: AskedPort): ForwardedPort {
  const port = { local: parsePort("local", local || "0"), remote: parsePort("remote", remote) };
  if (port.remote === 0) throw new CommandError("remote port must be > 0");
  return port;
}

function parsePort(side: "local" | "remote", text: string): number {
  const problem = !/^\d+$/.test(text) ? "invalid syntax" : Number(text) > 65_535 ? "value out of range" : undefined;
  if (problem === undefined) return Number(text);
  throw new CommandError(
    `error parsing ${side} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: ${problem}`,
  );
}
