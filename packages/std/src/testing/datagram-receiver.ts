import { dlopen } from "node:ffi";

const signatures = {
  socket: { arguments: ["i32", "i32", "i32"], return: "i32" },
  bind: { arguments: ["i32", "buffer", "u32"], return: "i32" },
  recv: { arguments: ["i32", "buffer", "u64", "i32"], return: "i64" },
  close: { arguments: ["i32"], return: "i32" },
} as const;

const receiveBytes = 4_096;

/** A unix datagram socket that a test reads, as systemd reads the notifications of its services. */
export class DatagramReceiver implements Disposable {
  readonly #library = dlopen(null, signatures);
  readonly #descriptor: number;

  /** Creates the socket at `path`, which must not exist yet; one that starts with a NUL is in the abstract namespace. */
  constructor(path: string) {
    const { socket, bind } = this.#library.functions;
    const address = Buffer.from(`\x01\0${path}${path.startsWith("\0") ? "" : "\0"}`);
    this.#descriptor = socket(1, 0o2 | 0o4000 | 0o2000000, 0);
    if (bind(this.#descriptor, address, address.length) !== 0) throw new Error(`cannot bind ${path}`);
  }

  /** What came since the last call. */
  read(): string[] {
    const messages: string[] = [];
    for (;;) {
      const buffer = Buffer.alloc(receiveBytes);
      const size = Number(this.#library.functions.recv(this.#descriptor, buffer, BigInt(buffer.length), 0x40));
      if (!(size >= 0)) return messages;
      messages.push(buffer.toString("utf8", 0, size));
    }
  }

  [Symbol.dispose](): void {
    this.#library.functions.close(this.#descriptor);
  }
}
