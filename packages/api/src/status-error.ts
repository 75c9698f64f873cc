import { type FieldError, aggregateFieldErrors, statusCauseOf } from "./field-error.ts";
import { goQuote } from "./go-quote.ts";
import type { Status, StatusCause, StatusDetails, StatusReason } from "./meta/v1.ts";

/** The part of a resource's name that messages print: `pods`, `deployments.apps`. */
export interface GroupResourceName {
  readonly group: string;
  readonly resource: string;
}

/** As `GroupResourceName`, for messages about a kind: `Pod`, `Deployment.apps`. */
export interface GroupKindName {
  readonly group: string;
  readonly kind: string;
}

/** A failed request: `metav1.Status`, one to one. The message of the error is the status's message. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: Status;

  constructor(status: Status, options?: ErrorOptions) {
    super(status.message ?? "", options);
    this.status = status;
  }

  /** The HTTP status code, 500 when the status has none. */
  get code(): number {
    return this.status.code || 500;
  }

  get reason(): StatusReason {
    return this.status.reason ?? "";
  }

  get retryAfterSeconds(): number | undefined {
    return this.status.details?.retryAfterSeconds;
  }
}

interface Failure {
  code: number;
  reason: StatusReason;
  message: string;
  details?: StatusDetails;
  cause?: unknown;
}

/** An error from its parts, with the fields of the Status in the order in which they are served. */
export function apiError({ code, reason, message, details, cause }: Failure): ApiError {
  const status: Status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === "" ? undefined : { reason }),
    ...(details === undefined ? undefined : { details: compact(details) }),
    code,
  };
  return new ApiError(status, cause === undefined ? undefined : { cause });
}

/** The error that a received Status stands for. */
export function apiErrorFromStatus(status: Status, cause?: unknown): ApiError {
  return new ApiError(status, cause === undefined ? undefined : { cause });
}

export function notFound(resource: GroupResourceName, name: string): ApiError {
  return apiError({
    code: 404,
    reason: "NotFound",
    message: `${resourceName(resource)} ${goQuote(name)} not found`,
    details: about(resource, name),
  });
}

/** The error for a URL that names no resource at all. */
export function resourceNotFound(): ApiError {
  return apiError({
    code: 404,
    reason: "NotFound",
    message: "the server could not find the requested resource",
    details: {},
  });
}

export function alreadyExists(resource: GroupResourceName, name: string): ApiError {
  return apiError({
    code: 409,
    reason: "AlreadyExists",
    message: `${resourceName(resource)} ${goQuote(name)} already exists`,
    details: about(resource, name),
  });
}

/** All names that were generated for the object were taken. */
export function generateNameConflict(resource: GroupResourceName, name: string, retryAfterSeconds: number): ApiError {
  return apiError({
    code: 409,
    reason: "AlreadyExists",
    message: `${resourceName(resource)} ${goQuote(name)} already exists, the server was not able to generate a unique name for the object`,
    details: { ...about(resource, name), retryAfterSeconds },
  });
}

const modifiedElsewhere = "the object has been modified; please apply your changes to the latest version and try again";

