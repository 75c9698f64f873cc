import type { LoadBalancerIngress, Service, ServicePort } from "@kube-ts/api/core/v1";
import {
  type FieldError,
  duplicateField,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { cidrErrors, ipAddressErrors, isIpAddress } from "@kube-ts/api/ip-address";
import { dns1123LabelErrors, dns1123SubdomainErrors, portNumberErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { validateLabels } from "@kube-ts/api/selectors";
import { topologyModeAnnotation } from "@kube-ts/api/well-known-labels";
import { labelName } from "../meta/object-names.ts";
import { checkChoice, checkRequiredChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { metadataPath, validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { isExternallyAccessible, isHeadless, needsHealthCheckNodePort } from "./service-needs.ts";
import { checkUsableAddress } from "./validate-address.ts";
import { checkPortNumberOrName } from "./validate-probe.ts";
import { checkClusterIps, checkClusterIpsUpdate } from "./validate-service-addresses.ts";

const specPath = fieldPath("spec");
const protocols = ["SCTP", "TCP", "UDP"];
const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const affinities = ["ClientIP", "None"];
const trafficPolicies = ["Cluster", "Local"];
const distributions = ["PreferClose", "PreferSameNode", "PreferSameZone"];
const maxAffinitySeconds = 86_400;
const topologyHintsAnnotation = "service.kubernetes.io/topology-aware-hints";
const sourceRangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
const loadBalancerOnly = "may only be used when `type` is 'LoadBalancer'";

/** The rules of a service to which all that is allocated has been added. */
export function validateService(service: Service): FieldError[] {
  const errors = validateObjectMeta(service.metadata, "Namespaced", labelName);
  const { spec } = service;
  checkTopologyAnnotations(service, errors);
  checkTypeFields(service, errors);
  checkPorts(service, errors);
  if (spec.selector) errors.push(...validateLabels(spec.selector, specPath.child("selector")));
  checkAffinity(service, errors);
  checkClusterIps(service, errors);
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    const path = specPath.child("externalIPs").index(index);
    const texts = ipAddressErrors(address);
    checkTexts(texts, address, path, errors);
    if (texts.length === 0) checkUsableAddress(address, path, errors);
  }
  checkRequiredChoice(spec.type, types, specPath.child("type"), errors);
  checkPortCollisions(service, errors);
  checkLoadBalancerFields(service, errors);
  checkTrafficPolicies(service, errors);
  checkChoice(spec.trafficDistribution, distributions, specPath.child("trafficDistribution"), errors);
  return errors;
}

export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const errors = validateObjectMetaUpdate(service.metadata, old.metadata);
  checkClusterIpsUpdate(service, old, errors);
  if (
    old.spec.type === "LoadBalancer" &&
    service.spec.type === "LoadBalancer" &&
    old.spec.loadBalancerClass !== service.spec.loadBalancerClass
  ) {
    const path = specPath.child("loadBalancerClass");
    errors.push(invalidField(path, service.spec.loadBalancerClass ?? null, "may not change once set"));
  }
  if (
    needsHealthCheckNodePort(old) &&
    needsHealthCheckNodePort(service) &&
    old.spec.healthCheckNodePort !== service.spec.healthCheckNodePort
  ) {
    errors.push(forbiddenField(specPath.child("healthCheckNodePort"), "field is immutable"));
  }
  errors.push(...validateService(service));
  return errors;
}

/** What a load balancer's controller reports. */
export function validateServiceStatusUpdate(service: Service, old: Service): FieldError[] {
  const errors = validateObjectMetaUpdate(service.metadata, old.metadata);
  const ingress = service.status?.loadBalancer?.ingress ?? [];
  const path = fieldPath("status", "loadBalancer", "ingress");
  if (service.spec.type !== "LoadBalancer" && ingress.length > 0) {
    errors.push(forbiddenField(path, "may only be used when `spec.type` is 'LoadBalancer'"));
    return errors;
  }
  for (const [index, point] of ingress.entries()) checkIngress(point, path.index(index), errors);
  return errors;
}

function checkIngress(point: LoadBalancerIngress, path: FieldPath, errors: FieldError[]): void {
  const { ip, ipMode, hostname } = point;
  if (!isBlank(ip)) checkTexts(ipAddressErrors(ip), ip, path.child("ip"), errors);
  if (ipMode === undefined) {
    if (!isBlank(ip)) errors.push(requiredField(path.child("ipMode"), "must be specified when `ip` is set"));
  } else if (isBlank(ip)) {
    errors.push(forbiddenField(path.child("ipMode"), "may not be specified when `ip` is not set"));
  } else {
    checkChoice(ipMode, ["Proxy", "VIP"], path.child("ipMode"), errors);
  }
  if (isBlank(hostname)) return;
  checkTexts(dns1123SubdomainErrors(hostname), hostname, path.child("hostname"), errors);
  if (isIpAddress(hostname)) {
    errors.push(invalidField(path.child("hostname"), hostname, "must be a DNS name, not an IP address"));
  }
}

function checkTopologyAnnotations(service: Service, errors: FieldError[]): void {
  const hints = service.metadata.annotations?.[topologyHintsAnnotation];
  const mode = service.metadata.annotations?.[topologyModeAnnotation];
  if (hints === undefined || mode === undefined || hints === mode) return;
  const text = `must match annotations[${topologyHintsAnnotation}] when both are specified`;
  errors.push(invalidField(metadataPath.child("annotations").key(topologyModeAnnotation), mode, text));
}

function checkTypeFields(service: Service, errors: FieldError[]): void {
  const { spec } = service;
  if (!spec.ports?.length && !isHeadless(service) && spec.type !== "ExternalName") {
    errors.push(requiredField(specPath.child("ports"), ""));
  }
  if (isHeadless(service) && (spec.type === "LoadBalancer" || spec.type === "NodePort")) {
    const text = `may not be set to 'None' for ${spec.type} services`;
    errors.push(invalidField(specPath.child("clusterIPs").index(0), "None", text));
  }
  if (spec.type !== "ExternalName") return;
  for (const field of ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] as const) {
    const value = spec[field];
    if (value === undefined || value.length === 0) continue;
    errors.push(forbiddenField(specPath.child(field), "may not be set for ExternalName services"));
  }
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  const path = specPath.child("externalName");
  if (name === "") errors.push(requiredField(path, ""));
  else checkTexts(dns1123SubdomainErrors(name), name, path, errors);
}

function checkPorts(service: Service, errors: FieldError[]): void {
  const ports = service.spec.ports ?? [];
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = specPath.child("ports").index(index);
    const name = port.name ?? "";
    if (name !== "") {
      checkTexts(dns1123LabelErrors(name), name, path.child("name"), errors);
      if (names.has(name)) errors.push(duplicateField(path.child("name"), name));
      names.add(name);
    } else if (ports.length > 1) {
      errors.push(requiredField(path.child("name"), ""));
    }
    checkPort(port, path, errors);
  }
}

