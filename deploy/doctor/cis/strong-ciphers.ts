import { some } from "../check.ts";
import type { TlsFacts } from "../cluster-view.ts";
import type { Verdict } from "./cis-check.ts";

/** The suites that the benchmark takes for strong, by their names in Go. */
const strong = new Set([
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  ...["ECDSA", "RSA"].flatMap((key) =>
    ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305", "CHACHA20_POLY1305_SHA256"].map(
      (cipher) => `TLS_ECDHE_${key}_WITH_${cipher}`,
    ),
  ),
]);

/** Judges what is configured, and what the server really took; where neither is known there is nothing to say. */
export function strongCiphersVerdict(configured: readonly string[], taken: TlsFacts | undefined): Verdict {
  const weak = configured.filter((suite) => !strong.has(suite));
  if (weak.length > 0) return { fault: `configured: ${some(weak)}` };
  if (taken && (taken.oldVersions.length > 0 || taken.weakCiphers.length > 0)) {
    return { fault: `it takes ${some([...taken.oldVersions, ...taken.weakCiphers])}` };
  }
  if (configured.length > 0) return "ok";
  return taken ? { ok: "it takes strong ones only" } : { skip: "it does not answer, and none are configured" };
}
