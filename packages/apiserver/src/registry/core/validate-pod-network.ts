import type { HostAlias, PodDNSConfig, PodSpec } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { ipAddressErrors } from "@kube-ts/api/ip-address";
import { dns1123LabelErrors, dns1123SubdomainErrors, maxLengthError, regexError } from "@kube-ts/api/names";
import { checkRequiredChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";

const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const maxNameservers = 3;
const maxSearchPaths = 32;
const maxSearchCharacters = 2048;
const maxHostnameLength = 64;

/** A pod's names, its DNS settings, its host file, and how it shares the host's namespaces. */
export function checkPodNetwork(spec: PodSpec, isPod: boolean, path: FieldPath, errors: FieldError[]): void {
  checkRequiredChoice(spec.dnsPolicy, dnsPolicies, path.child("dnsPolicy"), errors);
  checkDnsConfig(spec, path.child("dnsConfig"), errors);
  if (!isBlank(spec.hostname))
    checkTexts(dns1123LabelErrors(spec.hostname), spec.hostname, path.child("hostname"), errors);
  if (!isBlank(spec.subdomain)) {
    checkTexts(dns1123LabelErrors(spec.subdomain), spec.subdomain, path.child("subdomain"), errors);
  }
  checkHostnameOverride(spec, path, errors);
  if (spec.hostAliases) checkHostAliases(spec.hostAliases, path.child("hostAliases"), errors);
  if (spec.hostNetwork) checkHostPorts(spec, isPod, path.child("containers"), errors);
  if (spec.hostUsers === false) checkUserNamespace(spec, path, errors);
}

function checkHostnameOverride(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const name = spec.hostnameOverride;
  if (name === undefined) return;
  const namePath = path.child("hostnameOverride");
  if (name.length > maxHostnameLength) {
    errors.push(invalidField(namePath, name, `must be no more than ${maxHostnameLength} characters`));
  }
  checkTexts(dns1123SubdomainErrors(name), name, namePath, errors);
  if (spec.hostNetwork) errors.push(forbiddenField(namePath, "may not be specified when hostNetwork is true"));
  if (spec.setHostnameAsFQDN) {
    errors.push(forbiddenField(path.child("setHostnameAsFQDN"), "may not be specified when hostnameOverride is set"));
  }
}

function checkDnsConfig(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const config = spec.dnsConfig;
  if (spec.dnsPolicy === "None") {
    if (config === undefined) {
      errors.push(requiredField(path, "must provide `dnsConfig` when `dnsPolicy` is None"));
      return;
    }
    if (!config.nameservers?.length) {
      const text = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      errors.push(requiredField(path.child("nameservers"), text));
      return;
    }
  }
  if (config) checkDnsSettings(config, path, errors);
}

function checkDnsSettings(config: PodDNSConfig, path: FieldPath, errors: FieldError[]): void {
  const { nameservers = [], searches = [], options = [] } = config;
  if (nameservers.length > maxNameservers) {
    const text = `must not have more than ${maxNameservers} nameservers`;
    errors.push(invalidField(path.child("nameservers"), nameservers, text));
  }
  for (const [index, address] of nameservers.entries()) {
    checkTexts(ipAddressErrors(address), address, path.child("nameservers").index(index), errors);
  }
  if (searches.length > maxSearchPaths) {
    const text = `must not have more than ${maxSearchPaths} search paths`;
    errors.push(invalidField(path.child("searches"), searches, text));
  }
  if (searches.join(" ").length > maxSearchCharacters) {
    const text = `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`;
    errors.push(invalidField(path.child("searches"), searches, text));
  }
  for (const [index, search] of searches.entries()) {
    const domain = search.endsWith(".") ? search.slice(0, -1) : search;
    if (search !== ".") checkTexts(searchDomainErrors(domain), domain, path.child("searches").index(index), errors);
  }
  for (const [index, option] of options.entries()) {
    if (isBlank(option.name)) errors.push(requiredField(path.child("options").index(index), "must not be empty"));
  }
}

const searchLabel = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const searchDomain = `${searchLabel}(\\.${searchLabel})*`;
const searchDomainRegExp = new RegExp(`^${searchDomain}$`);

/** A DNS subdomain that may hold underscores, as resolvers take them. */
function searchDomainErrors(value: string): string[] {
  const texts: string[] = [];
  if (value.length > 253) texts.push(maxLengthError(253));
  if (!searchDomainRegExp.test(value)) {
    const text =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
    texts.push(regexError(text, searchDomain, "example.com"));
  }
  return texts;
}

function checkHostAliases(aliases: readonly HostAlias[], path: FieldPath, errors: FieldError[]): void {
  for (const [index, { ip, hostnames = [] }] of aliases.entries()) {
    const itemPath = path.index(index);
    checkTexts(ipAddressErrors(ip), ip, itemPath.child("ip"), errors);
    for (const [at, name] of hostnames.entries()) {
      checkTexts(dns1123SubdomainErrors(name), name, itemPath.child("hostnames").index(at), errors);
    }
  }
}

function checkHostPorts(spec: PodSpec, isPod: boolean, path: FieldPath, errors: FieldError[]): void {
  for (const [index, container] of spec.containers.entries()) {
    for (const [at, port] of (container.ports ?? []).entries()) {
      const hostPort = port.hostPort ?? 0;
      if ((!isPod && hostPort === 0) || hostPort === port.containerPort) continue;
      const portPath = path.index(index).child("ports").index(at).child("hostPort");
      errors.push(invalidField(portPath, hostPort, "must match `containerPort` when `hostNetwork` is true"));
    }
  }
}

function checkUserNamespace(spec: PodSpec, path: FieldPath, errors: FieldError[]): void {
  const text = "when `pod.Spec.HostUsers` is false";
  if (spec.hostNetwork) errors.push(forbiddenField(path.child("hostNetwork"), text));
  if (spec.hostPID) errors.push(forbiddenField(path.child("HostPID"), text));
  if (spec.hostIPC) errors.push(forbiddenField(path.child("HostIPC"), text));
}
