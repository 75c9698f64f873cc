import { Duplex } from "node:stream";
import type { Clock } from "@kube-ts/std/clock";

/** A connection whose bytes pass at no more than a rate, each way for itself: what has passed is paid for by a pause. */
export class ThrottledSocket extends Duplex {
  readonly #socket: Duplex;
  readonly #bytesPerSecond: number;
  readonly #clock: Clock;
  readonly #pauses = new Set<Disposable>();
  #isWanted = false;
  #isPausing = false;

  /** Owns the socket from now on. */
  constructor(socket: Duplex, bytesPerSecond: number, clock: Clock) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
    socket.pause();
    socket.on("data", (chunk: Buffer) => {
      socket.pause();
      this.#isPausing = true;
      this.#isWanted = this.push(chunk);
      this.#pause(chunk.length, () => {
        this.#isPausing = false;
        if (this.#isWanted) socket.resume();
      });
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  override _read(): void {
    this.#isWanted = true;
    if (!this.#isPausing) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, (error) => {
      if (error) done(error);
      else this.#pause(chunk.length, () => done());
    });
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    for (const pause of this.#pauses) pause[Symbol.dispose]();
    this.#pauses.clear();
    this.#socket.destroy();
    done(error);
  }

  #pause(bytes: number, then: () => void): void {
    const pause = this.#clock.setTimer((bytes / this.#bytesPerSecond) * 1000, () => {
      this.#pauses.delete(pause);
      then();
    });
    this.#pauses.add(pause);
  }
}
