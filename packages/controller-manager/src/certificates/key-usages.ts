import type { KeyUsage } from "@kube-ts/api/certificates/v1";

/** Usages as certificates have them: the bits of the key usage, and object identifiers of extended usages in a fixed order. */
export interface CertificateUsages {
  readonly bits: number;
  readonly extended: readonly string[];
}

const bits: Readonly<Partial<Record<KeyUsage, number>>> = {
  signing: 1,
  "digital signature": 1,
  "content commitment": 2,
  "key encipherment": 4,
  "data encipherment": 8,
  "key agreement": 16,
  "cert sign": 32,
  "crl sign": 64,
  "encipher only": 128,
  "decipher only": 256,
};

const extended: Readonly<Partial<Record<KeyUsage, string>>> = {
  any: "2.5.29.37.0",
  "server auth": "1.3.6.1.5.5.7.3.1",
  "client auth": "1.3.6.1.5.5.7.3.2",
  "code signing": "1.3.6.1.5.5.7.3.3",
  "email protection": "1.3.6.1.5.5.7.3.4",
  "s/mime": "1.3.6.1.5.5.7.3.4",
  "ipsec end system": "1.3.6.1.5.5.7.3.5",
  "ipsec tunnel": "1.3.6.1.5.5.7.3.6",
  "ipsec user": "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  "ocsp signing": "1.3.6.1.5.5.7.3.9",
  "microsoft sgc": "1.3.6.1.4.1.311.10.3.3",
  "netscape sgc": "2.16.840.1.113730.4.1",
};

/** Throws for a usage that there is not. */
export function certificateUsages(usages: readonly KeyUsage[]): CertificateUsages {
  const unknown = usages.filter((usage) => bits[usage] === undefined && extended[usage] === undefined);
  if (unknown.length > 0) {
    throw new Error(`unrecognized usage values: [${unknown.map((usage) => JSON.stringify(usage)).join(" ")}]`);
  }
  const asked = new Set(usages.map((usage) => extended[usage]));
  return {
    bits: usages.reduce((all, usage) => all | (bits[usage] ?? 0), 0),
    extended: [...new Set(Object.values(extended))].filter((identifier) => asked.has(identifier)),
  };
}
