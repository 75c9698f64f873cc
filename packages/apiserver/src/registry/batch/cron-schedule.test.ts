import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cronScheduleError, isTimeZone } from "./cron-schedule.ts";

describe("a cron schedule", () => {
  const right = [
    "* * * * *",
    "*/5 0-23/2 1,15 jan-MAR mon-fri",
    "0 0 ? * SUN",
    "5/15 * * * *",
    "  0   0 1 1 *  ",
    "59 23 31 12 6",
    "@hourly",
    "@every 1h30m",
    "TZ=Europe/Berlin 0 5 * * *",
    "CRON_TZ=UTC @daily",
  ];
  for (const schedule of right) {
    it(`may be "${schedule}"`, () => assert.equal(cronScheduleError(schedule), undefined));
  }

  const wrong: Readonly<Record<string, string>> = {
    "": "empty spec string",
    "* * * *": "expected exactly 5 fields, found 4: [* * * *]",
    "* * * * * *": "expected exactly 5 fields, found 6: [* * * * * *]",
    "60 * * * *": "end of range (60) above maximum (59): 60",
    "* 24 * * *": "end of range (24) above maximum (23): 24",
    "* * 0 * *": "beginning of range (0) below minimum (1): 0",
    "* * 32 * *": "end of range (32) above maximum (31): 32",
    "* * * 13 *": "end of range (13) above maximum (12): 13",
    "* * * * 7": "end of range (7) above maximum (6): 7",
    "5-1 * * * *": "beginning of range (5) beyond end of range (1): 5-1",
    "1-2-3 * * * *": "too many hyphens: 1-2-3",
    "1/2/3 * * * *": "too many slashes: 1/2/3",
    "*/0 * * * *": "step of range should be a positive number: */0",
    "a * * * *": 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax',
    "-1 * * * *": 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax',
    "* * * mon *": 'failed to parse int from mon: strconv.Atoi: parsing "mon": invalid syntax',
    "@fortnightly": "unrecognized descriptor: @fortnightly",
    "@every soon": 'failed to parse duration @every soon: time: invalid duration "soon"',
    "TZ=Mars/Olympus 0 5 * * *": "provided bad location Mars/Olympus: unknown time zone Mars/Olympus",
  };
  for (const [schedule, problem] of Object.entries(wrong)) {
    it(`is not "${schedule}"`, () => assert.equal(cronScheduleError(schedule), problem));
  }
});

it("knows time zones", () => {
  assert.deepEqual(
    ["UTC", "America/New_York", "Etc/GMT+5", "Mars/Olympus", ""].map((zone) => isTimeZone(zone)),
    [true, true, true, false, true],
  );
});
