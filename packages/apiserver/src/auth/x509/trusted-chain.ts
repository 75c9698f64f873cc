import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";

const maxLength = 8;

/** All certificates of a PEM text. */
export function parseCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** The certificate that a client showed and those that it sent along, its own first. */
function presentedChain(certificate: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let current: DetailedPeerCertificate | undefined = certificate;
  while (current?.raw && chain.length < maxLength) {
    chain.push(new X509Certificate(current.raw));
    const issuer: DetailedPeerCertificate | undefined = current.issuerCertificate;
    if (issuer === current) break;
    current = issuer;
  }
  return chain;
}

/**
 * Whether signatures lead from the first certificate of the chain to one of the authorities. TLS has verified the chain
 * against all authorities that the server knows; this tells which of them it was.
 */
export function leadsTo(
  [leaf, ...others]: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  let current = leaf;
  for (let length = 0; current && length < maxLength; length += 1) {
    const child = current;
    if (authorities.some((authority) => isIssuedBy(child, authority))) return true;
    current = others.find((candidate) => candidate.ca && isIssuedBy(child, candidate) && !isSame(child, candidate));
  }
  return false;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isSame(a: X509Certificate, b: X509Certificate): boolean {
  return a.fingerprint256 === b.fingerprint256;
}

/** Tells, once for each certificate, whether it leads to the authorities of a PEM text, which may be exchanged. */
export class TrustedBy {
  #authorities: readonly X509Certificate[];
  #known = new WeakMap<PeerCertificate, boolean>();
  #isReplaced = false;

  constructor(pem: string) {
    this.#authorities = parseCertificates(pem);
  }

  /** Whether connections may have been made while other authorities counted. */
  get isReplaced(): boolean {
    return this.#isReplaced;
  }

  /** From now on these count, for connections that exist, too. Throws when the text holds no certificate. */
  replace(pem: string): void {
    const authorities = parseCertificates(pem);
    if (authorities.length === 0) throw new Error("there is no certificate in it");
    this.#authorities = authorities;
    this.#known = new WeakMap();
    this.#isReplaced = true;
  }

  trusts(certificate: PeerCertificate, chain: (() => DetailedPeerCertificate) | undefined): boolean {
    const known = this.#known.get(certificate);
    if (known !== undefined) return known;
    const trusted = leadsTo(chain ? presentedChain(chain()) : [], this.#authorities);
    this.#known.set(certificate, trusted);
    return trusted;
  }
}
