import type { AddressType, Endpoint, EndpointHints, EndpointPort, EndpointSlice } from "@kube-ts/api/discovery/v1";
import { type FieldError, duplicateField, invalidField, requiredField, tooManyField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { addressFamily } from "@kube-ts/api/ip-address";
import {
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  labelValueErrors,
  portNumberErrors,
  qualifiedNameErrors,
} from "@kube-ts/api/names";
import { validateLabels } from "@kube-ts/api/selectors";
import { hostnameLabel } from "@kube-ts/api/well-known-labels";
import { checkUsableAddress } from "../core/validate-address.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkRequiredChoice, checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";

const addressTypes = ["FQDN", "IPv4", "IPv6"];
const protocols = ["SCTP", "TCP", "UDP"];
const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 20_000;
const maxTopologyLabels = 16;
const maxHints = 8;
const addressTypePath = fieldPath("addressType");

export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  const errors = validateObjectMeta(slice.metadata, "Namespaced", subdomainName);
  checkRequiredChoice(slice.addressType, addressTypes, addressTypePath, errors);
  checkEndpoints(slice.endpoints ?? [], slice.addressType, fieldPath("endpoints"), errors);
  checkPorts(slice.ports ?? [], fieldPath("ports"), errors);
  return errors;
}

export function validateEndpointSliceUpdate(slice: EndpointSlice, old: EndpointSlice): FieldError[] {
  const errors = validateObjectMetaUpdate(slice.metadata, old.metadata);
  errors.push(...validateEndpointSlice(slice));
  checkImmutable(slice.addressType, old.addressType, addressTypePath, errors);
  return errors;
}

function checkEndpoints(
  endpoints: readonly Endpoint[],
  type: AddressType,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (endpoints.length > maxEndpoints) {
    errors.push(tooManyField(path, endpoints.length, maxEndpoints));
    return;
  }
  for (const [index, endpoint] of endpoints.entries()) checkEndpoint(endpoint, type, path.index(index), errors);
}

function checkEndpoint(endpoint: Endpoint, type: AddressType, path: FieldPath, errors: FieldError[]): void {
  const { addresses = [], nodeName, deprecatedTopology, hostname, hints } = endpoint;
  const addressesPath = path.child("addresses");
  if (addresses.length === 0) errors.push(requiredField(addressesPath, "must contain at least 1 address"));
  else if (addresses.length > maxAddresses) {
    errors.push(tooManyField(addressesPath, addresses.length, maxAddresses));
  }
  for (const [index, address] of addresses.entries()) {
    checkAddress(address, type, addressesPath.index(index), errors);
  }
  if (nodeName !== undefined) checkTexts(subdomainName(nodeName, false), nodeName, path.child("nodeName"), errors);
  if (deprecatedTopology) checkTopology(deprecatedTopology, path.child("deprecatedTopology"), errors);
  if (hostname !== undefined) checkTexts(dns1123LabelErrors(hostname), hostname, path.child("hostname"), errors);
  if (hints) checkHints(hints, path.child("hints"), errors);
}

function checkAddress(address: string, type: AddressType, path: FieldPath, errors: FieldError[]): void {
  switch (type) {
    case "IPv4":
      if (addressFamily(address) !== 4) errors.push(invalidField(path, address, "must be a valid IPv4 address"));
      checkUsableAddress(address, path, errors);
      break;
    case "IPv6":
      if (addressFamily(address) !== 6) errors.push(invalidField(path, address, "must be a valid IPv6 address"));
      checkUsableAddress(address, path, errors);
      break;
    case "FQDN":
      checkDomain(address, path, errors);
      break;
    default:
  }
}

function checkDomain(text: string, path: FieldPath, errors: FieldError[]): void {
  if (text === "") {
    errors.push(requiredField(path, ""));
    return;
  }
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  const texts = dns1123SubdomainErrors(name);
  checkTexts(texts, name, path, errors);
  if (texts.length > 0) return;
  const labels = name.split(".");
  if (labels.length < 2) {
    errors.push(invalidField(path, name, "should be a domain with at least two segments separated by dots"));
    return;
  }
  for (const label of labels) checkTexts(dns1123LabelErrors(label), label, path, errors);
}

function checkTopology(topology: Readonly<Record<string, string>>, path: FieldPath, errors: FieldError[]): void {
  const count = Object.keys(topology).length;
  if (count > maxTopologyLabels) errors.push(tooManyField(path, count, maxTopologyLabels));
  errors.push(...validateLabels(topology, path));
  if (Object.hasOwn(topology, hostnameLabel)) {
    const text = "hostname key must not be specified, use nodeName instead";
    errors.push(invalidField(path.key(hostnameLabel), "", text));
  }
}

function checkHints(hints: EndpointHints, path: FieldPath, errors: FieldError[]): void {
  for (const field of ["forZones", "forNodes"] as const) {
    const list = hints[field] ?? [];
    const listPath = path.child(field);
    if (list.length > maxHints) {
      errors.push(tooManyField(listPath, list.length, maxHints));
      continue;
    }
    for (const [index, { name }] of list.entries()) {
      const namePath = listPath.index(index).child("name");
      if (list.findIndex((other) => other.name === name) < index) errors.push(duplicateField(namePath, name));
      checkTexts(field === "forNodes" ? subdomainName(name, false) : labelValueErrors(name), name, namePath, errors);
    }
  }
}

function checkPorts(ports: readonly EndpointPort[], path: FieldPath, errors: FieldError[]): void {
  if (ports.length > maxPorts) {
    errors.push(tooManyField(path, ports.length, maxPorts));
    return;
  }
  const names = new Set<string>();
  for (const [index, { name = "", protocol, port, appProtocol }] of ports.entries()) {
    const itemPath = path.index(index);
    if (name !== "") checkTexts(dns1123LabelErrors(name), name, itemPath.child("name"), errors);
    if (names.has(name)) errors.push(duplicateField(itemPath.child("name"), name));
    names.add(name);
    checkRequiredChoice(protocol, protocols, itemPath.child("protocol"), errors);
    if (port !== undefined) checkTexts(portNumberErrors(port), port, itemPath.child("port"), errors);
    if (appProtocol !== undefined) {
      checkTexts(qualifiedNameErrors(appProtocol), appProtocol, itemPath.child("appProtocol"), errors);
    }
  }
}
