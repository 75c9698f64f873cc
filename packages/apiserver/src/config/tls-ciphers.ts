import type { SecureVersion } from "node:tls";
import { FlagError } from "@kube-ts/std/flags";

/** Always offered, as Go's library does: they are no subject of configuration. */
const tls13Suites = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

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

/** What OpenSSL has to be told to speak versions before 1.2 at all. */
const oldVersionsLevel = "@SECLEVEL=0";
const libraryDefault = "DEFAULT";

/** OpenSSL's list for `--tls-cipher-suites`; undefined for its own choice. Throws a FlagError. */
export function cipherList(names: readonly string[], minVersion: SecureVersion): string | undefined {
  const level = minVersion === "TLSv1" || minVersion === "TLSv1.1" ? [oldVersionsLevel] : [];
  if (names.length === 0) return level.length === 0 ? undefined : [...tls13Suites, libraryDefault, ...level].join(":");
  const chosen = names.filter((name) => !tls13Suites.includes(name)).map(opensslName);
  return [...tls13Suites, ...chosen, ...level].join(":");
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
