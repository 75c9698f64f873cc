import { Buffer } from "node:buffer";
import { isIpAddress, parseCidr } from "../ip-address.ts";
import { dns1123LabelErrors, dns1123SubdomainErrors } from "../names.ts";
import { parseTime } from "../rfc3339.ts";

/** Whether text is in a format of upstream's registry. */
type FormatCheck = (text: string) => boolean;

const uuid = (version: string, variant: string): FormatCheck => {
  const pattern = new RegExp(
    `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`,
    "i",
  );
  return (text) => pattern.test(text);
};

/** By name without dashes, as upstream looks them up. */
const formats: Readonly<Record<string, FormatCheck>> = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  uri: isRequestUri,
  email: (text) => /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+$/.test(text),
  hostname: isHostname,
  ipv4: (text) => !text.includes(":") && isIpAddress(text),
  ipv6: (text) => text.includes(":") && isIpAddress(text),
  cidr: (text) => parseCidr(text) !== undefined,
  mac: (text) =>
    /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}(?:[0-9a-f]{2}\1[0-9a-f]{2}\1)?[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?:\.[0-9a-f]{4})?)$/i.test(
      text,
    ),
  uuid: uuid("[0-9a-f]", "[0-9a-f]"),
  uuid3: uuid("3", "[0-9a-f]"),
  uuid4: uuid("4", "[89ab]"),
  uuid5: uuid("5", "[89ab]"),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) => {
    const parts = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(text);
    return parts !== null && parts.slice(1).every((part) => Number(part) <= 255);
  },
  byte: (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => dns1123LabelErrors(text).length === 0,
  k8slongname: (text) => dns1123SubdomainErrors(text).length === 0,
};

/** The check of a format; undefined for those that are not checked, such as int32 and whatever upstream does not know. */
export function stringFormat(name: string): FormatCheck | undefined {
  const key = name.replaceAll("-", "");
  return Object.hasOwn(formats, key) ? formats[key] : undefined;
}

function isRequestUri(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what makes it invalid
  if (text === "" || /[\u0000-\u0020\u007f]/.test(text)) return false;
  if (text.startsWith("/")) return !/%(?![0-9a-fA-F]{2})/.test(text);
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text);
}

function isHostname(text: string): boolean {
  if (text === "" || Buffer.byteLength(text) > 255) return false;
  const labels = text.split(".");
  if (labels.some((label) => label === "" || Buffer.byteLength(label) > 63)) return false;
  const pattern = /^[\p{L}\p{N}](?:[-\p{L}\p{N}_]*[\p{L}\p{N}])?$/u;
  return labels.every((label) => pattern.test(label));
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isDateTime(text: string): boolean {
  if (text.length < 4) return false;
  const [date = "", time] = text.toLowerCase().split("t");
  if (time === undefined || !isDate(date)) return false;
  return parseTime(text.toUpperCase()) !== undefined;
}

/** Go's notation, or words such as `3 days`. */
function isDuration(text: string): boolean {
  if (/^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text) || text === "0") return true;
  return /^(?:\d+(?:\.\d+)?\s*(?:ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hr|hours?|d|days?|w|weeks?|wk)\s*)+$/i.test(
    text,
  );
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, index) => total + (digit === "X" ? 10 : Number(digit)) * (10 - index),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  return [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/\D+/g, "");
  if (digits.length < 12 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
