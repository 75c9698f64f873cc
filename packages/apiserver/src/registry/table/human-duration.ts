import { parseTime } from "@kube-ts/api/rfc3339";

/** A span of time at the precision that people want in a table: `90s`, `3m20s`, `5h10m`, `2d3h`, `1y20d`. */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return withRest(`${minutes}m`, seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return withRest(`${hours}h`, minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return withRest(`${days}d`, hours % 24, "h");
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (hours < 24 * 365 * 8) return withRest(`${years}y`, days % 365, "d");
  return `${years}y`;
}

/** The time since an instant for a table, `<unknown>` when it is unset. */
export function timeSince(timestamp: string | null | undefined, nowMs: number): string {
  const atMs = timestamp === undefined || timestamp === null ? undefined : parseTime(timestamp);
  return atMs === undefined ? "<unknown>" : humanDuration(nowMs - atMs);
}

function withRest(text: string, rest: number, unit: string): string {
  return rest === 0 ? text : `${text}${rest}${unit}`;
}
