import { type ApiError, apiError, badRequest } from "../status-error.ts";

/** The patch itself is malformed. */
export function malformedPatch(message: string): ApiError {
  return badRequest(message);
}

/** The patch cannot be applied to this object. The answer does not say why, as upstream's does not; the cause does. */
export function inapplicablePatch(problem: string): ApiError {
  return apiError({
    code: 422,
    reason: "Invalid",
    message: "the server rejected our request due to an error in our request",
    details: {},
    cause: new Error(problem),
  });
}

/** Merging met contents that it has no rule for. */
export function failedPatch(message: string): ApiError {
  return apiError({ code: 500, reason: "", message });
}
