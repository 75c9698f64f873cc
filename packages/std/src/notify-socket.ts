import type * as Ffi from "node:ffi";

/** Sends one datagram to a service supervisor. Throws an Error with the system's number when it cannot be sent. */
export type SendNotification = (state: string) => void;

const definitions = {
  socket: { arguments: ["i32", "i32", "i32"], return: "i32" },
  sendto: { arguments: ["i32", "buffer", "u64", "i32", "buffer", "u32"], return: "i64" },
  __errno_location: { arguments: [], return: "pointer" },
} as const;

const unixFamily = 1;
const datagramNonBlockingCloseOnExec = 0o2 | 0o4000 | 0o2000000;
const dontWaitNoSignal = 0x40 | 0x4000;
const familyBytes = 2;
/** Of `struct sockaddr_un`, the path. */
const maxPathBytes = 108;

/**
 * Opens a datagram socket towards `$NOTIFY_SOCKET` (a path, or a name in the abstract namespace after `@`). Node.js has
 * no such sockets, so the C library's are called, which takes some microseconds a message. Sending never waits. Throws
 * where this Node.js cannot call native functions, or the address is of another kind.
 */
export function openNotifySocket(address: string): SendNotification {
  const target = socketAddress(address);
  const ffi = process.getBuiltinModule("node:ffi") as typeof Ffi | undefined;
  if (!ffi) throw new Error("this Node.js cannot call native functions");
  const { socket, sendto, __errno_location: errorLocation } = ffi.dlopen(null, definitions).functions;
  const failure = (call: string) => new Error(`${call} failed with error number ${ffi.getInt32(errorLocation(), 0)}`);
  const descriptor = socket(unixFamily, datagramNonBlockingCloseOnExec, 0);
  if (descriptor < 0) throw failure("socket");
  return (state) => {
    const data = Buffer.from(state);
    const sent = sendto(descriptor, data, BigInt(data.length), dontWaitNoSignal, target, target.length);
    if (Number(sent) !== data.length) throw failure("sendto");
  };
}

/** A `struct sockaddr_un`. */
function socketAddress(address: string): Buffer {
  const isAbstract = address.startsWith("@");
  if (!isAbstract && !address.startsWith("/")) throw new Error(`unsupported notification address ${address}`);
  const path = Buffer.from(isAbstract ? `\0${address.slice(1)}` : `${address}\0`);
  if (path.length > maxPathBytes) throw new Error(`notification address ${address} is too long`);
  const family = Buffer.alloc(familyBytes);
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) family.writeUInt16LE(unixFamily);
  else family.writeUInt16BE(unixFamily);
  return Buffer.concat([family, path]);
}
