const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Clocks of those who check a new certificate may be behind by so much. */
const backdateMs = 5 * minuteMs;
/** Nobody gets less, so that backdating never eats up a certificate. */
const minimumMs = 10 * minuteMs;
/** Certificates that live shorter lose nothing at their end for what they gain at their start. */
const shortMs = 8 * hourMs;

export interface ValidityRequest {
  readonly nowMs: number;
  /** Longest validity, and the one of those who ask for none. */
  readonly maximumMs: number;
  readonly expirationSeconds: number | undefined;
  /** When the authority's own certificate ends. */
  readonly authorityEndMs: number;
}

export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** From when to when a certificate is valid, in whole seconds; undefined when the authority itself no longer is. */
export function planValidity(request: ValidityRequest): Validity | undefined {
  const { maximumMs, expirationSeconds, authorityEndMs } = request;
  const nowMs = Math.floor(request.nowMs / 1_000) * 1_000;
  const lifeMs = lifetimeMs(maximumMs, expirationSeconds);
  const endMs = nowMs + (lifeMs < shortMs ? lifeMs : lifeMs - backdateMs);
  if (nowMs >= authorityEndMs) return undefined;
  return { notBeforeMs: nowMs - backdateMs, notAfterMs: Math.min(endMs, authorityEndMs) };
}

function lifetimeMs(maximumMs: number, expirationSeconds: number | undefined): number {
  if (expirationSeconds === undefined || expirationSeconds * 1_000 > maximumMs) return maximumMs;
  return Math.max(expirationSeconds * 1_000, minimumMs);
}
