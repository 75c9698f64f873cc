import { readFileSync } from "node:fs";
import type * as Ffi from "node:ffi";
import { unchangedFileMappings } from "./memory-mappings.ts";

/** The number of the system call `userfaultfd`. */
const systemCalls: Partial<Record<NodeJS.Architecture, bigint>> = { x64: 323n, arm64: 282n };

/** Of `userfaultfd`: closed in programs that are started; without interest in faults of the kernel, which needs no rights. */
const closeOnExecUserModeOnly = 0o2000000n | 1n;
const askForApi = 0xc018aa3fn;
const register = 0xc020aa00n;
const apiVersion = 0xaan;
/** The kernel resolves faults of write protection by itself, and lets mappings of any file take part (Linux 6.7). */
const asynchronousWriteProtection = 1n << 15n;
const writeProtectMode = 2n;
/** Of `madvise`: the pages need not stay mapped. */
const dontNeed = 4;

/**
 * Has the kernel bring in pages of the program and its libraries one by one, as they are touched. Otherwise each touch maps
 * up to sixteen around it that happen to be cached, so that most of what counts as this process's memory was never used
 * by it: 20 MB of Node.js. Mappings under a userfaultfd are exempt from that; this one is asked for write protection
 * and never told to protect anything, so nothing else changes. It lasts as long as the process.
 *
 * Throws where this Node.js cannot call native functions, or the kernel cannot do it or forbids it.
 */
export function mapPagesSingly(): void {
  const ffi = process.getBuiltinModule("node:ffi") as typeof Ffi | undefined;
  const number = systemCalls[process.arch];
  if (!ffi || number === undefined) throw new Error("this Node.js cannot call native functions");
  const { functions } = ffi.dlopen(null, {
    syscall: { arguments: ["i64", "i64"], return: "i64" },
    ioctl: { arguments: ["i32", "u64", "buffer"], return: "i32" },
    madvise: { arguments: ["u64", "u64", "i32"], return: "i32" },
    close: { arguments: ["i32"], return: "i32" },
  });
  const descriptor = Number(functions.syscall(number, closeOnExecUserModeOnly));
  if (descriptor < 0) throw new Error("there is no userfaultfd");
  const control = (request: bigint, ...fields: readonly bigint[]) =>
    functions.ioctl(descriptor, request, Buffer.from(BigUint64Array.from(fields).buffer)) === 0;
  if (!control(askForApi, apiVersion, asynchronousWriteProtection, 0n)) {
    functions.close(descriptor);
    throw new Error("this kernel's userfaultfd does not take mappings of files");
  }
  for (const { start, end } of unchangedFileMappings(readFileSync("/proc/self/smaps", "utf8"))) {
    const isExempt = control(register, start, end - start, writeProtectMode, 0n);
    if (isExempt) functions.madvise(start, end - start, dontNeed);
  }
}
