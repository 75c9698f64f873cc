const maxSeconds = 32;
const floodPerSecond = 50;

/**
 * How long refused clients of a level are told to stay away: a second at first, twice as long whenever many were refused
 * even so, and a little less each second that few were.
 */
export class RetryAfter {
  #seconds = 1;
  #raisedAt = 0;
  #current = 0;
  #refused = 0;
  /** Refusals by second, oldest first; no older than the longest answer. */
  #history: { readonly second: number; readonly refused: number }[] = [];

  get seconds(): number {
    return this.#seconds;
  }

  /** Whether more were refused in this second than clients that come back when they are told to would make. */
  get isFlood(): boolean {
    return this.#refused > floodPerSecond;
  }

  /** Counts a refusal; the answer is for whoever was refused. */
  refuse(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    if (second === this.#current) {
      this.#refused += 1;
      return this.#seconds;
    }
    if (this.#refused > 0) this.#history.push({ second: this.#current, refused: this.#refused });
    this.#history = this.#history.filter((entry) => second - entry.second <= maxSeconds);
    this.#current = second;
    this.#refused = 1;
    this.#adjust(second);
    return this.#seconds;
  }

  #adjust(second: number): void {
    const seconds = this.#seconds;
    const recent = this.#history.filter((entry) => second - entry.second <= seconds);
    const refused = recent.reduce((sum, entry) => sum + entry.refused, 0);
    if (refused >= 3 * seconds && second - this.#raisedAt >= seconds) {
      this.#seconds = Math.min(maxSeconds, seconds * 2);
      this.#raisedAt = second;
    } else if (refused < seconds && seconds > 1) {
      this.#seconds = seconds - 1;
    }
  }
}
