import type { ConditionStatus } from "../core/v1/reference.ts";
import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Bytes, Int32, Time, Uid } from "../meta/v1/primitives.ts";

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
  lastUpdateTime?: Time;
  /**
   * When the status last changed; set by the server when it is left out.
   * @proto 5
   */
  lastTransitionTime?: Time;
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
 * Root certificates that all workloads in the cluster may read, optionally on behalf of a signer.
 * @kind
 */
export interface ClusterTrustBundle extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Signer and certificates.
   * @proto 2
   */
  spec: ClusterTrustBundleSpec;
}

/**
 * List of ClusterTrustBundle objects.
 * @kind
 */
export interface ClusterTrustBundleList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ClusterTrustBundle objects in the list.
   * @proto 2
   */
  items: ClusterTrustBundle[];
}

/** Signer and certificates of a trust bundle. */
export interface ClusterTrustBundleSpec {
  /**
   * Signer whose certificates these are; the name of the object then starts with it. Empty for certificates of no
   * signer.
   * @proto 1
   */
  signerName?: string;
  /**
   * Root certificates in PEM form, each once, in no particular order.
   * @proto 2
   */
  trustBundle: string;
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
 * Asks a signer for a certificate for one Pod. Made by the kubelet for projected volumes.
 * @kind
 */
export interface PodCertificateRequest extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * The request and the Pod it is for; does not change.
   * @proto 2
   */
  spec: PodCertificateRequestSpec;
  /**
   * Whether the certificate was issued, and the certificate.
   * @proto 3
   * @alwaysPresent
   */
  status?: PodCertificateRequestStatus;
}

/**
 * List of PodCertificateRequest objects.
 * @kind
 */
export interface PodCertificateRequestList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * PodCertificateRequest objects in the list.
   * @proto 2
   */
  items: PodCertificateRequest[];
}

/** What is requested, and for which Pod. */
export interface PodCertificateRequestSpec {
  /**
   * Signer that is asked.
   * @proto 1
   */
  signerName: string;
  /**
   * Name of the Pod that will hold the certificate.
   * @proto 2
   */
  podName: string;
  /**
   * UID of the Pod that will hold the certificate.
   * @proto 3
   */
  podUID: Uid;
  /**
   * Name of the Pod's service account.
   * @proto 4
   */
  serviceAccountName: string;
  /**
   * UID of the Pod's service account.
   * @proto 5
   */
  serviceAccountUID: Uid;
  /**
   * Name of the Pod's node.
   * @proto 6
   */
  nodeName: string;
  /**
   * UID of the Pod's node.
   * @proto 7
   */
  nodeUID: Uid;
  /**
   * Longest validity that is acceptable; 3600 to 7862400.
   * @proto 8
   * @default 86400
   */
  maxExpirationSeconds?: Int32;
  /**
   * PKCS#10 request in DER form whose signature proves that the kubelet holds the key; signers take the public key from
   * it and nothing else. Base64 in JSON.
   * @proto 12
   */
  stubPKCS10Request: Bytes;
  /**
   * Values that the author of the Pod passes to the signer; the server does not check them.
   * @proto 11
   */
  unverifiedUserAnnotations?: Record<string, string>;
}

/** What became of a request for a Pod's certificate. */
export interface PodCertificateRequestStatus {
  /**
   * Whether the certificate was issued, was denied, or failed.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
  /**
   * Certificate that was issued, followed by intermediate ones, in PEM form.
   * @proto 2
   */
  certificateChain?: string;
  /**
   * When the certificate begins to be valid.
   * @proto 4
   */
  notBefore?: Time;
  /**
   * When the kubelet should begin to ask for the next certificate.
   * @proto 5
   */
  beginRefreshAt?: Time;
  /**
   * When the certificate expires.
   * @proto 6
   */
  notAfter?: Time;
}

/**
 * What a condition of a certificate signing request states.
 * @knownValues Approved, Denied, Failed
 */
export type RequestConditionType = string;
