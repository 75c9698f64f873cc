import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";

import { cidrErrors } from "@kube-ts/api/ip-address";
import { portNameErrors, portNumberErrors } from "@kube-ts/api/names";
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from "@kube-ts/api/networking/v1";
import { validateLabelSelector } from "@kube-ts/api/selectors";
import { cidrContains, parseCidr } from "@kube-ts/std/ip-address";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";

const specPath = fieldPath("spec");
const protocols = ["SCTP", "TCP", "UDP"];
const policyTypes = ["Egress", "Ingress"];
const noCidrs: ReadonlySet<string> = new Set();

export function validateNetworkPolicy(policy: NetworkPolicy): FieldError[] {
  const errors = validateObjectMeta(policy.metadata, "Namespaced", subdomainName);
  checkSpec(policy.spec, noCidrs, errors);
  return errors;
}

/** Ranges that the old policy has may stay, whatever rules they break. */
export function validateNetworkPolicyUpdate(policy: NetworkPolicy, old: NetworkPolicy): FieldError[] {
  const errors = validateObjectMetaUpdate(policy.metadata, old.metadata);
  checkSpec(policy.spec, cidrsOf(old.spec), errors);
  return errors;
}

function cidrsOf(spec: NetworkPolicySpec): ReadonlySet<string> {
  const peers = [
    ...(spec.ingress ?? []).flatMap(({ from }) => from ?? []),
    ...(spec.egress ?? []).flatMap(({ to }) => to ?? []),
  ];
  return new Set(peers.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock.cidr, ...(ipBlock.except ?? [])] : [])));
}

function checkSpec(spec: NetworkPolicySpec, knownCidrs: ReadonlySet<string>, errors: FieldError[]): void {
  errors.push(...validateLabelSelector(spec.podSelector, specPath.child("podSelector")));
  for (const [index, { ports, from }] of (spec.ingress ?? []).entries()) {
    const path = specPath.child("ingress").index(index);
    checkPorts(ports, path.child("ports"), errors);
    checkPeers(from, knownCidrs, path.child("from"), errors);
  }
  for (const [index, { ports, to }] of (spec.egress ?? []).entries()) {
    const path = specPath.child("egress").index(index);
    checkPorts(ports, path.child("ports"), errors);
    checkPeers(to, knownCidrs, path.child("to"), errors);
  }
  checkPolicyTypes(spec, specPath.child("policyTypes"), errors);
}

function checkPolicyTypes(spec: NetworkPolicySpec, path: FieldPath, errors: FieldError[]): void {
  const types = spec.policyTypes ?? [];
  if (types.length > policyTypes.length) {
    errors.push(invalidField(path, types, "may not specify more than two policyTypes"));
    return;
  }
  for (const [index, type] of types.entries()) {
    if (!policyTypes.includes(type)) errors.push(notSupportedField(path.index(index), type, policyTypes));
  }
}

function checkPorts(ports: readonly NetworkPolicyPort[] | undefined, path: FieldPath, errors: FieldError[]): void {
  for (const [index, port] of (ports ?? []).entries()) checkPort(port, path.index(index), errors);
}

function checkPort({ protocol, port, endPort }: NetworkPolicyPort, path: FieldPath, errors: FieldError[]): void {
  if (protocol !== undefined && !protocols.includes(protocol)) {
    errors.push(notSupportedField(path.child("protocol"), protocol, protocols));
  }
  const endPath = path.child("endPort");
  if (port === undefined) {
    if (endPort !== undefined) {
      errors.push(invalidField(endPath, endPort, "may not be specified when `port` is not specified"));
    }
  } else if (typeof port === "string") {
    if (endPort !== undefined) {
      errors.push(invalidField(endPath, endPort, "may not be specified when `port` is non-numeric"));
    }
    checkTexts(portNameErrors(port), port, path.child("port"), errors);
  } else {
    checkTexts(portNumberErrors(port), port, path.child("port"), errors);
    if (endPort === undefined) return;
    if (endPort < port) errors.push(invalidField(endPath, endPort, "must be greater than or equal to `port`"));
    checkTexts(portNumberErrors(endPort), endPort, endPath, errors);
  }
}

function checkPeers(
  peers: readonly NetworkPolicyPeer[] | undefined,
  knownCidrs: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const [index, peer] of (peers ?? []).entries()) checkPeer(peer, knownCidrs, path.index(index), errors);
}

function checkPeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  knownCidrs: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  errors.push(...validateLabelSelector(podSelector, path.child("podSelector")));
  errors.push(...validateLabelSelector(namespaceSelector, path.child("namespaceSelector")));
  if (ipBlock) checkIpBlock(ipBlock, knownCidrs, path.child("ipBlock"), errors);
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!hasSelector && !ipBlock) errors.push(requiredField(path, "must specify a peer"));
  else if (hasSelector && ipBlock) {
    errors.push(forbiddenField(path, "may not specify both ipBlock and another peer"));
  }
}

function checkIpBlock(
  { cidr, except }: IPBlock,
  knownCidrs: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (cidr === "") {
    errors.push(requiredField(path.child("cidr"), ""));
    return;
  }
  if (!knownCidrs.has(cidr)) checkTexts(cidrErrors(cidr), cidr, path.child("cidr"), errors);
  const range = parseCidr(cidr);
  if (!range) return;
  for (const [index, text] of (except ?? []).entries()) {
    const exceptPath = path.child("except").index(index);
    if (!knownCidrs.has(text)) checkTexts(cidrErrors(text), text, exceptPath, errors);
    const part = parseCidr(text);
    if (!part) continue;
    const isInside = cidrContains(range, { family: part.family, value: part.base });
    if (!isInside || range.prefixLength >= part.prefixLength) {
      errors.push(invalidField(exceptPath, text, "must be a strict subset of `cidr`"));
    }
  }
}
