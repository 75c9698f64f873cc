/** A request that got no answer: the server is unreachable, the connection broke, or a deadline passed. */
export class TransportError extends Error {
  /** The system's or library's code, such as `ECONNREFUSED`; empty when there is none. */
  readonly code: string;
  /** Whether it is certain that no server has received the request. */
  readonly wasNotSent: boolean;

  constructor(message: string, code: string, options: ErrorOptions & { readonly wasNotSent?: boolean } = {}) {
    super(message, options);
    this.name = "TransportError";
    this.code = code;
    this.wasNotSent = options.wasNotSent ?? false;
  }
}

/** Whether the error, or one in its cause chain, is a TransportError. */
export function isTransportError(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < 16 && current instanceof Error; depth += 1) {
    if (current instanceof TransportError) return true;
    current = current.cause;
  }
  return false;
}

/** Describes why a request failed below HTTP; `action` is such as `GET https://host/path`. */
export function transportError(action: string, cause: unknown, wasNotSent = false): TransportError {
  const reason = innermost(cause);
  const code = codeOf(reason) || codeOf(cause);
  const detail = reason instanceof Error ? reason.message || code || reason.name : String(reason);
  return new TransportError(`${action}: ${detail}`, code, { cause, wasNotSent });
}

/** A failed connection to a name with several addresses is an AggregateError: its first error tells most. */
function innermost(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : "";
}
