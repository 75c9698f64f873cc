import { setTimeout as delay } from "node:timers/promises";

const pollMs = 300;

/** Polls until `check` answers true; what it throws counts as no. Rejects with `what` and the last reason after `timeoutMs`. */
export async function waitFor(
  what: string,
  timeoutMs: number,
  check: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let reason = "";
  for (;;) {
    try {
      if (await check()) return;
    } catch (error) {
      signal.throwIfAborted();
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() > deadline) throw new Error(`gave up after ${timeoutMs / 1_000} s: ${what}${reason}`);
    await delay(pollMs, undefined, { signal });
  }
}
