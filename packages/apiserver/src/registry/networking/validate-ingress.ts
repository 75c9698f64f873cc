import { type FieldError, invalidField, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { ipAddressErrors, isIpAddress } from "@kube-ts/api/ip-address";
import {
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  portNameErrors,
  portNumberErrors,
  wildcardDns1123SubdomainErrors,
} from "@kube-ts/api/names";
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressRule,
  IngressServiceBackend,
  IngressSpec,
} from "@kube-ts/api/networking/v1";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { checkKindAndName } from "./validate-reference.ts";

/** How ingresses named their class before they had a field for it. */
export const ingressClassAnnotation = "kubernetes.io/ingress.class";

const specPath = fieldPath("spec");
const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
const badPathSequences = ["//", "/./", "/../", "%2f", "%2F"];
const badPathEnds = ["/..", "/."];

/** What an update may leave as it is, because the stored ingress has it. */
interface Leniency {
  readonly anySecretName: boolean;
  readonly anyWildcardRule: boolean;
}

const strict: Leniency = { anySecretName: false, anyWildcardRule: false };

export function validateIngressCreate(ingress: Ingress): FieldError[] {
  const errors = validateIngress(ingress, strict);
  const annotation = ingress.metadata.annotations?.[ingressClassAnnotation];
  const { ingressClassName } = ingress.spec;
  if (annotation !== undefined && ingressClassName !== undefined && annotation !== ingressClassName) {
    const path = fieldPath("annotations").child(ingressClassAnnotation);
    errors.push(invalidField(path, annotation, "must match `ingressClassName` when both are specified"));
  }
  return errors;
}

export function validateIngressUpdate(ingress: Ingress, old: Ingress): FieldError[] {
  return [...validateObjectMetaUpdate(ingress.metadata, old.metadata), ...validateIngress(ingress, leniencyFor(old))];
}

export function validateIngressStatusUpdate(ingress: Ingress, old: Ingress): FieldError[] {
  const errors = validateObjectMetaUpdate(ingress.metadata, old.metadata);
  const known = new Set((old.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip));
  for (const [index, { ip, hostname }] of (ingress.status?.loadBalancer?.ingress ?? []).entries()) {
    const path = fieldPath("status", "loadBalancer", "ingress").index(index);
    if (!isBlank(ip) && !known.has(ip)) checkTexts(ipAddressErrors(ip), ip, path.child("ip"), errors);
    if (isBlank(hostname)) continue;
    checkTexts(dns1123SubdomainErrors(hostname), hostname, path.child("hostname"), errors);
    checkNoAddress(hostname, path.child("hostname"), errors);
  }
  return errors;
}

function leniencyFor({ spec }: Ingress): Leniency {
  const rules = spec.rules ?? [];
  return {
    anySecretName: (spec.tls ?? []).some(({ secretName }) => secretNameErrors(secretName).length > 0),
    anyWildcardRule: rules.some((rule) => {
      const errors: FieldError[] = [];
      if (rule.host?.includes("*")) checkRuleValue(rule, specPath, errors);
      return errors.length > 0;
    }),
  };
}

function validateIngress({ metadata, spec }: Ingress, leniency: Leniency): FieldError[] {
  const errors = validateObjectMeta(metadata, "Namespaced", subdomainName);
  const rules = spec.rules ?? [];
  if (rules.length === 0 && spec.defaultBackend === undefined) {
    errors.push(invalidField(specPath, spec.rules ?? null, "either `defaultBackend` or `rules` must be specified"));
  }
  if (spec.defaultBackend) checkBackend(spec.defaultBackend, specPath.child("defaultBackend"), errors);
  for (const [index, rule] of rules.entries()) {
    checkRule(rule, leniency, specPath.child("rules").index(index), errors);
  }
  checkTls(spec, leniency, specPath.child("tls"), errors);
  const className = spec.ingressClassName;
  if (className !== undefined) {
    checkTexts(dns1123SubdomainErrors(className), className, specPath.child("ingressClassName"), errors);
  }
  return errors;
}

