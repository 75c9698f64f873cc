import type { MicroTime, Time } from "./meta/v1.ts";
import { goQuote } from "./go-quote.ts";

/** An instant with second precision in UTC: `2026-01-31T13:05:00Z`. The rest of the second is dropped. */
export function formatTime(epochMs: number): Time {
  return `${new Date(Math.floor(epochMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** An instant with microsecond precision in UTC: `2026-01-31T13:05:00.000000Z`. */
export function formatMicroTime(epochMs: number): MicroTime {
  const wholeMs = Math.floor(epochMs);
  const micros = Math.floor((epochMs - wholeMs) * 1000);
  return `${new Date(wholeMs).toISOString().slice(0, 23)}${String(micros).padStart(3, "0")}Z`;
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since the epoch, with a fraction for what is finer. Undefined when the text is not RFC 3339. */
export function parseTime(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const offsetMinutes = zone === "Z" ? 0 : zoneMinutes(zone);
  if (offsetMinutes === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  date.setUTCHours(Number(hour), Number(minute) - offsetMinutes, Number(second));
  return date.getTime() + (fraction === "" ? 0 : Number(`0.${fraction}`) * 1000);
}

/** Milliseconds since the epoch of a field that the API server has checked; zero when it is unset. */
export function timeMs(text: Time | MicroTime | null | undefined): number {
  return text === undefined || text === null ? 0 : (parseTime(text) ?? 0);
}

/** Upstream's text for what is not a time. */
export function timeError(text: string): string {
  return `parsing time ${goQuote(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${goQuote(text)} as "2006"`;
}

function zoneMinutes(zone: string): number | undefined {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
