import type { ConditionStatus } from "../core/v1/reference.ts";
import type { Condition, ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Bytes, Int32, Time, Uid } from "../meta/v1/primitives.ts";

/**
 * CertificateSigningRequest.
 * @kind
 */
export interface CertificateSigningRequest extends TypeMeta {
  /**
   * CertificateSigningRequest.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * CertificateSigningRequest.spec.
   * @proto 2
   */
  spec: CertificateSigningRequestSpec;
  /**
   * CertificateSigningRequest.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: CertificateSigningRequestStatus;
}

/** CertificateSigningRequestCondition. */
export interface CertificateSigningRequestCondition {
  /**
   * CertificateSigningRequestCondition.type.
   * @proto 1
   */
  type: RequestConditionType;
  /**
   * CertificateSigningRequestCondition.status.
   * @proto 6
   */
  status: ConditionStatus;
  /**
   * CertificateSigningRequestCondition.reason.
   * @proto 2
   */
  reason?: string;
  /**
   * CertificateSigningRequestCondition.message.
   * @proto 3
   */
  message?: string;
  /**
   * CertificateSigningRequestCondition.lastUpdateTime.
   * @proto 4
   */
  lastUpdateTime?: Time;
  /**
   * CertificateSigningRequestCondition.lastTransitionTime.
   * @proto 5
   */
  lastTransitionTime?: Time;
}

/**
 * CertificateSigningRequestList.
 * @kind
 */
export interface CertificateSigningRequestList extends TypeMeta {
  /**
   * CertificateSigningRequestList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * CertificateSigningRequestList.items.
   * @proto 2
   */
  items: CertificateSigningRequest[];
}

/** CertificateSigningRequestSpec. */
export interface CertificateSigningRequestSpec {
  /**
   * CertificateSigningRequestSpec.request.
   * @proto 1
   */
  request: Bytes;
  /**
   * CertificateSigningRequestSpec.signerName.
   * @proto 7
   */
  signerName: string;
  /**
   * CertificateSigningRequestSpec.expirationSeconds.
   * @proto 8
   */
  expirationSeconds?: Int32;
  /**
   * CertificateSigningRequestSpec.usages.
   * @proto 5
   * @listType atomic
   */
  usages?: KeyUsage[];
  /**
   * CertificateSigningRequestSpec.username.
   * @proto 2
   */
  username?: string;
  /**
   * CertificateSigningRequestSpec.uid.
   * @proto 3
   */
  uid?: string;
  /**
   * CertificateSigningRequestSpec.groups.
   * @proto 4
   * @listType atomic
   */
  groups?: string[];
  /**
   * CertificateSigningRequestSpec.extra.
   * @proto 6
   */
  extra?: Record<string, string[]>;
}

/** CertificateSigningRequestStatus. */
export interface CertificateSigningRequestStatus {
  /**
   * CertificateSigningRequestStatus.conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   */
  conditions?: CertificateSigningRequestCondition[];
  /**
   * CertificateSigningRequestStatus.certificate.
   * @proto 2
   */
  certificate?: Bytes;
}

/**
 * ClusterTrustBundle.
 * @kind
 */
export interface ClusterTrustBundle extends TypeMeta {
  /**
   * ClusterTrustBundle.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * ClusterTrustBundle.spec.
   * @proto 2
   */
  spec: ClusterTrustBundleSpec;
}

/**
 * ClusterTrustBundleList.
 * @kind
 */
export interface ClusterTrustBundleList extends TypeMeta {
  /**
   * ClusterTrustBundleList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * ClusterTrustBundleList.items.
   * @proto 2
   */
  items: ClusterTrustBundle[];
}

/** ClusterTrustBundleSpec. */
export interface ClusterTrustBundleSpec {
  /**
   * ClusterTrustBundleSpec.signerName.
   * @proto 1
   */
  signerName?: string;
  /**
   * ClusterTrustBundleSpec.trustBundle.
   * @proto 2
   */
  trustBundle: string;
}

/**
 * KeyUsage.
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
 * PodCertificateRequest.
 * @kind
 */
export interface PodCertificateRequest extends TypeMeta {
  /**
   * PodCertificateRequest.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * PodCertificateRequest.spec.
   * @proto 2
   */
  spec: PodCertificateRequestSpec;
  /**
   * PodCertificateRequest.status.
   * @proto 3
   * @alwaysPresent
   */
  status?: PodCertificateRequestStatus;
}

/**
 * PodCertificateRequestList.
 * @kind
 */
export interface PodCertificateRequestList extends TypeMeta {
  /**
   * PodCertificateRequestList.metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * PodCertificateRequestList.items.
   * @proto 2
   */
  items: PodCertificateRequest[];
}

/** PodCertificateRequestSpec. */
export interface PodCertificateRequestSpec {
  /**
   * PodCertificateRequestSpec.signerName.
   * @proto 1
   */
  signerName: string;
  /**
   * PodCertificateRequestSpec.podName.
   * @proto 2
   */
  podName: string;
  /**
   * PodCertificateRequestSpec.podUID.
   * @proto 3
   */
  podUID: Uid;
  /**
   * PodCertificateRequestSpec.serviceAccountName.
   * @proto 4
   */
  serviceAccountName: string;
  /**
   * PodCertificateRequestSpec.serviceAccountUID.
   * @proto 5
   */
  serviceAccountUID: Uid;
  /**
   * PodCertificateRequestSpec.nodeName.
   * @proto 6
   */
  nodeName: string;
  /**
   * PodCertificateRequestSpec.nodeUID.
   * @proto 7
   */
  nodeUID: Uid;
  /**
   * PodCertificateRequestSpec.maxExpirationSeconds.
   * @proto 8
   * @default 86400
   */
  maxExpirationSeconds?: Int32;
  /**
   * PodCertificateRequestSpec.stubPKCS10Request.
   * @proto 12
   */
  stubPKCS10Request: Bytes;
  /**
   * PodCertificateRequestSpec.unverifiedUserAnnotations.
   * @proto 11
   */
  unverifiedUserAnnotations?: Record<string, string>;
}

/** PodCertificateRequestStatus. */
export interface PodCertificateRequestStatus {
  /**
   * PodCertificateRequestStatus.conditions.
   * @proto 1
   * @listType map
   * @listMapKey type
   * @patchStrategy merge
   * @patchMergeKey type
   */
  conditions?: Condition[];
  /**
   * PodCertificateRequestStatus.certificateChain.
   * @proto 2
   */
  certificateChain?: string;
  /**
   * PodCertificateRequestStatus.notBefore.
   * @proto 4
   */
  notBefore?: Time;
  /**
   * PodCertificateRequestStatus.beginRefreshAt.
   * @proto 5
   */
  beginRefreshAt?: Time;
  /**
   * PodCertificateRequestStatus.notAfter.
   * @proto 6
   */
  notAfter?: Time;
}

/**
 * RequestConditionType.
 * @knownValues Approved, Denied, Failed
 */
export type RequestConditionType = string;