function checkPort(port: ServicePort, path: FieldPath, errors: FieldError[]): void {
  checkTexts(portNumberErrors(port.port), port.port, path.child("port"), errors);
  checkRequiredChoice(port.protocol, protocols, path.child("protocol"), errors);
  checkPortNumberOrName(port.targetPort, path.child("targetPort"), errors);
  if (port.appProtocol !== undefined) {
    checkTexts(qualifiedNameErrors(port.appProtocol), port.appProtocol, path.child("appProtocol"), errors);
  }
}

function checkPortCollisions(service: Service, errors: FieldError[]): void {
  const path = specPath.child("ports");
  const ports = service.spec.ports ?? [];
  const nodePorts = new Set<string>();
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue;
    const nodePortPath = path.index(index).child("nodePort");
    if (service.spec.type === "ClusterIP") {
      errors.push(forbiddenField(nodePortPath, "may not be used when `type` is 'ClusterIP'"));
    }
    if (nodePorts.has(`${protocol}/${nodePort}`)) errors.push(duplicateField(nodePortPath, nodePort));
    nodePorts.add(`${protocol}/${nodePort}`);
  }
  const seen = new Set<string>();
  for (const [index, { port, protocol }] of ports.entries()) {
    if (seen.has(`${protocol}/${port}`)) errors.push(duplicateField(path.index(index), { protocol, port }));
    seen.add(`${protocol}/${port}`);
  }
}

