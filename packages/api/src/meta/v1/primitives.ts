/**
 * A 32-bit signed integer.
 * @asType integer
 * @format int32
 */
export type Int32 = number;

/**
 * A 64-bit signed integer; values past 2^53 are rejected when decoded.
 * @asType integer
 * @format int64
 */
export type Int64 = number;

/**
 * A number with a fraction, as IEEE 754 has it.
 * @format double
 */
export type Float64 = number;

/** A resource amount such as "100m", "1500m" or "2Gi"; decoding turns bare numbers and other spellings into this. */
export type Quantity = string;

/**
 * Either a number or a string, kept as written: a port number or name, a count or a percentage.
 * @format int-or-string
 */
export type IntOrString = Int32 | string;

/**
 * An instant in RFC 3339 with second precision, in UTC.
 * @format date-time
 */
export type Time = string;

/**
 * An instant in RFC 3339 with microsecond precision, in UTC.
 * @format date-time
 */
export type MicroTime = string;

/** A span of time in Go's notation, such as "1h30m" or "300ms". */
export type Duration = string;

/**
 * Base64 text standing for bytes.
 * @format byte
 */
export type Bytes = string;

/** A unique identifier of one object in time, assigned by the API server (an RFC 4122 UUID). */
export type Uid = string;

/** An arbitrary object that is stored and served as it came. */
export type RawExtension = Record<string, unknown>;

/** The set of fields that one manager owns, as a trie of `f:`, `k:`, `v:` and `i:` path elements. */
export type FieldsV1 = Record<string, unknown>;
