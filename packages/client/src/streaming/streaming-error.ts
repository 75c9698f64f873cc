/** A stream could not be set up; `statusCode` and `body` are the server's answer when there was one. */
export class UpgradeError extends Error {
  override readonly name = "UpgradeError";
  readonly statusCode: number | undefined;
  readonly body: string;
  readonly contentType: string | undefined;

  constructor(
    message: string,
    answer?: { readonly statusCode: number; readonly body: string; readonly contentType?: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.statusCode = answer?.statusCode;
    this.body = answer?.body ?? "";
    this.contentType = answer?.contentType;
  }
}
