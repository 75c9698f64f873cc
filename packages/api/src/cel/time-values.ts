const unitNs: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const maxDuration = 2n ** 63n - 1n;
const minTimestamp = -62_135_596_800_000_000_000n;
const maxTimestamp = 253_402_300_799_999_999_999n;
const maxTextLength = 256;

const durationPart = /(\d+)?(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;

/** Reads `1h30m`, `-1.5s`, `300ms` into nanoseconds; undefined for anything else or what does not fit 64 bits. */
export function parseDuration(text: string): bigint | undefined {
  if (text.length > maxTextLength) return undefined;
  const negative = text.startsWith("-");
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === "0") return 0n;
  if (body === "") return undefined;
  let total = 0n;
  let at = 0;
  while (at < body.length) {
    durationPart.lastIndex = at;
    const match = durationPart.exec(body);
    if (!match || (match[1] === undefined && (match[2] ?? "") === "")) return undefined;
    const unit = unitNs[match[3] ?? ""] ?? 1n;
    const fraction = match[2] ?? "";
    total += BigInt(match[1] ?? "0") * unit;
    if (fraction !== "") total += (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length);
    at = durationPart.lastIndex;
  }
  if (total > maxDuration) return undefined;
  return negative ? -total : total;
}

const longUnits: readonly (readonly [RegExp, bigint])[] = [
  [/^(?:ns|nanos?|nanoseconds?)$/i, 1n],
  [/^(?:us|µs|micros?|microseconds?)$/i, 1_000n],
  [/^(?:ms|millis?|milliseconds?)$/i, 1_000_000n],
  [/^(?:s|secs?|seconds?)$/i, 1_000_000_000n],
  [/^(?:m|mins?|minutes?)$/i, 60_000_000_000n],
  [/^(?:h|hrs?|hours?)$/i, 3_600_000_000_000n],
  [/^(?:d|days?)$/i, 86_400_000_000_000n],
  [/^(?:w|wks?|weeks?)$/i, 604_800_000_000_000n],
];

/** Reads what the schema format `duration` takes: besides `1h30m` also `3 days`, `1w 2d`. */
export function parseFormatDuration(text: string): bigint | undefined {
  const plain = parseDuration(text);
  if (plain !== undefined || text.length > maxTextLength) return plain;
  if (!/^\s*(?:\d+\s*[A-Za-zµ]+\s*)+$/.test(text)) return undefined;
  let total = 0n;
  for (const [, amount = "0", unit = ""] of text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)) {
    const factor = longUnits.find(([pattern]) => pattern.test(unit))?.[1];
    if (factor === undefined) return undefined;
    total += BigInt(amount) * factor;
  }
  return total > maxDuration ? undefined : total;
}

/** Seconds with as many decimals as it takes, and `s`. */
export function formatDuration(ns: bigint): string {
  return `${(Number(ns) / 1e9).toString().includes("e") ? decimal(ns) : Number(ns) / 1e9}s`;
}

function decimal(ns: bigint): string {
  const magnitude = ns < 0n ? -ns : ns;
  const fraction = String(magnitude % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${ns < 0n ? "-" : ""}${magnitude / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}`;
}

const timestampPattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,32}))?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads an RFC 3339 instant into nanoseconds since the epoch; undefined when it is none or out of range. */
export function parseTimestamp(text: string): bigint | undefined {
  const match = timestampPattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = utcDay(Number(year), Number(month), Number(day));
  if (midnight === undefined) return undefined;
  let seconds = midnight / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (/^[+-]/.test(zone)) {
    const [zoneHours, zoneMinutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
    if (zoneHours > 23 || zoneMinutes > 59) return undefined;
    seconds -= (zone.startsWith("-") ? -1 : 1) * (zoneHours * 3600 + zoneMinutes * 60);
  }
  return inRange(BigInt(seconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0")));
}

/** Reads `2006-01-02` as midnight UTC. */
export function parseDate(text: string): bigint | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  const day = match && utcDay(Number(match[1]), Number(match[2]), Number(match[3]));
  return day === undefined || day === null ? undefined : BigInt(day) * 1_000_000n;
}

function utcDay(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

/** The instant if it lies in the years 1 to 9999. */
export function inRange(ns: bigint): bigint | undefined {
  return ns >= minTimestamp && ns <= maxTimestamp ? ns : undefined;
}

/** Milliseconds since the epoch, rounded down. */
export function epochMs(ns: bigint): number {
  const ms = ns / 1_000_000n;
  return Number(ns % 1_000_000n < 0n ? ms - 1n : ms);
}

/** RFC 3339 in UTC with as many decimals as it takes. */
export function formatTimestamp(ns: bigint): string {
  const rest = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const fraction = String(rest).padStart(9, "0").replace(/0+$/, "");
  const seconds = new Date(Number((ns - rest) / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}${fraction === "" ? "" : `.${fraction}`}Z`;
}

const zones = new Map<string, Intl.DateTimeFormat>();
const maxZones = 64;

/** The instant as the wall clock of a zone shows it, as a UTC date; undefined for a zone that does not exist. */
export function inZone(ns: bigint, zone: string): Date | undefined {
  const ms = epochMs(ns);
  if (zone === "" || zone === "UTC") return new Date(ms);
  const offset = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(ms + (offset[1] === "-" ? -minutes : minutes) * 60_000);
  }
  const format = zoneFormat(zone);
  if (!format) return undefined;
  const parts = new Map(format.formatToParts(ms).map((part) => [part.type, part.value]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
  const date = new Date(0);
  date.setUTCFullYear(part("year"), part("month") - 1, part("day"));
  date.setUTCHours(part("hour"), part("minute"), part("second"), ((ms % 1000) + 1000) % 1000);
  return date;
}

function zoneFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const known = zones.get(timeZone);
  if (known) return known;
  try {
    const made = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    if (zones.size >= maxZones) zones.clear();
    zones.set(timeZone, made);
    return made;
  } catch {
    return undefined;
  }
}
