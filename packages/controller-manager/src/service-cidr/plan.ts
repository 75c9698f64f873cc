import type { Condition } from "@kube-ts/api/meta/v1";
import type { IPAddress, ServiceCIDR } from "@kube-ts/api/networking/v1";
import { nameOf } from "@kube-ts/api/object";
import { timeMs } from "@kube-ts/api/rfc3339";
import { type Cidr, type IpAddress, cidrContains, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import { hasFinalizer } from "../framework/finalizers.ts";

export const serviceCidrFinalizer = "networking.k8s.io/service-cidr-finalizer";

const managedByLabel = "ipaddress.kubernetes.io/managed-by";
const allocator = "ipallocator.k8s.io";

/** So long the allocators of all API servers may take to learn that nothing may be taken from a range any more. */
const deletionGraceMs = 10_000;

/** What has to be done about a ServiceCIDR. */
export type ServiceCidrStep =
  | { readonly kind: "serve"; readonly needsFinalizer: boolean; readonly condition: ReadyCondition }
  | { readonly kind: "block"; readonly condition: ReadyCondition }
  | { readonly kind: "wait"; readonly delayMs: number }
  | { readonly kind: "release" }
  | { readonly kind: "nothing" };

export type ReadyCondition = Pick<Condition, "type" | "status" | "reason" | "message">;

const ready: ReadyCondition = {
  type: "Ready",
  status: "True",
  reason: "",
  message: "Kubernetes Service CIDR is ready",
};
const terminating: ReadyCondition = {
  type: "Ready",
  status: "False",
  reason: "Terminating",
  message: "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
};

/** Decides on one ServiceCIDR, given all of them and all addresses that are taken. */
export function planServiceCidr(
  range: ServiceCIDR,
  all: readonly ServiceCIDR[],
  addresses: () => readonly IPAddress[],
  nowMs: number,
): ServiceCidrStep {
  const isProtected = hasFinalizer(range, serviceCidrFinalizer);
  const { deletionTimestamp } = range.metadata;
  if (deletionTimestamp === undefined) return { kind: "serve", needsFinalizer: !isProtected, condition: ready };
  if (!mayGo(range, all, addresses)) return { kind: "block", condition: terminating };
  const delayMs = timeMs(deletionTimestamp) + deletionGraceMs - nowMs;
  if (delayMs > 0) return { kind: "wait", delayMs };
  return isProtected ? { kind: "release" } : { kind: "nothing" };
}

/** Whether every address in use would still be in a range that stays, without this one. */
function mayGo(range: ServiceCIDR, all: readonly ServiceCIDR[], addresses: () => readonly IPAddress[]): boolean {
  const stays = (other: ServiceCIDR) =>
    nameOf(other) !== nameOf(range) && other.metadata.deletionTimestamp === undefined;
  const others = all.filter(stays).flatMap(rangesOf);
  const own = rangesOf(range);
  if (own.every((cidr) => others.some((other) => isWithin(cidr, other)))) return true;
  return addresses().every((object) => {
    const address = object.metadata.labels?.[managedByLabel] === allocator ? parseIpAddress(nameOf(object)) : undefined;
    return !address || !isIn(own, address) || isIn(others, address);
  });
}

/** Whether one ServiceCIDR has anything to do with what becomes of another one. */
export function overlap(a: ServiceCIDR, b: ServiceCIDR): boolean {
  const [first, second] = [rangesOf(a), rangesOf(b)];
  return first.some((one) => second.some((other) => isWithin(one, other) || isWithin(other, one)));
}

/** Whether the address is in a range of the ServiceCIDR. */
export function covers(range: ServiceCIDR, address: IPAddress): boolean {
  const parsed = parseIpAddress(nameOf(address));
  return parsed !== undefined && isIn(rangesOf(range), parsed);
}

function rangesOf({ spec }: ServiceCIDR): Cidr[] {
  return (spec.cidrs ?? []).flatMap((text) => parseCidr(text) ?? []);
}

function isIn(ranges: readonly Cidr[], address: IpAddress): boolean {
  return ranges.some((range) => cidrContains(range, address));
}

function isWithin(inner: Cidr, outer: Cidr): boolean {
  return inner.prefixLength >= outer.prefixLength && cidrContains(outer, { family: inner.family, value: inner.base });
}