/** A precondition failed; by default that somebody else has changed the object. */
export function conflict(resource: GroupResourceName, name: string, problem: string = modifiedElsewhere): ApiError {
  return apiError({
    code: 409,
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${resourceName(resource)} ${goQuote(name)}: ${problem}`,
    details: about(resource, name),
  });
}

/** Server-side apply met fields of other managers. */
export function applyConflict(causes: StatusCause[], message: string): ApiError {
  return apiError({ code: 409, reason: "Conflict", message, details: { causes } });
}

export function invalid(kind: GroupKindName, name: string, errors: readonly FieldError[]): ApiError {
  const subject = `${kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`} ${goQuote(name)} is invalid`;
  return apiError({
    code: 422,
    reason: "Invalid",
    message: errors.length === 0 ? subject : `${subject}: ${aggregateFieldErrors(errors)}`,
    details: { name, group: kind.group, kind: kind.kind, causes: errors.map(statusCauseOf) },
  });
}

export function badRequest(message: string, cause?: unknown): ApiError {
  return apiError({ code: 400, reason: "BadRequest", message, cause });
}

export function unauthorized(message = "Unauthorized"): ApiError {
  return apiError({ code: 401, reason: "Unauthorized", message });
}

/** Leave the name empty for a collection. Without a resource the message is only `forbidden: problem`. */
export function forbidden(resource: GroupResourceName, name: string, problem: string): ApiError {
  const object = name === "" ? resourceName(resource) : `${resourceName(resource)} ${goQuote(name)}`;
  const message =
    resource.resource === "" && resource.group === "" ? `forbidden: ${problem}` : `${object} is forbidden: ${problem}`;
  return apiError({ code: 403, reason: "Forbidden", message, details: about(resource, name) });
}

export function methodNotSupported(resource: GroupResourceName, action: string): ApiError {
  return apiError({
    code: 405,
    reason: "MethodNotAllowed",
    message: `${action} is not supported on resources of kind ${goQuote(resourceName(resource))}`,
    details: about(resource, ""),
  });
}

export function notAcceptable(supported: readonly string[]): ApiError {
  return apiError({
    code: 406,
    reason: "NotAcceptable",
    message: `only the following media types are accepted: ${supported.join(", ")}`,
  });
}

export function unsupportedMediaType(supported: readonly string[]): ApiError {
  return apiError({
    code: 415,
    reason: "UnsupportedMediaType",
    message: `the body of the request was in an unknown format - accepted media types include: ${supported.join(", ")}`,
  });
}

export function requestEntityTooLarge(problem: string): ApiError {
  return apiError({
    code: 413,
    reason: "RequestEntityTooLarge",
    message: `Request entity too large: ${problem}`,
  });
}

export function gone(message: string): ApiError {
  return apiError({ code: 410, reason: "Gone", message });
}

/**
 * The requested resource version or continue token is too old. `continueToken` lets the client go on with the list in
 * its present state.
 */
export function resourceExpired(message: string, continueToken?: string): ApiError {
  const { status } = apiError({ code: 410, reason: "Expired", message });
  return new ApiError(continueToken === undefined ? status : { ...status, metadata: { continue: continueToken } });
}

/** Used with a disruption budget's own message, or through `serverTooBusy`. */
export function tooManyRequests(message: string, retryAfterSeconds: number, causes?: StatusCause[]): ApiError {
  return apiError({
    code: 429,
    reason: "TooManyRequests",
    message,
    details: { ...(causes && { causes }), retryAfterSeconds },
  });
}

/** The server sheds load. */
export function serverTooBusy(retryAfterSeconds = 1): ApiError {
  return tooManyRequests("Too many requests, please try again later.", retryAfterSeconds);
}

export function internal(error: unknown): ApiError {
  const message = error instanceof Error ? error.message : String(error);
  return apiError({
    code: 500,
    reason: "InternalError",
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
    cause: error,
  });
}

/** The server gave up on the request, which may still take effect. */
export function timeout(problem: string, retryAfterSeconds: number): ApiError {
  return apiError({
    code: 504,
    reason: "Timeout",
    message: `Timeout: ${problem}`,
    details: { retryAfterSeconds },
  });
}

/** A transient failure; the client is to try again. */
export function serverTimeout(resource: GroupResourceName, operation: string, retryAfterSeconds: number): ApiError {
  return apiError({
    code: 500,
    reason: "ServerTimeout",
    message: `The ${operation} operation against ${resourceName(resource)} could not be completed at this time, please try again.`,
    details: { ...about(resource, operation), retryAfterSeconds },
  });
}

export function serviceUnavailable(message: string): ApiError {
  return apiError({ code: 503, reason: "ServiceUnavailable", message });
}

function resourceName({ group, resource }: GroupResourceName): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function about({ group, resource }: GroupResourceName, name: string): StatusDetails {
  return { name, group, kind: resource };
}

/** Details without empty fields, in the order in which they are served. */
function compact(details: StatusDetails): StatusDetails {
  const result: StatusDetails = {};
  if (details.name) result.name = details.name;
  if (details.group) result.group = details.group;
  if (details.kind) result.kind = details.kind;
  if (details.uid) result.uid = details.uid;
  if (details.causes?.length) result.causes = details.causes;
  if (details.retryAfterSeconds) result.retryAfterSeconds = details.retryAfterSeconds;
  return result;
}

const maxCauses = 32;

/** The API error in an error's cause chain, if there is one. */
export function findApiError(error: unknown): ApiError | undefined {
  let current = error;
  for (let depth = 0; depth < maxCauses && current instanceof Error; depth++) {
    if (current instanceof ApiError) return current;
    current = current.cause;
  }
  return undefined;
}

/** The reason of the API error in the cause chain, empty when there is none. */
export function reasonOf(error: unknown): StatusReason {
  return findApiError(error)?.reason ?? "";
}

const knownReasons = new Set<StatusReason>([
  "Unauthorized",
  "Forbidden",
  "NotFound",
  "AlreadyExists",
  "Conflict",
  "Gone",
  "Invalid",
  "ServerTimeout",
  "StorageReadError",
  "Timeout",
  "TooManyRequests",
  "BadRequest",
  "MethodNotAllowed",
  "NotAcceptable",
  "RequestEntityTooLarge",
  "UnsupportedMediaType",
  "InternalError",
  "Expired",
  "ServiceUnavailable",
]);

/** A reason decides; the code counts only where the reason is one that we do not know. */
function is(error: unknown, reason: StatusReason, code: number): boolean {
  const found = findApiError(error);
  if (found === undefined) return false;
  return found.reason === reason || (found.status.code === code && !knownReasons.has(found.reason));
}

export const isNotFound = (error: unknown): boolean => is(error, "NotFound", 404);
export const isAlreadyExists = (error: unknown): boolean => reasonOf(error) === "AlreadyExists";
export const isConflict = (error: unknown): boolean => is(error, "Conflict", 409);
export const isInvalid = (error: unknown): boolean => is(error, "Invalid", 422);
export const isGone = (error: unknown): boolean => is(error, "Gone", 410);
export const isResourceExpired = (error: unknown): boolean => reasonOf(error) === "Expired";
export const isBadRequest = (error: unknown): boolean => is(error, "BadRequest", 400);
export const isUnauthorized = (error: unknown): boolean => is(error, "Unauthorized", 401);
export const isForbidden = (error: unknown): boolean => is(error, "Forbidden", 403);
export const isMethodNotSupported = (error: unknown): boolean => is(error, "MethodNotAllowed", 405);

export function isTooManyRequests(error: unknown): boolean {
  const found = findApiError(error);
  return found !== undefined && (found.reason === "TooManyRequests" || found.status.code === 429);
}

/** The namespace of the object is being deleted, so nothing can be created in it. */
export function isNamespaceTerminating(error: unknown): boolean {
  return statusCause(error, "NamespaceTerminating") !== undefined;
}

/** The cause of the given type in the details of the API error. */
export function statusCause(error: unknown, type: string): StatusCause | undefined {
  return findApiError(error)?.status.details?.causes?.find((cause) => cause.reason === type);
}
