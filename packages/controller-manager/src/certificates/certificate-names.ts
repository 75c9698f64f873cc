/** The parts of a subject that issued certificates keep. */
export interface SubjectNames {
  readonly countries: readonly string[];
  readonly organizations: readonly string[];
  readonly organizationalUnits: readonly string[];
  readonly localities: readonly string[];
  readonly provinces: readonly string[];
  readonly streetAddresses: readonly string[];
  readonly postalCodes: readonly string[];
  /** The last one where a request has several, or empty. */
  readonly commonName: string;
  readonly serialNumber: string;
}

/** Whom and what a certificate is for. */
export interface CertificateNames {
  readonly subject: SubjectNames;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}
