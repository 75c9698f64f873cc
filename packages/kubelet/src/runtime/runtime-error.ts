/** Why a runtime call failed; the image codes are the waiting reasons that upstream shows. */
export type RuntimeErrorCode =
  | "NotFound"
  | "Conflict"
  | "InvalidArgument"
  | "DeadlineExceeded"
  | "Unavailable"
  | "NetworkFailed"
  | "Unsupported"
  | "Internal"
  | "InvalidImageName"
  | "ErrImagePull"
  | "RegistryUnavailable"
  | "ImageInspectError";

/** A failure of the container runtime. The message is what users see in events and waiting states. */
export class RuntimeError extends Error {
  override readonly name = "RuntimeError";
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The code of the first runtime error in the cause chain. */
export function runtimeErrorCode(error: unknown): RuntimeErrorCode | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof RuntimeError) return at.code;
  return undefined;
}

export function isNotFound(error: unknown): boolean {
  return runtimeErrorCode(error) === "NotFound";
}
