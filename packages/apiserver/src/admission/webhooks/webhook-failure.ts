import { goQuote } from "@kube-ts/api/go-quote";
import type { Status } from "@kube-ts/api/meta/v1";
import { type ApiError, apiErrorFromStatus, badRequest } from "@kube-ts/api/status-error";

/** A webhook could not be asked, or what it answered is no answer; its failure policy says what becomes of the write. */
export class WebhookCallError extends Error {
  /** The status code that the failure counts under. */
  readonly code: number;

  constructor(webhook: string, reason: string, code: number, cause?: unknown) {
    super(`failed calling webhook ${goQuote(webhook)}: ${reason}`, { cause });
    this.code = code;
  }
}

/** The webhook refused the write. */
export class WebhookRejection extends Error {
  readonly status: ApiError;

  constructor(status: ApiError) {
    super(status.message);
    this.status = status;
  }
}

/** The refusal as the client gets it: with the webhook's own status, which is a failure in any case. */
export function rejection(webhook: string, given: Partial<Status> = {}): WebhookRejection {
  const deniedBy = `admission webhook ${goQuote(webhook)} denied the request`;
  const explanation = given.message || given.reason;
  return new WebhookRejection(
    apiErrorFromStatus({
      ...given,
      kind: "Status",
      apiVersion: "v1",
      metadata: given.metadata ?? {},
      status: !given.status || given.status === "Success" ? "Failure" : given.status,
      message: explanation ? `${deniedBy}: ${explanation}` : `${deniedBy} without explanation`,
      code: Math.max(given.code ?? 0, 400),
    }),
  );
}

/** A dry run may not have effects, and the webhook does not promise to have none. */
export function dryRunUnsupported(webhook: string): ApiError {
  return badRequest(`admission webhook ${goQuote(webhook)} does not support dry run`);
}
