import type { ConditionStatus } from "../core/v1/reference.ts";
import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Bytes, Int32, Time } from "../meta/v1/primitives.ts";

/**
 * Asks a signer for a certificate. The request is approved or denied, and when it is approved the signer adds the
 * certificate to its status.
 * @kind
 */
export interface CertificateSigningRequest extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The request and who made it; only the request, signer, usages and duration are taken from the creator, and nothing
   * changes afterwards.
   * @proto 2
   */
  spec: CertificateSigningRequestSpec;
  /**
   * Whether the request is approved or denied, and the certificate; set through the approval and status subresources.
   * @proto 3
   * @alwaysPresent
   */
  status?: CertificateSigningRequestStatus;
}

/** One statement about a certificate signing request. */
export interface CertificateSigningRequestCondition {
  /**
   * What is stated: Approved, Denied, Failed, or a type of the signer's own. Approved and Denied exclude each other,
   * and none of the three can be taken back.
   * @proto 1
   */
  type: RequestConditionType;
  /**
   * True, False or Unknown; only True for Approved, Denied and Failed.
   * @proto 6
   */
  status: ConditionStatus;
  /**
   * Why, in one word for programs.
   * @proto 2
   */
  reason?: string;
  /**
   * Why, for people.
   * @proto 3
   */
  message?: string;
  /**
   * When the condition was last updated; set by the server when it is left out.
   * @proto 4
   */
  lastUpdateTime?: Time | null;
  /**
   * When the status last changed; set by the server when it is left out.
   * @proto 5
   */
  lastTransitionTime?: Time | null;
}

/**
 * List of CertificateSigningRequest objects.
 * @kind
 */
export interface CertificateSigningRequestList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * CertificateSigningRequest objects in the list.
   * @proto 2
   */
  items: CertificateSigningRequest[];
}

/** What is requested, and by whom. */
export interface CertificateSigningRequestSpec {
  /**
   * PKCS#10 request in PEM form, in a CERTIFICATE REQUEST block; base64 in JSON.
   * @proto 1
   */
  request: Bytes;
  /**
   * Signer that is asked, as a domain and a path, such as kubernetes.io/kube-apiserver-client.
   * @proto 7
   */
  signerName: string;
  /**
   * Validity that is asked for; the signer may give less or more. At least 600.
   * @proto 8
   */
  expirationSeconds?: Int32;
  /**
   * Key usages that the certificate should have.
   * @proto 5
   * @listType atomic
   */
  usages?: KeyUsage[];
  /**
   * Name of the user who created the request; set by the server.
   * @proto 2
   */
  username?: string;
  /**
   * UID of the user who created the request; set by the server.
   * @proto 3
   */
  uid?: string;
  /**
   * Groups of the user who created the request; set by the server.
   * @proto 4
   * @listType atomic
   */
  groups?: string[];
  /**
   * Further attributes of the user who created the request; set by the server.
   * @proto 6
   */
  extra?: Record<string, string[]>;
}

/** What became of a certificate signing request. */
export interface CertificateSigningRequestStatus {
  /**
   * Statements about the request, each type once: approved, denied, failed.
   * @proto 1
   * @listType map
   * @listMapKey type
   */
  conditions?: CertificateSigningRequestCondition[];
  /**
   * Certificate that the signer issued, followed by intermediate ones, in PEM form; base64 in JSON. Cannot change once
   * it is set.
   * @proto 2
   */
  certificate?: Bytes;
}

/**
 * What the key of a certificate may be used for.
 * @enumeration
 */
export type KeyUsage =
  | "signing"
  | "digital signature"
  | "content commitment"
  | "key encipherment"
  | "key agreement"
  | "data encipherment"
  | "cert sign"
  | "crl sign"
  | "encipher only"
  | "decipher only"
  | "any"
  | "server auth"
  | "client auth"
  | "code signing"
  | "email protection"
  | "s/mime"
  | "ipsec end system"
  | "ipsec tunnel"
  | "ipsec user"
  | "timestamping"
  | "ocsp signing"
  | "microsoft sgc"
  | "netscape sgc";

/**
 * What a condition of a certificate signing request states.
 * @knownValues Approved, Denied, Failed
 */
export type RequestConditionType = string;
