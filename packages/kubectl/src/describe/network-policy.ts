import { formatLabelSelector } from "@kube-ts/api/selectors";
import type { LabelSelector } from "@kube-ts/api/meta/v1";
import type {
  IPAddress,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  ServiceCIDR,
} from "@kube-ts/api/networking/v1";
import { parseTime } from "@kube-ts/api/rfc3339";
import type { Description } from "./description.ts";

function selectorText(selector: LabelSelector | undefined): string {
  const text = formatLabelSelector(selector ?? {});
  return text === "" ? "<none>" : text;
}

/** A time as Go prints one: `2006-01-02 15:04:05 +0000 UTC`. */
function goTime(time: string | undefined): string {
  const ms = time === undefined ? undefined : parseTime(time);
  if (ms === undefined) return "<unset>";
  return `${new Date(ms)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "")} +0000 UTC`;
}

export function describeNetworkPolicy(description: Description, { metadata, spec = {} }: NetworkPolicy): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Namespace:\t${metadata.namespace ?? ""}`);
  line(`Created on:\t${goTime(metadata.creationTimestamp ?? undefined)}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line("Spec:");
  const selector = selectorText(spec.podSelector);
  const all = selector === "<none>" ? " (Allowing the specific traffic to all pods in this namespace)" : "";
  line(`  PodSelector:     ${selector}${all}`);
  const types = spec.policyTypes ?? [];
  describeDirection(
    description,
    "ingress",
    "From",
    types.includes("Ingress"),
    spec.ingress?.map(({ ports, from }) => ({ ports, peers: from })),
  );
  describeDirection(
    description,
    "egress",
    "To",
    types.includes("Egress"),
    spec.egress?.map(({ ports, to }) => ({ ports, peers: to })),
  );
  line(`  Policy Types: ${types.join(", ")}`);
}

interface Rule {
  readonly ports: readonly NetworkPolicyPort[] | undefined;
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
}

function describeDirection(
  description: Description,
  direction: "ingress" | "egress",
  word: "From" | "To",
  affected: boolean,
  rules: readonly Rule[] = [],
): void {
  if (!affected) return description.line(1, `Not affecting ${direction} traffic`);
  description.line(1, `Allowing ${direction} traffic:`);
  if (rules.length === 0) {
    return description.line(2, `<none> (Selected pods are isolated for ${direction} connectivity)`);
  }
  for (const [index, { ports = [], peers = [] }] of rules.entries()) {
    if (ports.length === 0) description.line(2, "To Port: <any> (traffic allowed to all ports)");
    for (const port of ports) description.line(2, portText(port));
    if (peers.length === 0) {
      const kind = word === "From" ? "source" : "destination";
      description.line(2, `${word}: <any> (traffic not restricted by ${kind})`);
    }
    for (const peer of peers) {
      description.line(2, `${word}:`);
      describePeer(description, peer);
    }
    if (index < rules.length - 1) description.line(2, "----------");
  }
}

function portText({ port, endPort, protocol = "TCP" }: NetworkPolicyPort): string {
  return endPort === undefined
    ? `To Port: ${port ?? ""}/${protocol}`
    : `To Port Range: ${port ?? ""}-${endPort}/${protocol}`;
}

function describePeer(description: Description, { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): void {
  if (namespaceSelector) description.line(3, `NamespaceSelector: ${selectorText(namespaceSelector)}`);
  if (podSelector) description.line(3, `PodSelector: ${selectorText(podSelector)}`);
  if (!ipBlock) return;
  description.line(3, "IPBlock:");
  description.line(4, `CIDR: ${ipBlock.cidr}`);
  description.line(4, `Except: ${(ipBlock.except ?? []).join(", ")}`);
}

export function describeServiceCidr(description: Description, { metadata, spec = {}, status = {} }: ServiceCIDR): void {
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line(`CIDRs:\t${(spec.cidrs ?? []).join(", ")}`);
  if (!status.conditions?.length) return;
  line("Status:");
  line("Conditions:");
  line("  Type\tStatus\tLastTransitionTime\tReason\tMessage");
  line("  ----\t------\t------------------\t------\t-------");
  for (const { type, status: state, lastTransitionTime, reason, message } of status.conditions) {
    line(`  ${type}\t${state}\t${goTime(lastTransitionTime)}\t${reason}\t${message}`);
  }
}

export function describeIpAddress(description: Description, { metadata, spec }: IPAddress): void {
  const line = (text: string) => description.line(0, text);
  const { group = "", resource = "", namespace = "", name = "" } = spec?.parentRef ?? {};
  line(`Name:\t${metadata.name ?? ""}`);
  description.map("Labels", metadata.labels);
  description.annotations(metadata.annotations);
  line("Parent Reference:");
  line(`  Group:\t${group}`);
  line(`  Resource:\t${resource}`);
  line(`  Namespace:\t${namespace}`);
  line(`  Name:\t${name}`);
}
