/** Why a container could not be started: the reason and message of its waiting state. */
export class StartError extends Error {
  override readonly name = "StartError";
  /** One word, such as `ErrImagePull`. */
  readonly reason: string;
  /** When a new try makes sense at the earliest; absent for the worker's own back-off. */
  readonly retryAfterMs: number | undefined;
  /** Nothing is to be told to users: what failed has told them. */
  readonly reported: boolean;

  constructor(
    reason: string,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number; readonly reported?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs;
    this.reported = options.reported ?? false;
  }
}
