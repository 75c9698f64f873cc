import {
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  maskTrailingDash,
  pathSegmentNameErrors,
  pathSegmentPrefixErrors,
} from "@kube-ts/api/names";

/** How the names of a resource are checked. A prefix of a generated name may end in a dash. */
export type NameRule = (name: string, isPrefix: boolean) => string[];

export const subdomainName: NameRule = (name, isPrefix) =>
  dns1123SubdomainErrors(isPrefix ? maskTrailingDash(name) : name);

export const labelName: NameRule = (name, isPrefix) => dns1123LabelErrors(isPrefix ? maskTrailingDash(name) : name);

/** Any text that can stand in a URL path; the names of RBAC objects. */
export const pathSegmentName: NameRule = (name, isPrefix) =>
  isPrefix ? pathSegmentPrefixErrors(name) : pathSegmentNameErrors(name);
