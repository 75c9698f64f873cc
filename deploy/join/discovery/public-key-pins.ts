import { X509Certificate, createHash } from "node:crypto";
import { goQuote } from "@kube-ts/api/go-quote";
import { pemBlocks } from "@kube-ts/std/pem-blocks";

const digestBytes = 32;

/** `sha256:<hex>` of the certificate's public key (its SubjectPublicKeyInfo). */
export function publicKeyHash(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}

/** Hashes as flags give them, in one form. Throws for what is no hash. */
export function parsePins(hashes: readonly string[]): ReadonlySet<string> {
  return new Set(hashes.map(parsePin));
}

function parsePin(hash: string): string {
  const [format = "", value, ...rest] = hash.split(":");
  const known = "Known format(s) are: sha256";
  if (value === undefined || rest.length > 0) {
    throw new Error(`invalid hash, expected "format:hex-value". ${known}`);
  }
  if (format.toLowerCase() !== "sha256") throw new Error(`unknown hash format ${goQuote(format)}. ${known}`);
  const digest = Buffer.from(value, "hex");
  if (digest.length * 2 !== value.length) throw new Error("invalid SHA-256 hash: it is not hexadecimal");
  if (digest.length !== digestBytes) {
    throw new Error(`expected a ${digestBytes} byte SHA-256 hash, found ${digest.length} bytes`);
  }
  return `sha256:${digest.toString("hex")}`;
}

/** Throws unless one of the authorities in the PEM text has a pinned key. */
export function checkPinned(pins: ReadonlySet<string>, authorities: string): void {
  const hashes = certificatesOf(authorities).map(publicKeyHash);
  if (hashes.some((hash) => pins.has(hash))) return;
  throw new Error(`none of the public keys ${goQuote(hashes.join(":"))} are pinned`);
}

/** The certificates in a PEM text. Throws when one cannot be read, or when there are none. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const blocks = [...pemBlocks(pem)].filter(({ label }) => label === "CERTIFICATE");
  if (blocks.length === 0) throw new Error("data does not contain any valid RSA or ECDSA certificates");
  return blocks.map(({ bytes }) => new X509Certificate(bytes));
}