function checkRule(rule: IngressRule, leniency: Leniency, path: FieldPath, errors: FieldError[]): void {
  const host = rule.host ?? "";
  const isWildcard = host.includes("*");
  if (host !== "") {
    checkNoAddress(host, path.child("host"), errors);
    checkTexts(hostErrors(host), host, path.child("host"), errors);
  }
  if (!isWildcard || !leniency.anyWildcardRule) checkRuleValue(rule, path, errors);
}

function hostErrors(host: string): string[] {
  return host.includes("*") ? wildcardDns1123SubdomainErrors(host) : dns1123SubdomainErrors(host);
}

function checkNoAddress(host: string, path: FieldPath, errors: FieldError[]): void {
  if (isIpAddress(host)) errors.push(invalidField(path, host, "must be a DNS name, not an IP address"));
}

function checkRuleValue({ http }: IngressRule, path: FieldPath, errors: FieldError[]): void {
  if (!http) return;
  const pathsPath = path.child("http", "paths");
  if (http.paths.length === 0) errors.push(requiredField(pathsPath, ""));
  for (const [index, item] of http.paths.entries()) checkPath(item, pathsPath.index(index), errors);
}

function checkPath(item: HTTPIngressPath, path: FieldPath, errors: FieldError[]): void {
  const { pathType, path: text = "", backend } = item;
  const textPath = path.child("path");
  if (pathType === undefined) {
    errors.push(requiredField(path.child("pathType"), "pathType must be specified"));
    return;
  }
  if (!pathTypes.includes(pathType)) {
    errors.push(notSupportedField(path.child("pathType"), pathType, pathTypes));
  } else {
    const mayBeEmpty = pathType === "ImplementationSpecific";
    if (!text.startsWith("/") && !(mayBeEmpty && text === "")) {
      errors.push(invalidField(textPath, text, "must be an absolute path"));
    }
    if (!mayBeEmpty) checkPathParts(text, textPath, errors);
  }
  checkBackend(backend, path.child("backend"), errors);
}

function checkPathParts(text: string, path: FieldPath, errors: FieldError[]): void {
  for (const part of badPathSequences) {
    if (text.includes(part)) errors.push(invalidField(path, text, `must not contain '${part}'`));
  }
  for (const end of badPathEnds) {
    if (text.endsWith(end)) errors.push(invalidField(path, text, `cannot end with '${end}'`));
  }
}

function checkBackend({ service, resource }: IngressBackend, path: FieldPath, errors: FieldError[]): void {
  if (resource && service) errors.push(invalidField(path, "", "cannot set both resource and service backends"));
  else if (resource) checkKindAndName(resource, path.child("resource"), errors);
  else if (service) checkService(service, path, errors);
  else errors.push(invalidField(path, "", "resource or service backend is required"));
}

function checkService({ name, port }: IngressServiceBackend, path: FieldPath, errors: FieldError[]): void {
  const namePath = path.child("service", "name");
  if (name === "") errors.push(requiredField(namePath, ""));
  else checkTexts(dns1123LabelErrors(name), name, namePath, errors);
  const portPath = path.child("service", "port");
  const { name: portName = "", number = 0 } = port ?? {};
  if (portName !== "" && number !== 0) {
    errors.push(invalidField(path, "", "cannot set both port name & port number"));
  } else if (portName !== "") {
    checkTexts(portNameErrors(portName), portName, portPath.child("name"), errors);
  } else if (number !== 0) {
    checkTexts(portNumberErrors(number), number, portPath.child("number"), errors);
  } else {
    errors.push(requiredField(path, "port name or number is required"));
  }
}

function checkTls({ tls }: IngressSpec, leniency: Leniency, path: FieldPath, errors: FieldError[]): void {
  for (const [index, { hosts, secretName }] of (tls ?? []).entries()) {
    for (const [at, host] of (hosts ?? []).entries()) {
      checkTexts(hostErrors(host), host, path.index(index).child("hosts").index(at), errors);
    }
    if (!leniency.anySecretName) {
      checkTexts(secretNameErrors(secretName), secretName, path.index(index).child("secretName"), errors);
    }
  }
}

function secretNameErrors(name: string | undefined): string[] {
  return isBlank(name) ? [] : dns1123SubdomainErrors(name);
}
