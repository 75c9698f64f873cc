import type { UserInfo } from "../authentication/v1.ts";
import type { GroupVersionKind, GroupVersionResource } from "../meta/v1/group-version.ts";
import type { TypeMeta } from "../meta/v1/object-meta.ts";
import type { Bytes, RawExtension, Uid } from "../meta/v1/primitives.ts";
import type { Status } from "../meta/v1/status.ts";

/** A write that a webhook is asked about. */
export interface AdmissionRequest {
  /**
   * Identifies this single call; the response has to repeat it.
   * @proto 1
   */
  uid?: Uid;
  /**
   * Kind of the object, in the version in which it is sent.
   * @proto 2
   * @alwaysPresent
   */
  kind?: GroupVersionKind;
  /**
   * Resource that is written, in the version in which the object is sent.
   * @proto 3
   * @alwaysPresent
   */
  resource?: GroupVersionResource;
  /**
   * Subresource that is written, if any, such as status or scale.
   * @proto 4
   */
  subResource?: string;
  /**
   * Kind of the object in the client's request. Differs from kind when the webhook's rule matched another version of
   * it.
   * @proto 13
   */
  requestKind?: GroupVersionKind;
  /**
   * Resource in the client's request. Differs from resource when the webhook's rule matched another version of it.
   * @proto 14
   */
  requestResource?: GroupVersionResource;
  /**
   * Subresource in the client's request, if any.
   * @proto 15
   */
  requestSubResource?: string;
  /**
   * Name of the object in the request; empty when the server is to generate it.
   * @proto 5
   */
  name?: string;
  /**
   * Namespace of the request, if any.
   * @proto 6
   */
  namespace?: string;
  /**
   * What is done: CREATE, UPDATE, DELETE or CONNECT. May differ from the request, which can create on update.
   * @proto 7
   */
  operation?: Operation;
  /**
   * Who made the request.
   * @proto 8
   * @alwaysPresent
   */
  userInfo?: UserInfo;
  /**
   * The object to be written.
   * @proto 9
   */
  object?: RawExtension;
  /**
   * The object as stored, for UPDATE and DELETE.
   * @proto 10
   */
  oldObject?: RawExtension;
  /**
   * Whether nothing will be stored. Defaults to false.
   * @proto 11
   */
  dryRun?: boolean;
  /**
   * Options of the operation, such as CreateOptions. May be of another kind than those of the request.
   * @proto 12
   */
  options?: RawExtension;
}

/** What a webhook says about a write. */
export interface AdmissionResponse {
  /**
   * Has to be the uid of the request.
   * @proto 1
   */
  uid?: Uid;
  /**
   * Whether the write is allowed.
   * @proto 2
   */
  allowed?: boolean;
  /**
   * Why it is not; ignored when it is.
   * @proto 3
   */
  status?: Status;
  /**
   * Changes to the object, as RFC 6902 JSON patch.
   * @proto 4
   */
  patch?: Bytes;
  /**
   * Type of the patch; only JSONPatch exists.
   * @proto 5
   */
  patchType?: PatchType;
  /**
   * Annotations for the audit event; keys are prefixed with the name of the webhook.
   * @proto 6
   */
  auditAnnotations?: Record<string, string>;
  /**
   * Warnings for the client, each of at most 120 characters where possible.
   * @proto 7
   * @listType atomic
   */
  warnings?: string[];
}

/**
 * A request to an admission webhook, or its response.
 * @kind
 */
export interface AdmissionReview extends TypeMeta {
  /**
   * What the webhook is asked.
   * @proto 1
   */
  request?: AdmissionRequest;
  /**
   * What it answers.
   * @proto 2
   */
  response?: AdmissionResponse;
}

/** Kind of operation that is reviewed. */
export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** Type of patch in a response. */
export type PatchType = "JSONPatch";
