import type { ListMeta, TypeMeta } from "./object-meta.ts";
import type { Int32, RawExtension, Uid } from "./primitives.ts";

/**
 * Machine-readable kind of a single cause inside a failed Status, such as FieldValueRequired,
 * FieldValueInvalid or FieldManagerConflict.
 * @knownValues FieldValueNotFound, FieldValueRequired, FieldValueDuplicate, FieldValueInvalid, FieldValueNotSupported, FieldValueForbidden, FieldValueTooLong, FieldValueTooMany, InternalError, FieldValueTypeInvalid, UnexpectedServerResponse, FieldManagerConflict, ResourceVersionTooLarge
 */
export type CauseType = string;

/**
 * Result of a call that does not return another object, most often an error.
 * @kind
 */
export interface Status extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Outcome of the operation: Success or Failure.
   * @proto 2
   */
  status?: string;
  /**
   * Human-readable description of the outcome.
   * @proto 3
   */
  message?: string;
  /**
   * Machine-readable reason for a failure; empty when no information is available. It refines the HTTP
   * status code without overriding it.
   * @proto 4
   */
  reason?: StatusReason;
  /**
   * Additional data associated with the reason; the fields that are set depend on the reason.
   * @proto 5
   */
  details?: StatusDetails;
  /**
   * Suggested HTTP status code for this status; 0 when not set.
   * @proto 6
   */
  code?: Int32;
}

/** One specific cause of a failure, such as a single invalid field. */
export interface StatusCause {
  /**
   * Machine-readable description of the cause; empty when no information is available.
   * @proto 1
   */
  reason?: CauseType;
  /**
   * Human-readable description of the cause, suitable for display.
   * @proto 2
   */
  message?: string;
  /**
   * Path of the resource field that caused the error, in JSON notation with indexes such as items[0].name.
   * Empty when the cause is not tied to a field.
   * @proto 3
   */
  field?: string;
}

/** Supplementary data for a Status, identifying the affected object and the individual causes. */
export interface StatusDetails {
  /**
   * Name of the resource that the status concerns, when a single name applies.
   * @proto 1
   */
  name?: string;
  /**
   * API group of the resource that the status concerns.
   * @proto 2
   */
  group?: string;
  /**
   * Kind of the resource that the status concerns; on some operations it is the resource name rather than
   * the kind.
   * @proto 3
   */
  kind?: string;
  /**
   * UID of the resource that the status concerns, when a single resource applies.
   * @proto 6
   */
  uid?: Uid;
  /**
   * Individual causes of the failure, when more than the reason is needed.
   * @proto 4
   * @listType atomic
   */
  causes?: StatusCause[];
  /**
   * Seconds the client should wait before retrying, when the failure is expected to be temporary. Some
   * reasons require clients to retry after this delay.
   * @proto 5
   */
  retryAfterSeconds?: Int32;
}

/**
 * Machine-readable classification of a failed request, such as NotFound, Forbidden, Conflict or
 * TooManyRequests; empty means unknown.
 * @knownValues Unauthorized, Forbidden, NotFound, AlreadyExists, Conflict, Gone, Invalid, ServerTimeout, StorageReadError, Timeout, TooManyRequests, BadRequest, MethodNotAllowed, NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType, InternalError, Expired, ServiceUnavailable
 */
export type StatusReason = string;

/**
 * One event of a watch stream.
 * @kind
 */
export interface WatchEvent {
  /**
   * Event type: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.
   * @proto 1
   */
  type: string;
  /**
   * Object concerned: the new state for ADDED and MODIFIED, the last state before removal for DELETED, only
   * a resource version for BOOKMARK, and usually a Status for ERROR.
   * @proto 2
   */
  object: RawExtension;
}
