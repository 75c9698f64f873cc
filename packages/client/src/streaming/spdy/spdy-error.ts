/** The peer broke the protocol or a bound, or the connection ended; the connection is unusable. */
export class SpdyError extends Error {
  override readonly name = "SpdyError";
}

/** RST_STREAM status codes. */
export const resetStatus = {
  protocolError: 1,
  invalidStream: 2,
  refusedStream: 3,
  cancel: 5,
  internalError: 6,
  streamAlreadyClosed: 9,
} as const;
