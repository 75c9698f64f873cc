import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { Node } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { cidrContains, parseIpAddress } from "@kube-ts/std/ip-address";
import type { CertificateNames } from "../certificates/certificate-names.ts";
import { signerProblem } from "../certificates/signer-rules.ts";
import { type ClusterMachines, canonicalHost } from "./cluster-machines.ts";

const servingSigner = "kubernetes.io/kubelet-serving";
const clientSigner = "kubernetes.io/kube-apiserver-client";
const nodeUser = "system:node:";
/** With the name of the machine: the group of its daemons, so that an audit log tells whose they are. */
export const daemonGroup = "kube-ts:node:";

/** What is known of the cluster when a request is judged. */
export interface ClusterView {
  readonly nodes: readonly Node[];
  /** Undefined while the cluster has no configuration. */
  readonly machines: ClusterMachines | undefined;
}

export type Judgement =
  /** Nobody's business here. */
  | { readonly kind: "ignore" }
  | { readonly kind: "approve"; readonly message: string }
  /** To be approved if its sender may `create` this subresource of certificatesigningrequests with this name. */
  | { readonly kind: "ask"; readonly subresource: "nodedaemonclient"; readonly name: string; readonly message: string }
  /** It stays undecided: what is wrong may become right, and an administrator may know better. */
  | { readonly kind: "leave"; readonly reason: string };

/** What to do about a request of a machine: one for its kubelet's server, or one for a client that runs beside it. */
export function judge(
  { spec }: CertificateSigningRequest,
  names: () => CertificateNames,
  view: ClusterView,
): Judgement {
  const { signerName, username = "", groups = [], usages = [] } = spec;
  if (signerName !== servingSigner && signerName !== clientSigner) return { kind: "ignore" };
  if (!username.startsWith(nodeUser) || !groups.includes("system:nodes")) return { kind: "ignore" };
  const machine = username.slice(nodeUser.length);
  const problem = signerProblem(signerName, names(), usages);
  if (machine === "" || problem !== undefined) return leave(problem ?? "it comes from a node without a name");
  return signerName === servingSigner ? judgeServing(machine, names(), view) : judgeDaemon(machine, names());
}

/**
 * A machine gets a certificate for its own name, and for the addresses that the cluster's configuration gives it. One
 * that the configuration does not name gets those that its node says it has, unless they belong to somebody else: the
 * same authority vouches for the API servers.
 */
function judgeServing(machine: string, names: CertificateNames, view: ClusterView): Judgement {
  if (names.subject.commonName !== nodeUser + machine) return leave("it is for another node than its sender");
  const { machines } = view;
  if (!machines) return leave("the cluster has no configuration to check it against");
  const hosts = names.dnsNames.map((host) => host.toLowerCase());
  if (isReservedName(machine, machines)) return leave(`the name ${machine} is not one that a machine may have`);
  const foreign = hosts.find((host) => host !== machine);
  if (foreign !== undefined) return leave(`${foreign} is not the name of the node`);
  const own = machines.addresses.get(machine) ?? ownAddresses(machine, view.nodes, machines);
  const wrong = names.ipAddresses.map(canonicalHost).find((address) => !own.includes(address));
  if (wrong !== undefined) return leave(`${wrong} is not known as an address of the node`);
  return { kind: "approve", message: "Auto approving kubelet serving certificate: its names are those of its node." };
}

function ownAddresses(machine: string, nodes: readonly Node[], machines: ClusterMachines): readonly string[] {
  const taken = new Set([
    ...(machines.balancer === undefined ? [] : [machines.balancer]),
    ...[...machines.addresses.values()].flat(),
    ...nodes.filter((node) => nameOf(node) !== machine).flatMap(addressesOf),
  ]);
  const node = nodes.find((each) => nameOf(each) === machine);
  return node ? addressesOf(node).filter((address) => !taken.has(address) && isMachineAddress(address, machines)) : [];
}

function addressesOf({ status }: Node): readonly string[] {
  return (status?.addresses ?? [])
    .filter(({ type }) => type === "InternalIP" || type === "ExternalIP")
    .map(({ address }) => canonicalHost(address));
}

const loopback = /^(127\.|0\.|::1$|::$)/;

function isMachineAddress(text: string, { ranges }: ClusterMachines): boolean {
  const address = parseIpAddress(text);
  return address !== undefined && !loopback.test(text) && !ranges.some((range) => cidrContains(range, address));
}

/** Names by which something else than a machine is asked for. */
function isReservedName(name: string, { balancer }: ClusterMachines): boolean {
  return name === balancer || /^(localhost|kubernetes)(\.|$)/.test(name) || /\.svc(\.|$)/.test(name);
}

function judgeDaemon(machine: string, names: CertificateNames): Judgement {
  const { subject, dnsNames, emailAddresses, ipAddresses, uris } = names;
  const [group, ...others] = subject.organizations;
  if (group !== daemonGroup + machine || others.length > 0) {
    return leave(`its organization is not ${daemonGroup}${machine}`);
  }
  if ([dnsNames, emailAddresses, ipAddresses, uris].some((list) => list.length > 0)) {
    return leave("alternative names are not for clients");
  }
  if (subject.commonName === "") return leave("it has no common name");
  return {
    kind: "ask",
    subresource: "nodedaemonclient",
    name: subject.commonName,
    message: "Auto approving client certificate of a node's daemon after SubjectAccessReview.",
  };
}

function leave(reason: string): Judgement {
  return { kind: "leave", reason };
}
