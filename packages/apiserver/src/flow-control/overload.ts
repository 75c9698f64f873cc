/** A request is refused because too many others are being answered. The client may come back after a while. */
export class Overload extends Error {
  readonly retryAfterSeconds: number;
  /** Headers of the answer that say how the request was classified. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether so many are refused that they had better not be answered at once. */
  readonly isFlood: boolean;

  constructor(retryAfterSeconds: number, headers: Readonly<Record<string, string>> = {}, isFlood = false) {
    super("Too many requests, please try again later.");
    this.retryAfterSeconds = retryAfterSeconds;
    this.headers = headers;
    this.isFlood = isFlood;
  }
}