function checkAffinity(service: Service, errors: FieldError[]): void {
  const { sessionAffinity, sessionAffinityConfig } = service.spec;
  checkRequiredChoice(sessionAffinity, affinities, specPath.child("sessionAffinity"), errors);
  const path = specPath.child("sessionAffinityConfig");
  if (sessionAffinity === "None" && sessionAffinityConfig !== undefined) {
    errors.push(forbiddenField(path, "must not be set when session affinity is None"));
  }
  if (sessionAffinity !== "ClientIP") return;
  const text = "when session affinity type is ClientIP";
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  const secondsPath = path.child("clientIP", "timeoutSeconds");
  if (sessionAffinityConfig === undefined) errors.push(requiredField(path, text));
  else if (sessionAffinityConfig.clientIP === undefined) errors.push(requiredField(path.child("clientIP"), text));
  else if (seconds === undefined) errors.push(requiredField(secondsPath, text));
  else if (seconds <= 0 || seconds > maxAffinitySeconds) {
    const range = `must be greater than 0 and less than ${maxAffinitySeconds}`;
    errors.push(invalidField(secondsPath, seconds, range));
  }
}

function checkLoadBalancerFields(service: Service, errors: FieldError[]): void {
  const { spec } = service;
  const isLoadBalancer = spec.type === "LoadBalancer";
  checkSourceRanges(service, isLoadBalancer, errors);
  const allocate = spec.allocateLoadBalancerNodePorts;
  if (allocate !== undefined && !isLoadBalancer) {
    errors.push(forbiddenField(specPath.child("allocateLoadBalancerNodePorts"), loadBalancerOnly));
  }
  if (allocate === undefined && isLoadBalancer) errors.push(requiredField("allocateLoadBalancerNodePorts", ""));
  const className = spec.loadBalancerClass;
  if (className === undefined) return;
  const path = specPath.child("loadBalancerClass");
  if (isLoadBalancer) checkTexts(qualifiedNameErrors(className), className, path, errors);
  else errors.push(forbiddenField(path, loadBalancerOnly));
}

function checkSourceRanges(service: Service, isLoadBalancer: boolean, errors: FieldError[]): void {
  const ranges = service.spec.loadBalancerSourceRanges ?? [];
  if (ranges.length > 0) {
    const path = specPath.child("LoadBalancerSourceRanges");
    if (!isLoadBalancer) errors.push(forbiddenField(path, loadBalancerOnly));
    for (const [index, range] of ranges.entries()) {
      checkTexts(cidrErrors(range.trim()), range.trim(), path.index(index), errors);
    }
    return;
  }
  const annotation = service.metadata.annotations?.[sourceRangesAnnotation];
  if (annotation === undefined) return;
  const path = metadataPath.child("annotations").key(sourceRangesAnnotation);
  if (!isLoadBalancer) errors.push(forbiddenField(path, loadBalancerOnly));
  if (annotation.trim() === "") return;
  for (const range of annotation.split(",")) checkTexts(cidrErrors(range.trim()), range.trim(), path, errors);
}

function checkTrafficPolicies(service: Service, errors: FieldError[]): void {
  const { externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort, type } = service.spec;
  const externalPath = specPath.child("externalTrafficPolicy");
  if (isExternallyAccessible(service.spec)) {
    checkRequiredChoice(externalTrafficPolicy, trafficPolicies, externalPath, errors);
  } else if (!isBlank(externalTrafficPolicy)) {
    const text = "may only be set for externally-accessible services";
    errors.push(invalidField(externalPath, externalTrafficPolicy, text));
  }
  const healthPath = specPath.child("healthCheckNodePort");
  if (!needsHealthCheckNodePort(service)) {
    if (healthCheckNodePort) {
      const text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
      errors.push(invalidField(healthPath, healthCheckNodePort, text));
    }
  } else if (!healthCheckNodePort) {
    errors.push(requiredField(healthPath, ""));
  } else {
    checkTexts(portNumberErrors(healthCheckNodePort), healthCheckNodePort, healthPath, errors);
  }
  const internalPath = specPath.child("internalTrafficPolicy");
  if (internalTrafficPolicy !== undefined) {
    if (!trafficPolicies.includes(internalTrafficPolicy)) {
      errors.push(notSupportedField(internalPath, internalTrafficPolicy, trafficPolicies));
    }
  } else if (type === "NodePort" || type === "LoadBalancer" || type === "ClusterIP") {
    errors.push(requiredField(internalPath, ""));
  }
}
