import { setTimeout as delay } from "node:timers/promises";

/** Repeats `check` until it no longer throws; after `timeoutMs` its last error is thrown. */
export async function eventually(check: () => void | Promise<void>, timeoutMs = 5_000): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
    await delay(5);
  }
}
