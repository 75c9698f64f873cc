import { isIP } from "node:net";
import { join } from "node:path";
import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { type TlsProtocol, tlsProtocol, tlsProtocolFlags } from "@kube-ts/std/tls-protocol";
import { requirePair } from "./flag-files.ts";

/** What TLS connections to the server are like. */
export const tlsFlags = defineFlags({
  "cert-dir": {
    type: "string",
    default: "/var/run/kubernetes",
    description:
      "directory of apiserver.crt and apiserver.key, which are made there if they are missing; " +
      "ignored with --tls-cert-file and --tls-private-key-file. If empty, the pair is kept in memory only",
  },
  "tls-cert-file": {
    type: "string",
    default: "",
    description: "PEM file of the serving certificate and its intermediates; it is read again when it changes",
  },
  "tls-private-key-file": { type: "string", default: "", description: "PEM file of the key of --tls-cert-file" },
  ...tlsProtocolFlags,
  "tls-sni-cert-key": {
    type: "stringArray",
    default: [],
    description:
      "certificate and key for clients that ask for certain names, as CERT,KEY or CERT,KEY:NAME,*.DOMAIN; " +
      "without names those of the certificate. Exact names win over wildcards, given names over those of certificates",
  },
  "http2-max-streams-per-connection": {
    type: "integer",
    default: 0,
    description: "must be 0: the server speaks HTTP/1.1, in which connections have no streams",
  },
});

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface NamedCertificateFiles extends CertificateFiles {
  /** Lowercase host names, `*.` in front of some; those of the certificate if empty. */
  readonly names: readonly string[];
}

/** Where the certificate comes from that clients see who ask for no name, or for another one than the named ones. */
export type DefaultCertificate =
  | ({ readonly source: "files" } & CertificateFiles)
  /** Made, and written to the files, where they do not exist. */
  | ({ readonly source: "made" } & CertificateFiles)
  | { readonly source: "memory" };

export interface TlsConfig {
  readonly certificate: DefaultCertificate;
  readonly named: readonly NamedCertificateFiles[];
  readonly protocol: TlsProtocol;
}

type Values = FlagValues<typeof tlsFlags>;

/** Throws a FlagError. */
export function tlsConfig(values: Values): TlsConfig {
  const streams = values["http2-max-streams-per-connection"];
  if (streams !== 0) {
    const message = `--http2-max-streams-per-connection ${streams} cannot be honoured: the server speaks HTTP/1.1 only`;
    throw new FlagError("http2-max-streams-per-connection", message);
  }
  return {
    certificate: defaultCertificate(values),
    named: values["tls-sni-cert-key"].map(namedCertificate),
    protocol: tlsProtocol(values),
  };
}

function defaultCertificate(values: Values): DefaultCertificate {
  const certFile = values["tls-cert-file"];
  const keyFile = values["tls-private-key-file"];
  requirePair(["tls-cert-file", certFile], ["tls-private-key-file", keyFile]);
  if (certFile !== "") return { source: "files", certFile, keyFile };
  const directory = values["cert-dir"];
  if (directory === "") return { source: "memory" };
  return { source: "made", certFile: join(directory, "apiserver.crt"), keyFile: join(directory, "apiserver.key") };
}

function namedCertificate(text: string): NamedCertificateFiles {
  const colon = text.indexOf(":");
  const [pair, list] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
  const [certFile = "", keyFile = "", ...more] = pair.trim().split(",");
  if (list?.trim() === "") throw invalidPair(text, "empty names list is not allowed");
  if (certFile === "" || keyFile === "" || more.length > 0) {
    throw invalidPair(text, "expected comma separated certificate and key file paths");
  }
  const names = (list ?? "").split(",").map((name) => name.trim().toLowerCase());
  const address = names.find((name) => isIP(name) !== 0);
  if (address !== undefined) {
    throw invalidPair(text, `clients cannot ask for the address ${address} by name; give names only`);
  }
  return { certFile, keyFile, names: names.filter((name) => name !== "") };
}

function invalidPair(text: string, reason: string): FlagError {
  const flag = "tls-sni-cert-key";
  return new FlagError(flag, `invalid argument ${JSON.stringify(text)} for "--${flag}" flag: ${reason}`);
}
