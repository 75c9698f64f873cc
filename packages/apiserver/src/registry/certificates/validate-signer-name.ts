import { type FieldError, invalidField, requiredField, tooLongField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { dns1123LabelErrors, dns1123SubdomainErrors } from "@kube-ts/api/names";

const maxDomainLength = 253;
/** A name of a resource in a namespace, and what stands between the two, have to fit into the path. */
const maxPathLength = 253 + 63 + 1;
const maxSignerNameLength = maxDomainLength + 1 + maxPathLength;

/** The name of a signer: a domain, a slash and a path, such as `example.com/signer-name`. */
export function checkSignerName(name: string, path: FieldPath, errors: FieldError[]): void {
  if (name === "") {
    errors.push(requiredField(path, ""));
    return;
  }
  const segments = name.split("/");
  const [domain = "", signer = ""] = segments;
  if (segments.length !== 2) {
    const text = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    errors.push(invalidField(path, name, text));
    return;
  }
  if (domain.length > maxDomainLength) errors.push(tooLongField(path, maxDomainLength));
  const domainLabels = domain.split(".");
  checkLabels(domainLabels, dns1123LabelErrors, domain, path, errors);
  if (domainLabels.length < 2) {
    errors.push(invalidField(path, domain, "should be a domain with at least two segments separated by dots"));
  }
  checkLabels(signer.split("."), dns1123SubdomainErrors, signer, path, errors);
  if (name.length > maxSignerNameLength) errors.push(tooLongField(path, maxSignerNameLength));
}

/** Reports the first label that is wrong. */
function checkLabels(
  labels: readonly string[],
  problemsOf: (label: string) => string[],
  value: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const label of labels) {
    const problems = problemsOf(label);
    for (const problem of problems) {
      errors.push(invalidField(path, value, `validating label ${goQuote(label)}: ${problem}`));
    }
    if (problems.length > 0) return;
  }
}
