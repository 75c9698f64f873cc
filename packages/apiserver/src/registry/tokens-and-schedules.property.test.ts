import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { isBadRequest } from "@kube-ts/api/status-error";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { cronScheduleError } from "./batch/cron-schedule.ts";
import { decodeContinueToken, encodeContinueToken } from "./continue-token.ts";
import { parseRevision } from "./list-reader.ts";

const point = fc.record({
  revision: fc.option(fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }), { nil: undefined }),
  afterKey: fc.oneof(fc.stringMatching(/^[a-z0-9.-]{1,20}(\/[a-z0-9.-]{1,20}){0,2}$/), fc.string({ minLength: 1 })),
});

suite("continue tokens", () => {
  test("say what was put in, or would lead out of their resource", () => {
    checkProperty(
      fc.property(point, ({ revision, afterKey }) => {
        const token = encodeContinueToken({ revision, afterKey });
        assert.match(token, /^[A-Za-z0-9_-]+$/);
        if (afterKey.includes("../")) assert.throws(() => decodeContinueToken(token), isBadRequest);
        else assert.deepEqual(decodeContinueToken(token), { revision, afterKey: afterKey.toWellFormed() });
      }),
      { share: 3 },
    );
  });

  test("with a changed character are refused, or are another point", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n";
    checkProperty(
      fc.property(point, fc.nat(), fc.nat({ max: alphabet.length - 1 }), fc.boolean(), (written, at, index, cut) => {
        const token = encodeContinueToken(written);
        const place = at % token.length;
        const changed = cut ? token.slice(0, place) : token.slice(0, place) + alphabet[index] + token.slice(place + 1);
        let read;
        try {
          read = decodeContinueToken(changed);
        } catch (error) {
          assert.ok(isBadRequest(error), String(error));
          return;
        }
        assert.ok(!read.afterKey.includes("../"));
        assert.ok(read.revision === undefined || read.revision > 0n);
        assert.deepEqual(decodeContinueToken(encodeContinueToken(read)), read);
      }),
      { share: 5 },
    );
  });
});

suite("resource versions", () => {
  test("are whole numbers of 64 bits", () => {
    const text = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 65n }).map(String),
      fc.stringMatching(/^[-+0-9x. ]{0,6}$/),
      fc.stringMatching(/^0{0,40}[0-9]{1,21}$/),
      fc.string(),
    );
    checkProperty(
      fc.property(text, (given) => {
        if (/^[0-9]+$/.test(given) && BigInt(given) < 2n ** 64n) assert.equal(parseRevision(given), BigInt(given));
        else assert.throws(() => parseRevision(given), isBadRequest);
      }),
      { share: 3 },
    );
  });
});

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const fields: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] },
  { min: 0, max: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/** A part of one field, and whether the grammar takes it. */
function range({ min, max, names }: Field): fc.Arbitrary<{ readonly text: string; readonly isValid: boolean }> {
  const number = fc.integer({ min: 0, max: max + 2 });
  const isIn = (value: number) => value >= min && value <= max;
  const spelled = number.chain((value) => {
    const name = names[value - min];
    const spellings = name === undefined ? [String(value)] : [String(value), name, name.toUpperCase()];
    return fc.constantFrom(...spellings).map((text) => ({ text, value }));
  });
  const step = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
  const stepText = (every: number | undefined) => (every === undefined ? "" : `/${every}`);
  return fc.oneof(
    fc
      .tuple(fc.constantFrom("*", "?"), step)
      .map(([text, every]) => ({ text: text + stepText(every), isValid: every !== 0 })),
    fc.tuple(spelled, step).map(([{ text, value }, every]) => ({
      text: text + stepText(every),
      isValid: isIn(value) && every !== 0,
    })),
    fc.tuple(spelled, spelled, step).map(([low, high, every]) => ({
      text: `${low.text}-${high.text}${stepText(every)}`,
      isValid: isIn(low.value) && isIn(high.value) && low.value <= high.value && every !== 0,
    })),
    fc.constantFrom("x", "-1", "1-2-3", "*/2/3", "1/", "/2", "-").map((text) => ({ text, isValid: false })),
  );
}

const schedule = fc.tuple(...fields.map((field) => fc.array(range(field), { minLength: 1, maxLength: 3 })));

suite("schedules of cron jobs", () => {
  test("are valid when each of their parts is", () => {
    checkProperty(
      fc.property(
        schedule,
        fc.constantFrom(" ", "  ", "\t"),
        fc.constantFrom("", "TZ=UTC ", "CRON_TZ=Europe/Berlin "),
        (parts, blank, zone) => {
          const text = zone + parts.map((part) => part.map((each) => each.text).join(",")).join(blank);
          const expected = parts.flat().every(({ isValid }) => isValid);
          const error = cronScheduleError(text);
          assert.equal(error === undefined, expected, `${text}: ${error}`);
        },
      ),
      { share: 10 },
    );
  });

  test("of any text are valid or wrong, and say why", () => {
    const piece = fc.constantFrom(
      "*",
      " ",
      "1",
      "-",
      "/",
      ",",
      "@",
      "every ",
      "daily",
      "TZ=",
      "UTC",
      "1h",
      "mon",
      "?",
      "0",
    );
    const any = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
      fc.string(),
    );
    checkProperty(
      fc.property(any, (text) => {
        assert.notEqual(cronScheduleError(text), "");
      }),
      { share: 5 },
    );
  });
});
