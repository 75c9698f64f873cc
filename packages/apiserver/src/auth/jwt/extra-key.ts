import { type FieldError, invalidField, requiredField } from "@kube-ts/api/field-error";
import { dns1123SubdomainErrors } from "@kube-ts/api/names";

/** What is wrong with a key of a user's `extra` that configuration gives. */
export function extraKeyErrors(key: string, path: string): FieldError[] {
  const errors = domainPathErrors(key, path);
  if (key !== key.toLowerCase()) errors.push(invalidField(path, key, "must be lowercase"));
  const [domain = ""] = key.split("/");
  if (key.includes("/") && /(^|\.)(kubernetes|k8s)\.io$/.test(domain)) {
    const detail = "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use";
    errors.push(invalidField(path, key, detail));
  }
  return errors;
}

/** What keeps a key from being a path behind a domain, such as `example.org/foo`. */
export function domainPathErrors(key: string, path: string): FieldError[] {
  if (key === "") return [requiredField(path)];
  const slash = key.indexOf("/");
  if (slash <= 0 || slash === key.length - 1) {
    return [invalidField(path, key, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const errors = dns1123SubdomainErrors(key.slice(0, slash)).map((text) =>
    invalidField(path, key.slice(0, slash), text),
  );
  const rest = key.slice(slash + 1);
  if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest)) {
    const detail = `Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')`;
    errors.push(invalidField(path, rest, detail));
  }
  return errors;
}
