import { execFile } from "node:child_process";
import type { Clock } from "./clock.ts";
import { type HealthCheck, runCheck } from "./health.ts";
import { errorFields, type Logger } from "./log.ts";
import { openNotifySocket, type SendNotification } from "./notify-socket.ts";

/** Tells systemd of the daemon's state. Does nothing outside a unit that asks for it. */
export interface ServiceNotifier extends Disposable {
  /** The daemon serves. From now on the watchdog is answered only while all of `liveness` pass. */
  ready(liveness: readonly HealthCheck[]): void;
  /** The daemon drains, which may take `drainMs`. */
  stopping(drainMs: number): void;
}

export interface ServiceNotifierOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A start that takes longer than `TimeoutStartSec=` is granted this much more, again and again until the bound. */
const startExtensionMs = 60_000;
const startExtensionPeriodMs = 20_000;
const longestStartMs = 600_000;
/** Beyond the drain itself: time to log and exit. */
const exitMs = 10_000;
const childTimeoutMs = 5_000;

const silent: ServiceNotifier = { ready: () => {}, stopping: () => {}, [Symbol.dispose]: () => {} };

/**
 * A notifier for the environment of a systemd unit of `Type=notify`. With `WatchdogSec=` set, it answers the watchdog
 * at half its interval until disposed, each time after a full turn of the event loop, so a loop that hangs gets the
 * daemon restarted. Where this Node.js cannot send datagrams, `systemd-notify` does, which needs `NotifyAccess=all`.
 */
export function createServiceNotifier(options: ServiceNotifierOptions): ServiceNotifier {
  const { env, clock, log } = options;
  const address = env["NOTIFY_SOCKET"];
  if (!address) return silent;
  const send = sender(address, env, log);
  const starting = extendStart(clock, send);
  const watchdog = new Watchdog(Number(env["WATCHDOG_USEC"] ?? 0) / 2_000, clock, log, send);
  return {
    ready: (liveness) => {
      starting[Symbol.dispose]();
      watchdog.watch(liveness);
      send("READY=1\nSTATUS=Serving");
    },
    stopping: (drainMs) => {
      starting[Symbol.dispose]();
      watchdog.watch([]);
      send(`STOPPING=1\nSTATUS=Draining\nEXTEND_TIMEOUT_USEC=${(drainMs + exitMs) * 1_000}`);
    },
    [Symbol.dispose]: () => {
      starting[Symbol.dispose]();
      watchdog[Symbol.dispose]();
    },
  };
}

function sender(address: string, env: ServiceNotifierOptions["env"], log: Logger): SendNotification {
  const sendByChild: SendNotification = (state) => {
    const options = { env, timeout: childTimeoutMs };
    execFile("systemd-notify", state.split("\n"), options, (error) => {
      if (error) log.warn("systemd could not be notified", { state, error: errorFields(error) });
    });
  };
  let sendByDatagram: SendNotification;
  try {
    sendByDatagram = openNotifySocket(address);
  } catch (error) {
    log.warn("systemd is notified by child processes", { error: errorFields(error) });
    return sendByChild;
  }
  return (state) => {
    try {
      sendByDatagram(state);
    } catch (error) {
      log.debug("datagram to systemd failed: a child process sends it", { state, error: errorFields(error) });
      sendByChild(state);
    }
  };
}

function extendStart(clock: Clock, send: SendNotification): Disposable {
  const extension = `EXTEND_TIMEOUT_USEC=${startExtensionMs * 1_000}`;
  let leftMs = longestStartMs;
  const schedule = (): Disposable =>
    clock.setTimer(startExtensionPeriodMs, () => {
      send(extension);
      leftMs -= startExtensionPeriodMs;
      if (leftMs > 0) timer = schedule();
    });
  let timer = schedule();
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}

/** Answers systemd's watchdog while the event loop turns and the checks pass. */
class Watchdog implements Disposable {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #send: SendNotification;
  #liveness: readonly HealthCheck[] = [];
  #timer: Disposable | undefined;
  #ended = false;

  /** An interval that is not above 0 means that nobody asks. */
  constructor(intervalMs: number, clock: Clock, log: Logger, send: SendNotification) {
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#log = log;
    this.#send = send;
    if (intervalMs > 0) this.#schedule();
  }

  watch(liveness: readonly HealthCheck[]): void {
    this.#liveness = liveness;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#timer?.[Symbol.dispose]();
  }

  #schedule(): void {
    this.#timer = this.#clock.setTimer(this.#intervalMs, () => {
      // Timers are served before I/O: only what runs behind them shows that the loop has turned.
      setImmediate(() => void this.#answer());
    });
  }

  async #answer(): Promise<void> {
    const failed: string[] = [];
    await Promise.all(
      this.#liveness.map(async (check) => {
        const failure = await runCheck(check);
        if (!failure) return;
        failed.push(check.name);
        this.#log.error("watchdog is not answered", { check: check.name, error: errorFields(failure.error) });
      }),
    );
    if (this.#ended) return;
    this.#send(failed.length === 0 ? "WATCHDOG=1" : `STATUS=Not answering the watchdog: ${failed.join(", ")}`);
    this.#schedule();
  }
}
