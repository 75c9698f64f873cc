import { goQuote } from "@kube-ts/api/go-quote";
import { parseDuration } from "@kube-ts/std/duration";

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const fields: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: days },
];
const descriptors = new Set(["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]);
const every = "@every ";

/**
 * What is wrong with a schedule in the grammar of cron jobs: five fields, or a descriptor. Undefined when it is
 * valid. Libraries for cron take more than upstream does, so that their verdict would not be upstream's.
 */
export function cronScheduleError(schedule: string): string | undefined {
  try {
    checkSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

function checkSchedule(schedule: string): void {
  if (schedule === "") throw new Error("empty spec string");
  let spec = schedule;
  if (/^(CRON_)?TZ=/.test(spec)) {
    const zone = spec.slice(spec.indexOf("=") + 1, spec.indexOf(" "));
    if (!isTimeZone(zone)) throw new Error(`provided bad location ${zone}: unknown time zone ${zone}`);
    spec = spec.slice(spec.indexOf(" ")).trim();
  }
  if (spec.startsWith("@")) {
    checkDescriptor(spec);
    return;
  }
  const parts = spec.trim() === "" ? [] : spec.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    throw new Error(`expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`);
  }
  for (const [index, bounds] of fields.entries()) {
    for (const range of (parts[index] ?? "").split(",")) {
      if (range !== "") checkRange(range, bounds);
    }
  }
}

function checkDescriptor(descriptor: string): void {
  if (descriptors.has(descriptor)) return;
  if (!descriptor.startsWith(every)) throw new Error(`unrecognized descriptor: ${descriptor}`);
  try {
    parseDuration(descriptor.slice(every.length));
  } catch (error) {
    throw new Error(`failed to parse duration ${descriptor}: ${(error as Error).message}`, { cause: error });
  }
}

function checkRange(expression: string, bounds: Bounds): void {
  const [range = "", stepText, ...extraSteps] = expression.split("/");
  const [low = "", high, ...extraBounds] = range.split("-");
  let start = bounds.min;
  let end = bounds.max;
  if (low !== "*" && low !== "?") {
    start = numberOrName(low, bounds);
    if (extraBounds.length > 0) throw new Error(`too many hyphens: ${expression}`);
    end = high === undefined ? start : numberOrName(high, bounds);
  }
  let step = 1;
  if (stepText !== undefined) {
    if (extraSteps.length > 0) throw new Error(`too many slashes: ${expression}`);
    step = parseNumber(stepText);
    if (high === undefined) end = bounds.max;
  }
  if (start < bounds.min) {
    throw new Error(`beginning of range (${start}) below minimum (${bounds.min}): ${expression}`);
  }
  if (end > bounds.max) throw new Error(`end of range (${end}) above maximum (${bounds.max}): ${expression}`);
  if (start > end) throw new Error(`beginning of range (${start}) beyond end of range (${end}): ${expression}`);
  if (step === 0) throw new Error(`step of range should be a positive number: ${expression}`);
}

function numberOrName(text: string, { names, min }: Bounds): number {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  return index < 0 ? parseNumber(text) : index + min;
}

function parseNumber(text: string): number {
  if (!/^[+-]?[0-9]{1,15}$/.test(text)) {
    throw new Error(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`);
  }
  const number = Number(text);
  if (number < 0) throw new Error(`negative number (${number}) not allowed: ${text}`);
  return number;
}

/** Whether the time zone database knows the name. */
export function isTimeZone(name: string): boolean {
  if (name === "") return true;
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
