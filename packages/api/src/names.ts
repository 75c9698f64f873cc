const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const label1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const labelValue = `(${qualified})?`;

const labelPattern = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const subdomainPattern = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const label1035Pattern = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const qualifiedPattern = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const label1035Text =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const qualifiedText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const wildcardText =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";

/** Upstream's wording for text that does not match a pattern; its spacing between examples is upstream's too. */
export function regexError(problem: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${problem} (regex used for validation is '${pattern}')`;
  const quoted = examples.map((example) => `'${example}'`).join(",  or ");
  return `${problem} (e.g. ${quoted}, regex used for validation is '${pattern}')`;
}

/** Upstream's wording for text that is too long. */
export function maxLengthError(length: number): string {
  return `must be no more than ${length} bytes`;
}

/** Upstream's wording for an empty value. */
export const emptyError = "must be non-empty";

/** Upstream's wording for a number out of bounds, both inclusive. */
export function rangeError(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

// Each function below returns upstream's texts of what is wrong with the value, none when it is valid.

/** A DNS label (RFC 1123), as for namespaces and container names. */
export function dns1123LabelErrors(value: string): string[] {
  const errors: string[] = [];
  if (isLongerThan(value, 63)) errors.push(maxLengthError(63));
  if (!labelPattern.test(value)) {
    errors.push(
      subdomainPattern.test(value) ? "must not contain dots" : regexError(labelText, label, "my-name", "123-abc"),
    );
  }
  return errors;
}

/** A DNS subdomain (RFC 1123), as for the names of most objects. */
export function dns1123SubdomainErrors(value: string): string[] {
  const errors: string[] = [];
  if (isLongerThan(value, 253)) errors.push(maxLengthError(253));
  if (!subdomainPattern.test(value)) errors.push(regexError(subdomainText, subdomain, "example.com"));
  return errors;
}

/** A DNS label (RFC 1035), as for services. */
export function dns1035LabelErrors(value: string): string[] {
  const errors: string[] = [];
  if (isLongerThan(value, 63)) errors.push(maxLengthError(63));
  if (!label1035Pattern.test(value)) errors.push(regexError(label1035Text, label1035, "my-name", "abc-123"));
  return errors;
}

/** A subdomain whose first label is `*`. */
export function wildcardDns1123SubdomainErrors(value: string): string[] {
  const errors: string[] = [];
  if (isLongerThan(value, 253)) errors.push(maxLengthError(253));
  if (!value.startsWith("*.") || !subdomainPattern.test(value.slice(2))) {
    errors.push(regexError(wildcardText, `\\*\\.${subdomain}`, "*.example.com"));
  }
  return errors;
}

/** `[prefix/]name`, as for label and annotation keys, finalizers, condition types and resource names. */
export function qualifiedNameErrors(value: string): string[] {
  const errors: string[] = [];
  const slash = value.indexOf("/");
  let name = value;
  if (slash >= 0) {
    const prefix = value.slice(0, slash);
    name = value.slice(slash + 1);
    if (name.includes("/")) {
      const text = `a qualified name ${qualifiedText}`;
      const rule = regexError(text, qualified, "MyName", "my.name", "123-abc");
      return [`${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
    }
    if (prefix === "") errors.push(`prefix part ${emptyError}`);
    else errors.push(...dns1123SubdomainErrors(prefix).map((error) => `prefix part ${error}`));
  }
  if (name === "") errors.push(`name part ${emptyError}`);
  else if (isLongerThan(name, 63)) errors.push(`name part ${maxLengthError(63)}`);
  if (!qualifiedPattern.test(name)) {
    errors.push(`name part ${regexError(qualifiedText, qualified, "MyName", "my.name", "123-abc")}`);
  }
  return errors;
}

/** The value of a label; may be empty. */
export function labelValueErrors(value: string): string[] {
  const errors: string[] = [];
  if (isLongerThan(value, 63)) errors.push(maxLengthError(63));
  if (value !== "" && !qualifiedPattern.test(value)) {
    errors.push(regexError(labelValueText, labelValue, "MyValue", "my_value", "12345"));
  }
  return errors;
}

export function portNumberErrors(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : [rangeError(1, 65535)];
}

/** The name of a port (RFC 6335), in lower case. */
export function portNameErrors(name: string): string[] {
  const errors: string[] = [];
  if (isLongerThan(name, 15)) errors.push(maxLengthError(15));
  if (!/^[-a-z0-9]+$/.test(name)) {
    errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(name)) errors.push("must contain at least one letter (a-z)");
  if (name.includes("--")) errors.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) errors.push("must not begin or end with a hyphen");
  return errors;
}

export function cIdentifierErrors(value: string): string[] {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) return [];
  const text =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  return [regexError(text, "[A-Za-z_][A-Za-z0-9_]*", "my_name", "MY_NAME", "MyName")];
}

/** The name of an environment variable: printable ASCII without `=`. */
export function envVarNameErrors(value: string): string[] {
  const errors: string[] = [];
  if (value === "") errors.push(`environment variable name ${emptyError}`);
  if (!/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) {
    errors.push("a valid environment variable name must consist only of printable ASCII characters other than '='");
  }
  return errors;
}

/** A key of a config map or secret, which becomes a file name. */
export function configMapKeyErrors(value: string): string[] {
  const errors: string[] = [];
  if (isLongerThan(value, 253)) errors.push(maxLengthError(253));
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) {
    const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    errors.push(regexError(text, "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"));
  }
  if (value === ".") errors.push("must not be '.'");
  else if (value === "..") errors.push("must not be '..'");
  else if (value.startsWith("..")) errors.push("must not start with '..'");
  return errors;
}

/** A name that can stand as one segment of a URL path. */
export function pathSegmentNameErrors(name: string): string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return pathSegmentPrefixErrors(name);
}

/** As `pathSegmentNameErrors`, for the prefix of a generated name. */
export function pathSegmentPrefixErrors(name: string): string[] {
  return ["/", "%"].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

export function percentErrors(value: string): string[] {
  if (/^[0-9]+%$/.test(value)) return [];
  const text = "a valid percent string must be a numeric string followed by an ending '%'";
  return [regexError(text, "[0-9]+%", "1%", "93%")];
}

export function httpHeaderNameErrors(value: string): string[] {
  if (/^[-A-Za-z0-9]+$/.test(value)) return [];
  const text = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return [regexError(text, "[-A-Za-z0-9]+", "X-Header-Name")];
}

/** What the server checks a generated name's prefix as: the trailing dash will be followed by a suffix. */
export function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
}

/** Limits are in bytes of UTF-8. */
function isLongerThan(value: string, bytes: number): boolean {
  return value.length > bytes || (value.length * 3 > bytes && Buffer.byteLength(value) > bytes);
}
