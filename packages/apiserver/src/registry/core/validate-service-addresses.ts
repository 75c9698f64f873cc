import type { Service, ServiceSpec } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { addressFamily, ipAddressErrors } from "@kube-ts/api/ip-address";
import { checkChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { isHeadless } from "./service-needs.ts";

const ipsPath = fieldPath("spec", "clusterIPs");
const familiesPath = fieldPath("spec", "ipFamilies");
const policyPath = fieldPath("spec", "ipFamilyPolicy");
const families = ["IPv4", "IPv6"];
const policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** The addresses of a service in themselves and against its families. */
export function checkClusterIps(service: Service, errors: FieldError[]): void {
  const { spec } = service;
  if (spec.type === "ExternalName") return;
  const ips = spec.clusterIPs ?? [];
  checkClusterIpFields(spec, ips, errors);
  checkFamilies(spec, errors);
  const before = errors.length;
  checkEachIp(ips, errors);
  const areIps = errors.length === before;
  if (ips.length > 2) errors.push(invalidField(ipsPath, ips, "may only hold up to 2 values"));
  if (!areIps) return;
  if (ips.length > 1 && new Set(ips.map(addressFamily)).size < ips.length) {
    errors.push(invalidField(ipsPath, ips, "may specify no more than one IP for each IP family"));
  }
  if (isHeadless(service)) return;
  for (const [index, ip] of ips.entries()) {
    const family = spec.ipFamilies?.[index];
    const isIpv6 = addressFamily(ip) === 6;
    if ((family === "IPv4" && isIpv6) || (family === "IPv6" && !isIpv6)) {
      const text = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
      errors.push(invalidField(ipsPath.index(index), ip, text));
    }
  }
}

function checkClusterIpFields(spec: ServiceSpec, ips: readonly string[], errors: FieldError[]): void {
  if (isBlank(spec.clusterIP)) {
    if (ips.length > 0) errors.push(invalidField(ipsPath, ips, "must be empty when `clusterIP` is not specified"));
  } else if (ips.length === 0) {
    errors.push(requiredField(ipsPath, ""));
  } else if (ips[0] !== spec.clusterIP) {
    errors.push(invalidField(ipsPath, ips, "first value must match `clusterIP`"));
  }
}

function checkFamilies(spec: ServiceSpec, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (!families.includes(family)) errors.push(notSupportedField(familiesPath.index(index), family, families));
    if (seen.has(family)) errors.push(duplicateField(familiesPath.index(index), family));
    seen.add(family);
  }
  checkChoice(spec.ipFamilyPolicy, policies, policyPath, errors);
}

function checkEachIp(ips: readonly string[], errors: FieldError[]): void {
  for (const [index, ip] of ips.entries()) {
    if (index === 0 && ip === "None") {
      if (ips.length > 1) errors.push(invalidField(ipsPath, ips, "'None' must be the first and only value"));
      continue;
    }
    checkTexts(ipAddressErrors(ip), ip, ipsPath.index(index), errors);
  }
}

/** Addresses and families stay, but for adding and releasing the second one. */
export function checkClusterIpsUpdate(service: Service, old: Service, errors: FieldError[]): void {
  if (service.spec.type === "ExternalName" || old.spec.type === "ExternalName") return;
  if (!isHeadless(service) || !isHeadless(old)) checkIpsChange(service, old, errors);
  if (!isHeadless(service) && !isHeadless(old)) checkFamiliesChange(service, old, errors);
}

function checkIpsChange(service: Service, old: Service, errors: FieldError[]): void {
  const ips = service.spec.clusterIPs ?? [];
  const before = old.spec.clusterIPs ?? [];
  const changed = (index: number) => errors.push(invalidField(ipsPath.index(index), ips, "may not change once set"));
  if (ips.length === before.length) {
    for (const [index, ip] of before.entries()) if (ip !== ips[index]) changed(index);
    return;
  }
  if (ips.length === 0) errors.push(invalidField(ipsPath.index(0), ips, "primary clusterIP can not be unset"));
  if (ips.length > 0 && before.length > 0 && ips[0] !== before[0]) changed(0);
  if (before.length > ips.length && ips.length === 1) checkReleased(service, "clusterIP", errors);
}

function checkFamiliesChange(service: Service, old: Service, errors: FieldError[]): void {
  const now = service.spec.ipFamilies ?? [];
  const before = old.spec.ipFamilies ?? [];
  const path = familiesPath.index(0);
  if (now.length === before.length) {
    for (const [index, family] of before.entries()) {
      if (family !== now[index]) errors.push(invalidField(path, now, "may not change once set"));
    }
    return;
  }
  if (before.length > now.length && !service.spec.clusterIPs?.length) {
    errors.push(invalidField(path, now, "primary ipFamily can not be unset"));
  }
  if (now.length > 0 && before.length > 0 && now[0] !== before[0]) {
    errors.push(invalidField(path, service.spec.clusterIPs ?? [], "may not change once set"));
  }
  if (before.length > now.length && now.length === 1) checkReleased(service, "ipFamily", errors);
}

function checkReleased(service: Service, what: string, errors: FieldError[]): void {
  const policy = service.spec.ipFamilyPolicy;
  if (policy === "SingleStack") return;
  const text = `must be set to 'SingleStack' when releasing the secondary ${what}`;
  errors.push(invalidField(policyPath, policy ?? null, text));
}
