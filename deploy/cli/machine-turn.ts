import { setTimeout as delay } from "node:timers/promises";
import { tryLockFile } from "@kube-ts/std/file-lock";
import { commandLock } from "../units/certificate-units.ts";

const pollMs = 500;

/**
 * Waits until no other command is at work on this machine; the next one waits until what this answers is disposed of or the
 * process ends. Says once, through `warn`, for whom it waits.
 */
export async function takeTurn(
  command: string,
  { signal, warn }: { readonly signal: AbortSignal; warn(text: string): void },
  path = commandLock,
): Promise<Disposable> {
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    const { lock, holder } = tryLockFile(path, `kube-ts ${command} (process ${process.pid})`);
    if (lock) return lock;
    if (!told) warn(`waiting: ${holder || "another command"} is at work on this machine`);
    told = true;
    await delay(pollMs, undefined, { signal });
  }
}
