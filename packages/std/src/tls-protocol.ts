import type { SecureVersion } from "node:tls";
import { FlagError, type FlagValues, defineFlags } from "./flags.ts";

/** Always offered, as Go's library does: they are no subject of configuration. */
const tls13Suites = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

/** Upstream's flags of what TLS connections to a daemon are like. */
export const tlsProtocolFlags = defineFlags({
  "tls-min-version": {
    type: "string",
    default: "",
    description:
      "oldest version of TLS that is spoken: VersionTLS10, VersionTLS11, VersionTLS12 (default), VersionTLS13",
  },
  "tls-cipher-suites": {
    type: "stringList",
    default: [],
    description:
      "cipher suites for TLS 1.2 and older, by their names in Go, by default strong ones; " +
      "those of TLS 1.3 are always offered",
  },
});

/** What is spoken on TLS connections, as `node:tls` takes it. */
export interface TlsProtocol {
  readonly minVersion: SecureVersion;
  /** In OpenSSL's notation. */
  readonly ciphers: string;
}

const versions: Readonly<Record<string, SecureVersion>> = {
  "": "TLSv1.2",
  VersionTLS10: "TLSv1",
  VersionTLS11: "TLSv1.1",
  VersionTLS12: "TLSv1.2",
  VersionTLS13: "TLSv1.3",
};

/** Throws a FlagError. */
export function tlsProtocol(values: FlagValues<typeof tlsProtocolFlags>): TlsProtocol {
  const version = values["tls-min-version"];
  const minVersion = Object.hasOwn(versions, version) ? versions[version] : undefined;
  if (!minVersion) throw new FlagError("tls-min-version", `unknown tls version ${JSON.stringify(version)}`);
  return { minVersion, ciphers: cipherList(values["tls-cipher-suites"], minVersion) };
}

/** OpenSSL's names of the suites that Go knows. */
const opensslNames: ReadonlyMap<string, string> = new Map([
  ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
  ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"],
  ["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "ECDHE-ECDSA-CHACHA20-POLY1305"],
  ["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"],
  ["TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"],
  ["TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256"],
  ["TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"],
  ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
  ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
  ["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
  ["TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"],
  ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"],
  ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE-RSA-AES128-SHA256"],
  ["TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"],
  ["TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"],
  ["TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256"],
  ["TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"],
  ["TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA"],
  ["TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384"],
]);

/** Known to Go, but no longer part of the TLS library that the server runs on. */
const withdrawnSuites: ReadonlySet<string> = new Set([
  "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
  "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
  "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
  "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
  "TLS_RSA_WITH_RC4_128_SHA",
]);

/** With forward secrecy and authenticated encryption; every client of this decade speaks one of them. */
const strongSuites = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

/** What OpenSSL has to be told to speak versions before 1.2 at all. */
const oldVersionsLevel = "@SECLEVEL=0";
const libraryDefault = "DEFAULT";

/** OpenSSL's list for `--tls-cipher-suites`; without names, strong suites only. Throws a FlagError. */
function cipherList(names: readonly string[], minVersion: SecureVersion): string {
  const isOld = minVersion === "TLSv1" || minVersion === "TLSv1.1";
  const chosen = names.filter((name) => !tls13Suites.includes(name)).map(opensslName);
  // Who wants old versions to be spoken needs their ciphers.
  const byDefault = isOld ? [libraryDefault] : strongSuites;
  return [...tls13Suites, ...(names.length === 0 ? byDefault : chosen), ...(isOld ? [oldVersionsLevel] : [])].join(":");
}

function opensslName(name: string): string {
  const known = opensslNames.get(name);
  if (known !== undefined) return known;
  if (withdrawnSuites.has(name)) {
    const message = `--tls-cipher-suites: ${name} is broken, and the server's TLS library does not have it any more`;
    throw new FlagError("tls-cipher-suites", message);
  }
  throw new FlagError("tls-cipher-suites", `Cipher suite ${name} not supported or doesn't exist`);
}

/** What daemons speak that nobody has told otherwise. */
export const defaultTlsProtocol: TlsProtocol = tlsProtocol({ "tls-min-version": "", "tls-cipher-suites": [] });
