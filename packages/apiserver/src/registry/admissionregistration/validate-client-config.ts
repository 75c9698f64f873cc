import type { ServiceReference, WebhookClientConfig } from "@kube-ts/api/admissionregistration/v1";
import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { dns1123SubdomainErrors, portNumberErrors } from "@kube-ts/api/names";
import { isBlank } from "../meta/validate-fields.ts";

const urlForm = "; desired format: https://host[/path]";
const defaultPort = 443;

export function defaultClientConfig({ service }: WebhookClientConfig): void {
  if (service) service.port ??= defaultPort;
}

/** Where a webhook is called. */
export function checkClientConfig(config: WebhookClientConfig, path: FieldPath, errors: FieldError[]): void {
  const { url, service } = config;
  if ((url === undefined) === (service === undefined)) {
    errors.push(requiredField(path, "exactly one of url or service is required"));
  } else if (url !== undefined) {
    checkUrl(url, path.child("url"), errors);
  } else if (service) {
    checkService(service, path.child("service"), errors);
  }
}

interface UrlParts {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly query: string;
  readonly fragment: string;
}

function checkUrl(url: string, path: FieldPath, errors: FieldError[]): void {
  const problem = syntaxProblem(url);
  if (problem !== undefined) {
    errors.push(requiredField(path, `url must be a valid URL: parse ${goQuote(url)}: ${problem}${urlForm}`));
    return;
  }
  const { scheme, user, host, query, fragment } = splitUrl(url);
  if (scheme !== "https") {
    errors.push(invalidField(path, scheme, `'https' is the only allowed URL scheme${urlForm}`));
  }
  if (host === "") errors.push(invalidField(path, host, `host must be provided${urlForm}`));
  if (user !== undefined) errors.push(invalidField(path, user, "user information is not permitted in the URL"));
  if (fragment !== "") errors.push(invalidField(path, fragment, "fragments are not permitted in the URL"));
  if (query !== "") errors.push(invalidField(path, query, "query parameters are not permitted in the URL"));
}

/** What upstream's parser of URLs stumbles over. */
function syntaxProblem(url: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- these are the characters meant
  if (/[\u0000-\u001f\u007f]/.test(url)) return "net/url: invalid control character in URL";
  if (url.startsWith(":")) return "missing protocol scheme";
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(url);
  if (escape) return `invalid URL escape ${goQuote(escape[0])}`;
  const { host } = splitUrl(url);
  const space = host.includes(" ");
  if (space) return 'invalid character " " in host name';
  const port = /:([^\]:]*)$/.exec(host);
  if (port && !/^[0-9]*$/.test(port[1] ?? "")) return `invalid port ${goQuote(port[0])} after host`;
  return undefined;
}

function splitUrl(url: string): UrlParts {
  const [beforeFragment = "", fragment = ""] = cut(url, "#");
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(beforeFragment)?.[1] ?? "";
  const [beforeQuery = "", query = ""] = cut(beforeFragment.slice(scheme === "" ? 0 : scheme.length + 1), "?");
  const authority = /^\/\/([^/]*)/.exec(beforeQuery)?.[1] ?? "";
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? undefined : authority.slice(0, at);
  return { scheme: scheme.toLowerCase(), user, host: authority.slice(at + 1), query, fragment };
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Upstream mixes up the two names: it reports each under the path of the other. */
function checkService(service: ServiceReference, path: FieldPath, errors: FieldError[]): void {
  if (isBlank(service.namespace)) errors.push(requiredField(path.child("name"), "service name is required"));
  if (isBlank(service.name)) errors.push(requiredField(path.child("namespace"), "service namespace is required"));
  const port = service.port ?? 0;
  const problems = portNumberErrors(port);
  if (problems.length > 0) {
    errors.push(invalidField(path.child("port"), port, `port is not valid: ${problems.join(", ")}`));
  }
  if (!isBlank(service.path)) checkPath(service.path, path.child("path"), errors);
}

function checkPath(urlPath: string, path: FieldPath, errors: FieldError[]): void {
  if (urlPath === "/") return;
  if (urlPath === "//") {
    errors.push(invalidField(path, urlPath, "segment[0] may not be empty"));
    return;
  }
  if (!urlPath.startsWith("/")) errors.push(invalidField(path, urlPath, "must start with a '/'"));
  for (const [index, step] of urlPath.slice(1).replace(/\/$/, "").split("/").entries()) {
    if (step === "") {
      errors.push(invalidField(path, urlPath, `segment[${index}] may not be empty`));
      continue;
    }
    for (const text of dns1123SubdomainErrors(step)) {
      errors.push(invalidField(path, urlPath, `segment[${index}]: ${text}`));
    }
  }
}
