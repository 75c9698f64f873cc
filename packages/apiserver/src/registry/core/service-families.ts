import type { IPFamily, Service } from "@kube-ts/api/core/v1";
import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { addressFamily } from "@kube-ts/api/ip-address";
import { isHeadless, needsClusterIp } from "./service-needs.ts";

export type ClusterFamily = "IPv4" | "IPv6";

const familiesPath = fieldPath("spec", "ipFamilies");
const policyPath = fieldPath("spec", "ipFamilyPolicy");

/**
 * Fills in the address families of a service from its addresses, its policy and what the cluster offers; the
 * cluster's first family is the default. Existing services keep theirs.
 */
export function fillIpFamilies(
  service: Service,
  old: Service | undefined,
  clusterFamilies: readonly ClusterFamily[],
): void {
  if (!needsClusterIp(service)) return;
  const { spec } = service;
  if (old !== undefined && needsClusterIp(old)) keepFamilies(service, old);
  const primary: ClusterFamily = clusterFamilies[0] ?? "IPv4";
  const secondary: ClusterFamily = primary === "IPv4" ? "IPv6" : "IPv4";
  const families: IPFamily[] = [...(spec.ipFamilies ?? [])];
  const isOpenHeadless = isHeadless(service) && Object.keys(spec.selector ?? {}).length === 0;
  if (isOpenHeadless) {
    spec.ipFamilyPolicy ??= families.length === 1 ? "SingleStack" : "RequireDualStack";
  } else {
    for (const [index, address] of (spec.clusterIPs ?? []).entries()) {
      const family = addressFamily(address);
      if (family !== undefined && index >= families.length) families.push(family === 4 ? "IPv4" : "IPv6");
    }
    if (spec.ipFamilyPolicy === undefined && families.length < 2) spec.ipFamilyPolicy = "SingleStack";
  }
  if (families.length === 0) families.push(primary);
  const isDual = isOpenHeadless || clusterFamilies.length > 1;
  if (isDual && families.length === 1 && spec.ipFamilyPolicy !== "SingleStack") {
    families.push(families[0] === primary ? secondary : primary);
  }
  spec.ipFamilies = families;
}

/** What a client that does not know of families leaves out stays; releasing the second one is done by the policy. */
function keepFamilies(service: Service, old: Service): void {
  const { spec } = service;
  if (spec.ipFamilyPolicy === undefined && old.spec.ipFamilyPolicy) spec.ipFamilyPolicy = old.spec.ipFamilyPolicy;
  if (!spec.ipFamilies?.length && old.spec.ipFamilies) spec.ipFamilies = [...old.spec.ipFamilies];
  const isDowngrade = spec.ipFamilyPolicy === "SingleStack" && old.spec.ipFamilyPolicy !== "SingleStack";
  if (!isDowngrade || isHeadless(service)) return;
  if (sameList(spec.ipFamilies, old.spec.ipFamilies)) spec.ipFamilies = spec.ipFamilies?.slice(0, 1) ?? [];
  if (sameList(spec.clusterIPs, old.spec.clusterIPs)) spec.clusterIPs = spec.clusterIPs?.slice(0, 1) ?? [];
}

export function sameList(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  const [left, right] = [a ?? [], b ?? []];
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

/** Families and policies that the cluster cannot serve. */
export function checkClusterFamilies(
  service: Service,
  clusterFamilies: readonly ClusterFamily[],
  errors: FieldError[],
): void {
  const { spec } = service;
  if (!needsClusterIp(service)) return;
  if (spec.ipFamilyPolicy === undefined && (spec.ipFamilies?.length ?? 0) > 1) {
    const text = "must be RequireDualStack or PreferDualStack when multiple ipFamilies are specified";
    errors.push(requiredField(policyPath, text));
  }
  if (isHeadless(service) && Object.keys(spec.selector ?? {}).length === 0) return;
  if (spec.ipFamilyPolicy === "SingleStack" && (spec.ipFamilies?.length ?? 0) > 1) {
    const text = "must be RequireDualStack or PreferDualStack when multiple ipFamilies are specified";
    errors.push(invalidField(policyPath, spec.ipFamilyPolicy, text));
  }
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (family !== "IPv4" && family !== "IPv6") continue;
    if (!clusterFamilies.includes(family)) {
      errors.push(invalidField(familiesPath.index(index), family, "not configured on this cluster"));
    }
  }
  if (spec.ipFamilyPolicy === "RequireDualStack" && clusterFamilies.length < 2) {
    const text = "this cluster is not configured for dual-stack services";
    errors.push(invalidField(policyPath, spec.ipFamilyPolicy, text));
  }
}
