import type { EndpointAddress, EndpointPort, Endpoints } from "@kube-ts/api/core/v1";
import { type FieldError, requiredField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { ipAddressErrors } from "@kube-ts/api/ip-address";
import { dns1123LabelErrors, portNumberErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { subdomainName } from "../meta/object-names.ts";
import { checkRequiredChoice, checkTexts, isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { checkUsableAddress } from "./validate-address.ts";

const subsetsPath = fieldPath("subsets");
const protocols = ["SCTP", "TCP", "UDP"];

export function validateEndpoints(endpoints: Endpoints): FieldError[] {
  const errors = validateObjectMeta(endpoints.metadata, "Namespaced", subdomainName);
  for (const [index, { addresses = [], notReadyAddresses = [], ports = [] }] of (endpoints.subsets ?? []).entries()) {
    const path = subsetsPath.index(index);
    if (addresses.length === 0 && notReadyAddresses.length === 0) {
      errors.push(requiredField(path, "must specify `addresses` or `notReadyAddresses`"));
    }
    for (const [at, address] of addresses.entries()) checkAddress(address, path.child("addresses").index(at), errors);
    for (const [at, address] of notReadyAddresses.entries()) {
      checkAddress(address, path.child("notReadyAddresses").index(at), errors);
    }
    for (const [at, port] of ports.entries()) {
      checkPort(port, ports.length > 1, path.child("ports").index(at), errors);
    }
  }
  return errors;
}

export function validateEndpointsUpdate(endpoints: Endpoints, old: Endpoints): FieldError[] {
  return [...validateObjectMetaUpdate(endpoints.metadata, old.metadata), ...validateEndpoints(endpoints)];
}

function checkAddress(address: EndpointAddress, path: FieldPath, errors: FieldError[]): void {
  const { ip, hostname, nodeName } = address;
  checkTexts(ipAddressErrors(ip), ip, path.child("ip"), errors);
  if (!isBlank(hostname)) checkTexts(dns1123LabelErrors(hostname), hostname, path.child("hostname"), errors);
  if (nodeName !== undefined) checkTexts(subdomainName(nodeName, false), nodeName, path.child("nodeName"), errors);
  checkUsableAddress(ip, path.child("ip"), errors);
}

function checkPort(port: EndpointPort, requireName: boolean, path: FieldPath, errors: FieldError[]): void {
  if (!isBlank(port.name)) checkTexts(dns1123LabelErrors(port.name), port.name, path.child("name"), errors);
  else if (requireName) errors.push(requiredField(path.child("name"), ""));
  checkTexts(portNumberErrors(port.port), port.port, path.child("port"), errors);
  checkRequiredChoice(port.protocol, protocols, path.child("protocol"), errors);
  if (port.appProtocol !== undefined) {
    checkTexts(qualifiedNameErrors(port.appProtocol), port.appProtocol, path.child("appProtocol"), errors);
  }
}
