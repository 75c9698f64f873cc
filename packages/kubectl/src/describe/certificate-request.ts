import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { humanDuration } from "../printers/age.ts";
import type { Description } from "./description.ts";
import { childrenOf, type DerElement, identifierText, readDer } from "./der.ts";
import { localTime } from "./local-time.ts";

/** Parts of a subject, in the order in which they are shown; the first two are always. */
const subjectParts: readonly (readonly [identifier: string, label: string])[] = [
  ["2.5.4.3", "Common Name"],
  ["2.5.4.5", "Serial Number"],
  ["2.5.4.10", "Organization"],
  ["2.5.4.11", "Organizational Unit"],
  ["2.5.4.6", "Country"],
  ["2.5.4.7", "Locality"],
  ["2.5.4.8", "Province"],
  ["2.5.4.9", "StreetAddress"],
  ["2.5.4.17", "PostalCode"],
];

const extensionRequest = "1.2.840.113549.1.9.14";
const subjectAlternativeName = "2.5.29.17";

interface ReadRequest {
  readonly subject: ReadonlyMap<string, readonly string[]>;
  /** By the tag of their kind: 1 is an e-mail address, 2 a DNS name, 6 a URI, 7 an address. */
  readonly alternatives: ReadonlyMap<number, readonly string[]>;
}

export function describeSigningRequest(description: Description, request: CertificateSigningRequest): void {
  const { metadata, spec, status = {} } = request;
  const line = (text: string) => description.line(0, text);
  line(`Name:\t${metadata.name ?? ""}`);
  line(`Labels:\t${mapText(metadata.labels)}`);
  line(`Annotations:\t${mapText(metadata.annotations)}`);
  line(`CreationTimestamp:\t${localTime(metadata.creationTimestamp)}`);
  line(`Requesting User:\t${spec.username ?? ""}`);
  if (spec.signerName) line(`Signer:\t${spec.signerName}`);
  if (spec.expirationSeconds !== undefined) {
    line(`Requested Duration:\t${humanDuration(spec.expirationSeconds * 1_000)}`);
  }
  const conditions = (status.conditions ?? []).map(({ type }) => type);
  const words = ["Approved", "Denied", "Failed"].filter((word) => conditions.includes(word));
  const issued = status.certificate ? ["Issued"] : [];
  line(`Status:\t${words.length + issued.length === 0 ? "Pending" : [...words, ...issued].join(",")}`);
  let read: ReadRequest;
  try {
    read = readRequest(Buffer.from(spec.request ?? "", "base64").toString("latin1"));
  } catch (error) {
    line(`Subject:\t<error: ${error instanceof Error ? error.message : String(error)}>`);
    return;
  }
  line("Subject:");
  for (const [index, [identifier, label]] of subjectParts.entries()) {
    const values = read.subject.get(identifier) ?? [];
    if (index < 2) line(`\t${label}:\t${values.at(-1) ?? ""}`);
    else writeList(line, label, values);
  }
  const names = [2, 1, 6, 7].map((tag) => read.alternatives.get(tag) ?? []);
  if (names.every((list) => list.length === 0)) return;
  line("Subject Alternative Names:");
  for (const [index, label] of ["DNS Names", "Email Addresses", "URIs", "IP Addresses"].entries()) {
    writeList(line, label, names[index] ?? []);
  }
}

function mapText(values: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(values ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? "<none>" : entries.map(([key, value]) => `${key}=${value}`).join(",");
}

function writeList(line: (text: string) => void, label: string, values: readonly string[]): void {
  for (const [index, value] of values.entries()) line(`\t${index === 0 ? `${label}:` : ""}\t${value}`);
}

/** Reads a PKCS #10 request in PEM. Throws an Error for what is none. */
function readRequest(pem: string): ReadRequest {
  const body = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]*?)-----END/.exec(pem)?.[1];
  if (body === undefined) throw new Error("PEM block type must be CERTIFICATE REQUEST");
  const [whole] = readDer(Buffer.from(body, "base64"));
  const [info] = childrenOf(whole);
  const [, subject, , attributes] = childrenOf(info);
  return { subject: readSubject(subject), alternatives: readAlternatives(attributes) };
}

function readSubject(subject: DerElement | undefined): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const set of childrenOf(subject)) {
    for (const pair of childrenOf(set)) {
      const [type, value] = childrenOf(pair);
      if (!type || !value) continue;
      const identifier = identifierText(type);
      parts.set(identifier, [...(parts.get(identifier) ?? []), value.contents.toString("utf8")]);
    }
  }
  return parts;
}

function readAlternatives(attributes: DerElement | undefined): Map<number, string[]> {
  const names = new Map<number, string[]>();
  for (const attribute of childrenOf(attributes)) {
    const [type, values] = childrenOf(attribute);
    if (!type || identifierText(type) !== extensionRequest) continue;
    for (const extension of childrenOf(values).flatMap((each) => childrenOf(each))) {
      const [identifier, ...rest] = childrenOf(extension);
      const value = rest.at(-1);
      if (!identifier || !value || identifierText(identifier) !== subjectAlternativeName) continue;
      for (const { tag, contents } of childrenOf(readDer(value.contents)[0])) {
        const kind = tag & 0x1f;
        names.set(kind, [...(names.get(kind) ?? []), kind === 7 ? addressText(contents) : contents.toString("utf8")]);
      }
    }
  }
  return names;
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join(".");
  const groups = bytes.toString("hex").match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
