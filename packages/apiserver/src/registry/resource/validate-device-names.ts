import { type FieldError, invalidField, requiredField, tooLongField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import { cIdentifierErrors, dns1123LabelErrors, dns1123SubdomainErrors } from "@kube-ts/api/names";
import { checkDriverName } from "../core/validate-volume-sources.ts";
import { checkTexts } from "../meta/validate-fields.ts";

const maxPoolNameLength = 253;
const maxIdentifierLength = 32;
/** The longest name of an attribute or capacity: a domain of 63 characters, a slash and an identifier. */
export const maxQualifiedNameLength = 63 + 1 + maxIdentifierLength;

export function checkLabel(name: string, path: FieldPath, errors: FieldError[]): void {
  checkTexts(dns1123LabelErrors(name), name, path, errors);
}

export function checkSubdomain(name: string, path: FieldPath, errors: FieldError[]): void {
  checkTexts(dns1123SubdomainErrors(name), name, path, errors);
}

/** DNS subdomains that are separated by slashes. */
export function checkPoolName(name: string, path: FieldPath, errors: FieldError[]): void {
  if (name === "") {
    errors.push(requiredField(path, ""));
    return;
  }
  if (name.length > maxPoolNameLength) errors.push(tooLongField(path, maxPoolNameLength));
  for (const part of name.split("/")) checkSubdomain(part, path, errors);
}

/** The name of an attribute or capacity, with its domain or without. */
export function checkQualifiedName(name: string, path: FieldPath, errors: FieldError[]): void {
  const parts = name.split("/");
  const [domain = "", identifier = ""] = parts;
  if (parts.length > 2) {
    errors.push(invalidField(path, name, "must not contain more than one slash"));
  } else if (parts.length === 1) {
    checkIdentifier(domain, path, errors);
  } else {
    if (domain === "") errors.push(invalidField(path, "", "the domain must not be empty"));
    else checkDriverName(domain, path, errors);
    if (identifier === "") errors.push(invalidField(path, "", "the name must not be empty"));
    else checkIdentifier(identifier, path, errors);
  }
}

/** The name of an attribute with its domain. */
export function checkFullyQualifiedName(name: string, path: FieldPath, errors: FieldError[]): void {
  checkQualifiedName(name, path, errors);
  if (!name.includes("/")) {
    const text = "a fully qualified name must be a domain and a name separated by a slash";
    errors.push(invalidField(path, name, text));
  }
}

function checkIdentifier(identifier: string, path: FieldPath, errors: FieldError[]): void {
  if (identifier.length > maxIdentifierLength) errors.push(tooLongField(path, maxIdentifierLength));
  checkTexts(cIdentifierErrors(identifier), identifier, path, errors);
}

/** A UUID as it is usually written. */
export function checkUuid(uid: string, path: FieldPath, errors: FieldError[]): void {
  const problem = uuidProblem(uid);
  if (problem !== undefined) {
    errors.push(invalidField(path, uid, `error validating uid: ${problem}`));
  } else if (uid.length !== 36 || uid !== uid.toLowerCase()) {
    const form = "`xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters";
    errors.push(invalidField(path, uid, `uid must be in RFC 4122 normalized form, ${form}`));
  }
}

/** The forms that upstream's library reads: plain, as a URN, in braces, without dashes. */
function uuidProblem(uid: string): string | undefined {
  const plain = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  const forms: Readonly<Record<number, RegExp>> = {
    36: new RegExp(`^${plain}$`, "i"),
    45: new RegExp(`^urn:uuid:${plain}$`, "i"),
    38: new RegExp(`^\\{${plain}\\}$`, "i"),
    32: /^[0-9a-f]{32}$/i,
  };
  const length = Buffer.byteLength(uid);
  const form = forms[length];
  if (!form) return `invalid UUID length: ${length}`;
  return form.test(uid) ? undefined : "invalid UUID format";
}
