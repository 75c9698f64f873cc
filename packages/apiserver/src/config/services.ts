import { goQuote } from "@kube-ts/api/go-quote";
import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { ipFamilyOf, parseCidr } from "@kube-ts/std/ip-address";

/** What services get, and the service that this server itself is. */
export const serviceFlags = defineFlags({
  "service-cluster-ip-range": {
    type: "stringList",
    default: ["10.0.0.0/24"],
    description: "CIDR ranges of service addresses: one, or one of each IP family",
  },
  "service-node-port-range": {
    type: "string",
    default: "30000-32767",
    description: "ports for services of type NodePort, inclusive at both ends: FIRST-LAST or FIRST+COUNT",
  },
  "kubernetes-service-node-port": {
    type: "integer",
    default: 0,
    description: "node port of the service kubernetes; 0 for none",
  },
  "endpoint-reconciler-type": {
    type: "string",
    default: "lease",
    description: "how the endpoints of the service kubernetes are kept: lease (those of all live servers), none",
  },
});

export interface ServiceConfig {
  readonly ipRanges: readonly string[];
  readonly nodePorts: { readonly first: number; readonly last: number };
  /** Node port of the service `kubernetes`; 0 for none. */
  readonly kubernetesNodePort: number;
  /** Whether this server keeps the endpoints of the service `kubernetes`. */
  readonly keepsEndpoints: boolean;
}

type Values = FlagValues<typeof serviceFlags>;

const maxPort = 65_535;

/** Throws a FlagError. */
export function serviceConfig(values: Values): ServiceConfig {
  const nodePorts = portRange(values["service-node-port-range"]);
  return {
    ipRanges: ipRanges(values["service-cluster-ip-range"]),
    nodePorts,
    kubernetesNodePort: kubernetesNodePort(values["kubernetes-service-node-port"], nodePorts),
    keepsEndpoints: keepsEndpoints(values["endpoint-reconciler-type"]),
  };
}

/** Throws a FlagError where clients of the service `kubernetes` would be sent to an address of the other family. */
export function checkFamilies({ ipRanges, keepsEndpoints }: ServiceConfig, advertiseAddress: string): void {
  const [primary = ""] = ipRanges;
  if (!keepsEndpoints || parseCidr(primary)?.family === ipFamilyOf(advertiseAddress)) return;
  const message = `service IP family ${goQuote(primary)} must match public address family ${goQuote(advertiseAddress)}`;
  throw new FlagError("service-cluster-ip-range", message);
}

function ipRanges(texts: readonly string[]): readonly string[] {
  const flag = "service-cluster-ip-range";
  const ranges = texts.map((text, index) => {
    const range = parseCidr(text);
    if (range) return range;
    const what = index === 0 ? "a valid cidr" : "an ip net";
    throw new FlagError(flag, `${flag}[${index}] is not ${what}`);
  });
  if (ranges.length === 0) throw new FlagError(flag, `--${flag} must contain at least one valid cidr`);
  if (ranges.length > 2) throw new FlagError(flag, `--${flag} must not contain more than two entries`);
  if (ranges.length === 2 && ranges[0]?.family === ranges[1]?.family) {
    const message = `--${flag} and --secondary-service-cluster-ip-range must be of different IP family`;
    throw new FlagError(flag, message);
  }
  return texts;
}

function portRange(text: string): { first: number; last: number } {
  const flag = "service-node-port-range";
  const invalid = (reason: string) =>
    new FlagError(flag, `invalid argument ${JSON.stringify(text)} for "--${flag}" flag: ${reason}: ${text}`);
  const match = /^(\d+)(?:([-+])(\d+))?$/.exec(text.trim());
  if (!match) throw invalid("unable to parse port range");
  const first = Number(match[1]);
  const second = Number(match[3] ?? match[1]);
  const last = match[2] === "+" ? first + second : second;
  if (first > maxPort || last > maxPort) throw invalid(`the port range cannot be greater than ${maxPort}`);
  if (last < first) throw invalid("end port cannot be less than start port");
  if (first === 0) throw invalid("port 0 is no service's");
  return { first, last };
}

function kubernetesNodePort(port: number, range: ServiceConfig["nodePorts"]): number {
  const flag = "kubernetes-service-node-port";
  if (port < 0 || port > maxPort) {
    const message =
      `--${flag} ${port} must be between 0 and ${maxPort}, inclusive. ` +
      "If 0, the Kubernetes master service will be of type ClusterIP";
    throw new FlagError(flag, message);
  }
  if (port > 0 && (port < range.first || port > range.last)) {
    const message = `kubernetes service port range ${range.first}-${range.last} doesn't contain ${port}`;
    throw new FlagError(flag, message);
  }
  return port;
}

function keepsEndpoints(type: string): boolean {
  const flag = "endpoint-reconciler-type";
  if (type === "lease" || type === "none") return type === "lease";
  if (type === "master-count") {
    const message = `--${flag}=master-count cannot be honoured: only leases tell which servers are alive; use lease`;
    throw new FlagError(flag, message);
  }
  throw new FlagError(flag, `Reconciler not implemented: ${type}`);
}
