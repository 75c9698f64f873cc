import { parseDuration } from "./duration.ts";

/** What is wrong with one field of a decoded document. */
export interface FieldProblem {
  /** Such as `profiles[0].plugins`. */
  readonly path: string;
  readonly message: string;
  /** The field does not exist in the kind, as opposed to holding a bad value. */
  readonly unknown: boolean;
}

/** Reads one JSON value strictly: what does not fit is added to `problems`. */
export interface FieldSchema<T> {
  decode(value: unknown, path: string, problems: FieldProblem[]): T | undefined;
}

export type FieldSchemas = Readonly<Record<string, FieldSchema<unknown>>>;

/** The type that a schema yields. */
export type Decoded<S> = S extends FieldSchema<infer T> ? T : never;

/** Every field is optional: defaults are the caller's next step. */
export type DecodedObject<F extends FieldSchemas> = { readonly [K in keyof F]?: Decoded<F[K]> };

export function stringField(): FieldSchema<string> {
  return scalar("a string", (value) => (typeof value === "string" ? value : undefined));
}

export function booleanField(): FieldSchema<boolean> {
  return scalar("a boolean", (value) => (typeof value === "boolean" ? value : undefined));
}

export function integerField(): FieldSchema<number> {
  return scalar("an integer", (value) => (Number.isSafeInteger(value) ? (value as number) : undefined));
}

export function numberField(): FieldSchema<number> {
  return scalar("a number", (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined));
}

/** A duration in Go's notation, decoded to milliseconds. */
export function durationField(): FieldSchema<number> {
  return {
    decode: (value, path, problems) => {
      try {
        if (typeof value === "string") return parseDuration(value);
        problems.push(invalid(path, value, "must be a duration such as 1m30s"));
      } catch (error) {
        problems.push(invalid(path, value, error instanceof Error ? error.message : String(error)));
      }
      return undefined;
    },
  };
}

/** One of the given words. */
export function wordField<const W extends string>(...words: readonly W[]): FieldSchema<W> {
  return {
    decode: (value, path, problems) => {
      const word = words.find((candidate) => candidate === value);
      if (word === undefined) {
        const supported = words.map((candidate) => JSON.stringify(candidate)).join(", ");
        problems.push({
          path,
          message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
          unknown: false,
        });
      }
      return word;
    },
  };
}

/** Any JSON value, for parts whose meaning is decided later. */
export function jsonField(): FieldSchema<unknown> {
  return { decode: (value) => value };
}

export function listField<T>(item: FieldSchema<T>): FieldSchema<readonly T[]> {
  return {
    decode: (value, path, problems) => {
      if (!Array.isArray(value)) {
        problems.push(invalid(path, value, "must be a list"));
        return undefined;
      }
      return value
        .map((element: unknown, index) => item.decode(element, `${path}[${index}]`, problems))
        .filter((element) => element !== undefined);
    },
  };
}

/** An object with free keys. */
export function mapField<T>(item: FieldSchema<T>): FieldSchema<Readonly<Record<string, T>>> {
  return {
    decode: (value, path, problems) => {
      if (!isRecord(value)) {
        problems.push(invalid(path, value, "must be an object"));
        return undefined;
      }
      const entries = Object.entries(value).map(
        ([key, element]) => [key, item.decode(element, `${path}[${key}]`, problems)] as const,
      );
      return Object.fromEntries(entries.filter((entry): entry is readonly [string, T] => entry[1] !== undefined));
    },
  };
}

/** An object with these fields and no others. A null field counts as absent. */
export function objectField<F extends FieldSchemas>(fields: F): FieldSchema<DecodedObject<F>> {
  return {
    decode: (value, path, problems) => {
      if (!isRecord(value)) {
        problems.push(invalid(path, value, "must be an object"));
        return undefined;
      }
      const decoded: Record<string, unknown> = {};
      for (const [name, element] of Object.entries(value)) {
        const fieldPath = path === "" ? name : `${path}.${name}`;
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        if (!field)
          problems.push({ path: fieldPath, message: `unknown field ${JSON.stringify(fieldPath)}`, unknown: true });
        else if (element !== null) decoded[name] = field.decode(element, fieldPath, problems);
      }
      return decoded as DecodedObject<F>;
    },
  };
}

function scalar<T>(expected: string, read: (value: unknown) => T | undefined): FieldSchema<T> {
  return {
    decode: (value, path, problems) => {
      const decoded = read(value);
      if (decoded === undefined) problems.push(invalid(path, value, `must be ${expected}`));
      return decoded;
    },
  };
}

function invalid(path: string, value: unknown, reason: string): FieldProblem {
  return { path, message: `Invalid value: ${JSON.stringify(value)}: ${reason}`, unknown: false };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
