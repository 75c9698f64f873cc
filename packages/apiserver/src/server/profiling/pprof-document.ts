import { Function as ProfiledFunction, Line, Location, Profile, Sample, StringTable, ValueType } from "pprof-format";

/** A function as V8 names it; lines count from 1. */
export interface Frame {
  readonly name: string;
  readonly url: string;
  readonly line: number;
}

/** Values of what was seen on one stack, whose innermost frame comes first. */
export interface StackSample {
  readonly stack: readonly Frame[];
  readonly values: readonly number[];
}

export interface ProfileFacts {
  /** What the values of the samples are, as `cpu` in `nanoseconds`. */
  readonly values: readonly { readonly type: string; readonly unit: string }[];
  readonly period: { readonly type: string; readonly unit: string; readonly value: number };
  /** Since the epoch. */
  readonly startMs: number;
  readonly durationMs: number;
}

const nanosecondsPerMs = 1_000_000n;

/** The profile as `go tool pprof` and its relatives read it, not compressed. */
export function pprofDocument(samples: Iterable<StackSample>, facts: ProfileFacts): Uint8Array {
  const strings = new StringTable();
  const code = new CodeTable(strings);
  const valueType = ({ type, unit }: { type: string; unit: string }) =>
    new ValueType({ type: strings.dedup(type), unit: strings.dedup(unit) });
  const document = new Profile({
    sampleType: facts.values.map(valueType),
    sample: [...samples].map(
      ({ stack, values }) =>
        new Sample({ locationId: stack.map((frame) => code.locationOf(frame)), value: values.map(Math.round) }),
    ),
    location: code.locations,
    function: code.functions,
    stringTable: strings,
    timeNanos: BigInt(Math.round(facts.startMs)) * nanosecondsPerMs,
    durationNanos: BigInt(Math.round(facts.durationMs)) * nanosecondsPerMs,
    periodType: valueType(facts.period),
    period: facts.period.value,
  });
  return document.encode();
}

/** Gives every function and every place in one an id. */
class CodeTable {
  readonly functions: ProfiledFunction[] = [];
  readonly locations: Location[] = [];
  readonly #strings: StringTable;
  readonly #ids = new Map<string, number>();

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  locationOf({ name, url, line }: Frame): number {
    const key = `${name}\0${url}\0${line}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.locations.length + 1;
    this.#ids.set(key, id);
    const shownName = this.#strings.dedup(name === "" ? "(anonymous)" : name);
    const filename = this.#strings.dedup(url);
    this.functions.push(
      new ProfiledFunction({ id, name: shownName, systemName: shownName, filename, startLine: line }),
    );
    this.locations.push(new Location({ id, line: [new Line({ functionId: id, line })] }));
    return id;
  }
}
