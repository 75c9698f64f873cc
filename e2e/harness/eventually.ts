/**
 * Polls until `probe` answers without throwing and `accept` agrees; answers what it found. Throws with what was
 * last seen when that does not happen in time.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T> | T,
  accept: (value: T) => boolean = Boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown = "nothing";
  for (;;) {
    try {
      const value = await probe();
      if (accept(value)) return value;
      last = value;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs / 1000} s; last seen: ${JSON.stringify(last)?.slice(0, 2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
