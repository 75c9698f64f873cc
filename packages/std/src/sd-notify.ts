import { execFile } from "node:child_process";
import type { Clock } from "./clock.ts";
import type { Logger } from "./log.ts";

/** Tells systemd of the daemon's state. Does nothing outside a unit that asks for it. */
export interface ServiceNotifier extends Disposable {
  ready(): void;
  stopping(): void;
}

const notifyTimeoutMs = 5_000;

/**
 * A notifier for the environment of a systemd unit of `Type=notify` and `NotifyAccess=all` (Node.js has no datagram
 * sockets, so `systemd-notify` speaks for it). With `WatchdogSec=` set, it also answers the watchdog at half its
 * interval until disposed: an event loop that hangs gets the daemon restarted.
 */
export function createServiceNotifier(
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  log: Logger,
): ServiceNotifier {
  if (!env["NOTIFY_SOCKET"]) return { ready: () => {}, stopping: () => {}, [Symbol.dispose]: () => {} };
  const send = (state: string) => {
    execFile("systemd-notify", [state], { env, timeout: notifyTimeoutMs }, (error) => {
      if (error) log.warn("systemd could not be notified", { state, error });
    });
  };
  const watchdog = startWatchdog(env["WATCHDOG_USEC"], clock, send);
  return {
    ready: () => send("READY=1"),
    stopping: () => send("STOPPING=1"),
    [Symbol.dispose]: () => watchdog?.[Symbol.dispose](),
  };
}

function startWatchdog(
  watchdogUsec: string | undefined,
  clock: Clock,
  send: (state: string) => void,
): Disposable | undefined {
  const intervalMs = Number(watchdogUsec ?? 0) / 2_000;
  if (!(intervalMs > 0)) return undefined;
  let timer = clock.setTimer(intervalMs, tick);
  function tick(): void {
    send("WATCHDOG=1");
    timer = clock.setTimer(intervalMs, tick);
  }
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
