import { apiError, internal, resourceExpired, timeout } from "@kube-ts/api/status-error";
import type { StepTimer } from "../audit/step-timer.ts";
import { StoreError } from "../storage/store.ts";

/** What a client is told when the store fails. Other errors pass through. */
export function translateStoreFailure(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  switch (error.code) {
    case "compacted":
      return resourceExpired("The resourceVersion for the provided list is too old.");
    case "future-revision":
      return timeout("Too large resource version", 1);
    case "unavailable":
      return timeout(`request did not complete within the allotted timeout: ${error.message}`, 1);
    case "no-space":
    case "too-large":
      // Upstream has no Status of its own for these: clients know etcd's text.
      return apiError({ code: 500, reason: "", message: error.message, cause: error });
    default:
      return internal(error);
  }
}

/** Whether a translated failure says that the value is larger than the store takes. */
export function isTooLargeForStore(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof StoreError && error.cause.code === "too-large";
}

/** Awaits a store operation and rethrows its failure as the client is told of it; `timer` takes its time. */
export async function storeCall<T>(work: Promise<T>, timer?: StepTimer): Promise<T> {
  try {
    return await (timer ? timer.during("etcd", work) : work);
  } catch (error) {
    throw translateStoreFailure(error);
  }
}
