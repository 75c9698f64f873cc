import { type ApiError, apiError, badRequest } from "../status-error.ts";

/** The patch itself is malformed. */
export function malformedPatch(message: string): ApiError {
  return badRequest(message);
}

/** Why a patch cannot be applied to an object. */
export class PatchProblem extends Error {
  /** Whether it is only that a `test` of the patch's own does not hold. */
  readonly isFailedTest: boolean;

  constructor(problem: string, isFailedTest = false) {
    super(problem);
    this.isFailedTest = isFailedTest;
  }
}

/** What is behind an error of `inapplicablePatch`; undefined for other errors. */
export function patchProblem(error: unknown): PatchProblem | undefined {
  return error instanceof Error && error.cause instanceof PatchProblem ? error.cause : undefined;
}

/** The patch cannot be applied to this object. The answer does not say why, as upstream's does not; the cause does. */
export function inapplicablePatch(problem: string | PatchProblem): ApiError {
  return apiError({
    code: 422,
    reason: "Invalid",
    message: "the server rejected our request due to an error in our request",
    details: {},
    cause: typeof problem === "string" ? new PatchProblem(problem) : problem,
  });
}

/** Merging met contents that it has no rule for. */
export function failedPatch(message: string): ApiError {
  return apiError({ code: 500, reason: "", message });
}
