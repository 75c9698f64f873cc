/** Milliseconds of each unit of Go's duration notation. */
const unitMs: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["μs", 1e-3],
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/** The largest duration Go can hold (2^63-1 nanoseconds), in milliseconds. */
const maxDurationMs = 9_223_372_036_854.775;

/**
 * Milliseconds of a duration in Go's notation ("1h30m", "1.5s", "-2ms", "0").
 * Throws an Error with Go's wording when the text is not one.
 */
export function parseDuration(text: string): number {
  const negative = text.startsWith("-");
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  if (rest === "") throw invalidDuration(text);
  let totalMs = 0;
  while (rest !== "") {
    const [part = "", amount = "", unit = ""] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (part === "") throw invalidDuration(text);
    if (unit === "") throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
    const scaleMs = unitMs.get(unit);
    if (scaleMs === undefined) {
      throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    }
    totalMs += scaleMs < 1 ? Number(amount) / (1 / scaleMs) : Number(amount) * scaleMs;
    rest = rest.slice(part.length);
  }
  if (totalMs > maxDurationMs) throw invalidDuration(text);
  return negative && totalMs !== 0 ? -totalMs : totalMs;
}

/** A duration in Go's notation, as Go prints it: "1h0m0s", "1.5s", "300ms", "0s". Finer than a nanosecond is lost. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return "0s";
  if (durationMs < 0) return `-${formatDuration(-durationMs)}`;
  const nanoseconds = BigInt(Math.round(durationMs * 1e6));
  if (durationMs < 1e-3) return `${nanoseconds}ns`;
  if (durationMs < 1) return `${decimal(nanoseconds, 3)}µs`;
  if (durationMs < 1_000) return `${decimal(nanoseconds, 6)}ms`;
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** `value / 10^digits` without trailing zeros. */
function decimal(value: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const fraction = (value % scale).toString().padStart(digits, "0").replace(/0+$/, "");
  return fraction === "" ? `${value / scale}` : `${value / scale}.${fraction}`;
}

function invalidDuration(text: string): Error {
  return new Error(`time: invalid duration ${JSON.stringify(text)}`);
}
