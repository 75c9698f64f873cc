import { X509Certificate } from "node:crypto";
import type { ServiceReference } from "@kube-ts/api/apiextensions/v1";
import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { dns1123SubdomainErrors, portNumberErrors } from "@kube-ts/api/names";

const desired = "; desired format: https://host[/path]";

/** What is wrong with the URL of a webhook. */
export function webhookUrlErrors(text: string, path: FieldPath): FieldError[] {
  const parts = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text);
  const [, scheme = "", authority = "", , query, fragment = ""] = parts ?? [];
  if (!parts || (scheme !== "" && authority !== "" && !URL.canParse(text))) {
    return [requiredField(path, `url must be a valid URL: parse ${JSON.stringify(text)}: invalid URL${desired}`)];
  }
  const errors: FieldError[] = [];
  const at = authority.lastIndexOf("@");
  if (scheme !== "https") errors.push(invalidField(path, scheme, `'https' is the only allowed URL scheme${desired}`));
  if (authority.slice(at + 1) === "") errors.push(invalidField(path, "", `host must be specified${desired}`));
  if (at >= 0) {
    errors.push(invalidField(path, authority.slice(0, at), "user information is not permitted in the URL"));
  }
  if (fragment !== "") errors.push(invalidField(path, fragment, "fragments are not permitted in the URL"));
  if (query) errors.push(invalidField(path, query, "query parameters are not permitted in the URL"));
  return errors;
}

/** What is wrong with the service of a webhook. */
export function webhookServiceErrors(service: ServiceReference, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!service.name) errors.push(requiredField(path.child("name"), "service name is required"));
  if (!service.namespace) errors.push(requiredField(path.child("namespace"), "service namespace is required"));
  const port = service.port ?? 443;
  for (const problem of portNumberErrors(port)) {
    errors.push(invalidField(path.child("port"), port, `port is not valid: ${problem}`));
  }
  if (service.path !== undefined) errors.push(...pathErrors(service.path, path.child("path")));
  return errors;
}

function pathErrors(text: string, path: FieldPath): FieldError[] {
  if (text === "" || text === "/") return [];
  if (text === "//") return [invalidField(path, text, "segment[0] may not be empty")];
  const errors: FieldError[] = [];
  if (!text.startsWith("/")) errors.push(invalidField(path, text, "must start with a '/'"));
  const whole = text.endsWith("/") ? text.slice(0, -1) : text;
  const segments = whole.replace(/^\//, "").split("/");
  for (const [index, segment] of segments.entries()) {
    if (segment === "") {
      errors.push(invalidField(path, text, `segment[${index}] may not be empty`));
      continue;
    }
    for (const problem of dns1123SubdomainErrors(segment)) {
      errors.push(invalidField(path, text, `segment[${index}]: ${problem}`));
    }
  }
  return errors;
}

/** What is wrong with the certificates, base64 of PEM, by which a webhook is known. */
export function caBundleErrors(caBundle: string, path: FieldPath): FieldError[] {
  const problem = caBundleProblem(caBundle);
  return problem === undefined ? [] : [invalidField(path, caBundle, `unable to load root certificates: ${problem}`)];
}

function caBundleProblem(caBundle: string): string | undefined {
  const pem = Buffer.from(caBundle, "base64").toString();
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    return certificates.length === 0 ? "unable to parse bytes as PEM block" : undefined;
  } catch (error) {
    return `failed to parse certificate: ${error instanceof Error ? error.message : String(error)}`;
  }
}
