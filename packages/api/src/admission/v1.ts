import type { UserInfo } from "../authentication/v1.ts";
import type { GroupVersionKind, GroupVersionResource } from "../meta/v1/group-version.ts";
import type { TypeMeta } from "../meta/v1/object-meta.ts";
import type { Bytes, RawExtension, Uid } from "../meta/v1/primitives.ts";
import type { Status } from "../meta/v1/status.ts";

/** AdmissionRequest. */
export interface AdmissionRequest {
  /**
   * AdmissionRequest.uid.
   * @proto 1
   */
  uid?: Uid;
  /**
   * AdmissionRequest.kind.
   * @proto 2
   * @alwaysPresent
   */
  kind?: GroupVersionKind;
  /**
   * AdmissionRequest.resource.
   * @proto 3
   * @alwaysPresent
   */
  resource?: GroupVersionResource;
  /**
   * AdmissionRequest.subResource.
   * @proto 4
   */
  subResource?: string;
  /**
   * AdmissionRequest.requestKind.
   * @proto 13
   */
  requestKind?: GroupVersionKind;
  /**
   * AdmissionRequest.requestResource.
   * @proto 14
   */
  requestResource?: GroupVersionResource;
  /**
   * AdmissionRequest.requestSubResource.
   * @proto 15
   */
  requestSubResource?: string;
  /**
   * AdmissionRequest.name.
   * @proto 5
   */
  name?: string;
  /**
   * AdmissionRequest.namespace.
   * @proto 6
   */
  namespace?: string;
  /**
   * AdmissionRequest.operation.
   * @proto 7
   */
  operation?: Operation;
  /**
   * AdmissionRequest.userInfo.
   * @proto 8
   * @alwaysPresent
   */
  userInfo?: UserInfo;
  /**
   * AdmissionRequest.object.
   * @proto 9
   */
  object?: RawExtension;
  /**
   * AdmissionRequest.oldObject.
   * @proto 10
   */
  oldObject?: RawExtension;
  /**
   * AdmissionRequest.dryRun.
   * @proto 11
   */
  dryRun?: boolean;
  /**
   * AdmissionRequest.options.
   * @proto 12
   */
  options?: RawExtension;
}

/** AdmissionResponse. */
export interface AdmissionResponse {
  /**
   * AdmissionResponse.uid.
   * @proto 1
   */
  uid?: Uid;
  /**
   * AdmissionResponse.allowed.
   * @proto 2
   */
  allowed?: boolean;
  /**
   * AdmissionResponse.status.
   * @proto 3
   */
  status?: Status;
  /**
   * AdmissionResponse.patch.
   * @proto 4
   */
  patch?: Bytes;
  /**
   * AdmissionResponse.patchType.
   * @proto 5
   */
  patchType?: PatchType;
  /**
   * AdmissionResponse.auditAnnotations.
   * @proto 6
   */
  auditAnnotations?: Record<string, string>;
  /**
   * AdmissionResponse.warnings.
   * @proto 7
   * @listType atomic
   */
  warnings?: string[];
}

/**
 * AdmissionReview.
 * @kind
 */
export interface AdmissionReview extends TypeMeta {
  /**
   * AdmissionReview.request.
   * @proto 1
   */
  request?: AdmissionRequest;
  /**
   * AdmissionReview.response.
   * @proto 2
   */
  response?: AdmissionResponse;
}

/** Operation. */
export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** PatchType. */
export type PatchType = "JSONPatch";
