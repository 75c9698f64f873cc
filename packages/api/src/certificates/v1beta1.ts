import type { CertificateSigningRequestStatus } from "./v1.ts";
import type { Bytes, Int32, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1.ts";
export type {
  CertificateSigningRequestCondition,
  CertificateSigningRequestStatus,
  RequestConditionType,
} from "./v1.ts";

/**
 * Asks a signer for a certificate. The request is approved or denied, and when it is approved the signer adds
 * the certificate to its status.
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
   * The request and who made it; only the request, signer, usages and duration are taken from the creator, and
   * nothing changes afterwards.
   * @proto 2
   */
  spec: CertificateSigningRequestSpec;
  /**
   * Whether the request is approved or denied, and the certificate; set through the approval and status
   * subresources.
   * @proto 3
   * @alwaysPresent
   */
  status?: CertificateSigningRequestStatus;
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
  signerName?: string;
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

/**
 * What the key of a certificate may be used for.
 * @knownValues signing, digital signature, content commitment, key encipherment, key agreement, data encipherment, cert sign, crl sign, encipher only, decipher only, any, server auth, client auth, code signing, email protection, s/mime, ipsec end system, ipsec tunnel, ipsec user, timestamping, ocsp signing, microsoft sgc, netscape sgc
 */
export type KeyUsage = string;
