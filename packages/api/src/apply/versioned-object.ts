import type { ApplySchema } from "./apply-schema.ts";

/** An object in one of the versions in which it is served. */
export interface VersionedObject {
  readonly apiVersion: string;
  readonly schema: ApplySchema;
  /** JSON; undefined where there is no object. */
  readonly value: unknown;
}

/**
 * The object in another version; undefined when that version is not served (any more), `opaque` when it is but the
 * object cannot be converted to it here: its managers then keep what they own.
 */
export type ConvertObject = (object: VersionedObject, apiVersion: string) => VersionedObject | undefined | "opaque";
