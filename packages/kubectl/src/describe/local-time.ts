import { parseTime } from "@kube-ts/api/rfc3339";

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What a time that was never set is shown as where it must be shown. */
export const zeroTime = "0001-01-01T00:00:00Z";

/** A time in RFC 1123 with the machine's zone: `Mon, 02 Jan 2006 15:04:05 -0700`. */
export function localTime(time: string | null | undefined): string {
  const ms = time === undefined || time === null ? undefined : parseTime(time);
  if (ms === undefined) return "<unset>";
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  return `${days[date.getDay()]}, ${two(date.getDate())} ${months[date.getMonth()]} ${String(date.getFullYear()).padStart(4, "0")} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}
