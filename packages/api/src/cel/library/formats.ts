import { fn, method, type CelLibrary } from "../declarations.ts";
import {
  dns1035LabelErrors,
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  labelValueErrors,
  maskTrailingDash,
  qualifiedNameErrors,
} from "../../names.ts";
import { parseDate, parseTimestamp } from "../time-values.ts";
import { listOf, opaque, optionalOf, stringType, type CelType } from "../types.ts";
import { ArrayList, CelOpaque, CelOptional } from "../values.ts";
import { uriErrors } from "./urls.ts";

const formatType: CelType = opaque("kubernetes.NamedFormat");

/** A named check of texts. */
export class CelFormat extends CelOpaque {
  override readonly type = formatType;
  readonly name: string;
  /** How long a pattern the check counts as, for cost. */
  readonly regexSize: number;
  readonly errors: (text: string) => readonly string[];

  constructor(name: string, regexSize: number, errors: (text: string) => readonly string[]) {
    super();
    this.name = name;
    this.regexSize = regexSize;
    this.errors = errors;
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelFormat && this.name === other.name;
  }
}

function test(valid: (text: string) => boolean, message: string): (text: string) => readonly string[] {
  return (text) => (valid(text) ? [] : [message]);
}

function prefix(errors: (text: string) => readonly string[]): (text: string) => readonly string[] {
  return (text) => errors(maskTrailingDash(text));
}

const uuid = /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

const formats: readonly (readonly [name: string, format: CelFormat])[] = [
  ["dns1123Label", new CelFormat("DNS1123Label", 30, dns1123LabelErrors)],
  ["dns1123Subdomain", new CelFormat("DNS1123Subdomain", 60, dns1123SubdomainErrors)],
  ["dns1035Label", new CelFormat("DNS1035Label", 30, dns1035LabelErrors)],
  ["qualifiedName", new CelFormat("QualifiedName", 60, qualifiedNameErrors)],
  ["dns1123LabelPrefix", new CelFormat("DNS1123LabelPrefix", 30, prefix(dns1123LabelErrors))],
  ["dns1123SubdomainPrefix", new CelFormat("DNS1123SubdomainPrefix", 60, prefix(dns1123SubdomainErrors))],
  ["dns1035LabelPrefix", new CelFormat("DNS1035LabelPrefix", 30, prefix(dns1035LabelErrors))],
  ["labelValue", new CelFormat("LabelValue", 40, labelValueErrors)],
  ["uri", new CelFormat("URI", 1127, uriErrors)],
  [
    "uuid",
    new CelFormat(
      "uuid",
      79,
      test((text) => uuid.test(text), "does not match the UUID format"),
    ),
  ],
  [
    "byte",
    new CelFormat(
      "byte",
      98,
      test((text) => base64.test(text), "invalid base64"),
    ),
  ],
  [
    "date",
    new CelFormat(
      "date",
      106,
      test((text) => parseDate(text) !== undefined, "invalid date"),
    ),
  ],
  [
    "datetime",
    new CelFormat(
      "datetime",
      106,
      test((text) => parseTimestamp(text) !== undefined, "invalid datetime"),
    ),
  ],
];
const formatsByName = new Map(formats);

function validate(format: CelFormat, text: string): CelOptional {
  const errors = format.errors(text);
  return errors.length === 0 ? CelOptional.none : new CelOptional(new ArrayList(errors));
}

function named(name: string): CelOptional {
  const format = formatsByName.get(name);
  return format ? new CelOptional(format) : CelOptional.none;
}

/** Checks of names and other texts. */
export const formatsLibrary: CelLibrary = {
  overloads: [
    ...formats.map(([name, format]) => fn(`format.${name}`, `format.${name}`, [], formatType, () => format)),
    fn("format.named", "format-named", [stringType], optionalOf(formatType), named),
    method("validate", "format-validate", [formatType, stringType], optionalOf(listOf(stringType)), validate),
  ],
};
