import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import type * as Ffi from "node:ffi";

const exclusive = 2;
const withoutWaiting = 4;

/** What came of an attempt: the lock, or whoever has it, in its own words. */
export type LockAttempt =
  | { readonly lock: Disposable; readonly holder?: undefined }
  | { readonly lock?: undefined; readonly holder: string };

/**
 * Takes the advisory lock (`flock`) of a file, which is made when it is missing, and writes into it who has it. The lock ends
 * when it is disposed of or when the process ends, however it ends; the file stays.
 *
 * Throws when the file cannot be opened, or where this Node.js cannot call native functions.
 */
export function tryLockFile(path: string, holder: string): LockAttempt {
  const ffi = process.getBuiltinModule("node:ffi") as typeof Ffi | undefined;
  if (!ffi) throw new Error("this Node.js cannot call native functions");
  const { functions } = ffi.dlopen(null, { flock: { arguments: ["i32", "i32"], return: "i32" } });
  const descriptor = openSync(path, "a+", 0o600);
  if (functions.flock(descriptor, exclusive | withoutWaiting) !== 0) {
    closeSync(descriptor);
    return { holder: readFileSync(path, "utf8") };
  }
  ftruncateSync(descriptor);
  writeSync(descriptor, holder);
  return { lock: { [Symbol.dispose]: () => closeSync(descriptor) } };
}
