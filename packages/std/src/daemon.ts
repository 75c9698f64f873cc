import type { Clock } from "./clock.ts";
import { flagUsage } from "./flag-usage.ts";
import { defineFlags, type FlagDefinitions, type ParsedFlags, parseFlags } from "./flags.ts";
import { isAbort } from "./abort.ts";
import type { HealthCheck } from "./health.ts";
import { errorFields, type Logger } from "./log.ts";
import { releaseRegularly } from "./memory-release.ts";
import { createRegistry, type Registry } from "./metrics.ts";
import { processHost, type ProcessHost } from "./process-host.ts";
import { type Random, systemRandom } from "./random.ts";
import { createServiceNotifier, type ServiceNotifier } from "./sd-notify.ts";
import { kubernetesVersion } from "./version.ts";
import { ZPages } from "./zpages.ts";

/** How long a daemon may take to drain after it was told to stop, unless its definition says otherwise. */
export const drainDeadlineMs = 60_000;

const fatalExitCode = 255;

/** What `run` gets besides its configuration. */
export interface DaemonContext {
  /** Aborts on SIGTERM or SIGINT: drain, then return. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: Random;
  /** The metrics that the daemon serves. */
  readonly registry: Registry;
  /** Pages about the process, for those who serve. */
  readonly zpages?: ZPages;
  /**
   * Tells the service supervisor that the daemon serves. Call it once. Its watchdog, if it has one, restarts the daemon
   * when the event loop hangs, or one of `liveness` goes on failing.
   */
  ready(liveness?: readonly HealthCheck[]): void;
}

export interface DaemonDefinition<D extends FlagDefinitions, C> {
  /** The command's name, such as `kube-scheduler`. */
  readonly name: string;
  /** What it does, for `--help`. */
  readonly description: string;
  /** Its own flags; `--help`, `--version` and `-v` come with the skeleton. */
  readonly flags: D;
  /** Builds and validates the configuration from flags and files; what it throws is shown to the user. Starts nothing. */
  configure(flags: ParsedFlags<D>): C | Promise<C>;
  /** How long the daemon may take to drain; `drainDeadlineMs` if left out. */
  drainDeadlineMs?(config: C): number;
  /** The daemon itself; resolves only when everything it started has ended. Throwing ends the process with code 1. */
  run(config: C, context: DaemonContext): Promise<void>;
}

const skeletonFlags = defineFlags({
  help: { type: "boolean", description: "print this help and exit", shorthand: "h", default: false },
  version: { type: "boolean", description: "print the version and exit", default: false },
  v: { type: "integer", description: "log verbosity; 4 and above includes debug lines", shorthand: "v", default: 0 },
});

/**
 * Runs a daemon from command line to exit: flags → configuration (frozen) → logger → `run`. Exit codes: 0 after a
 * clean stop, 1 for a bad configuration, a failed `run`, a second stop signal or an overdue drain, 255 for an error
 * that nothing caught.
 */
export async function runDaemon<D extends FlagDefinitions, C>(
  definition: DaemonDefinition<D, C>,
  host: ProcessHost = processHost,
): Promise<void> {
  const started = await configureDaemon(definition, host);
  host.exit(typeof started === "number" ? started : await superviseDaemon(definition, host, started));
}

interface Configured<C> {
  readonly config: C;
  readonly zpages: ZPages;
  readonly log: Logger;
}

async function configureDaemon<D extends FlagDefinitions, C>(
  definition: DaemonDefinition<D, C>,
  host: ProcessHost,
): Promise<Configured<C> | number> {
  try {
    const definitions = { ...skeletonFlags, ...definition.flags };
    const flags = parseFlags(definitions, definition.name, host.args);
    const { help, version, v } = (flags as ParsedFlags<typeof skeletonFlags>).values;
    if (help) {
      host.writeOut(flagUsage(definition.name, definition.description, definitions));
      return 0;
    }
    if (version) {
      host.writeOut(`Kubernetes ${kubernetesVersion}\n`);
      return 0;
    }
    const config = deepFreeze(await definition.configure(flags as unknown as ParsedFlags<D>));
    const { clock } = host;
    const zpages = new ZPages({ component: definition.name, definitions, values: flags.values, clock });
    return { config, zpages, log: host.createLogger(definition.name, v) };
  } catch (error) {
    host.writeError(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function superviseDaemon<D extends FlagDefinitions, C>(
  definition: DaemonDefinition<D, C>,
  host: ProcessHost,
  { config, zpages, log }: Configured<C>,
): Promise<number> {
  const stop = new AbortController();
  const forced = Promise.withResolvers<number>();
  using notifier = createServiceNotifier({ env: host.env, clock: host.clock, log });
  using _fatal = host.onFatalError((error) => {
    log.error("uncaught error", { error });
    forced.resolve(fatalExitCode);
  });
  using _memory = saveMemory(host, log);
  const deadlineMs = definition.drainDeadlineMs?.(config) ?? drainDeadlineMs;
  using _stop = onStop(host, log, stop, notifier, deadlineMs, (code) => forced.resolve(code));
  log.info("starting", { version: kubernetesVersion });
  const context: DaemonContext = {
    signal: stop.signal,
    log,
    clock: host.clock,
    random: systemRandom,
    registry: createRegistry(),
    zpages,
    ready: (liveness = []) => notifier.ready(liveness),
  };
  return await Promise.race([forced.promise, runToEnd(definition, config, context)]);
}

function saveMemory(host: ProcessHost, log: Logger): Disposable {
  try {
    host.mapPagesSingly();
  } catch (error) {
    log.debug("pages of the program are mapped in groups", { error: errorFields(error) });
  }
  return releaseRegularly(() => host.releaseMemory(), host.clock, log);
}

async function runToEnd<D extends FlagDefinitions, C>(
  definition: DaemonDefinition<D, C>,
  config: C,
  context: DaemonContext,
): Promise<number> {
  try {
    await definition.run(config, context);
  } catch (error) {
    if (!isAbort(error, context.signal)) {
      context.log.error("daemon failed", { error });
      return 1;
    }
  }
  context.log.info("stopped");
  return 0;
}

/** The first signal starts the drain; a second one, or the deadline, forces the exit. */
function onStop(
  host: ProcessHost,
  log: Logger,
  stop: AbortController,
  notifier: ServiceNotifier,
  deadlineMs: number,
  force: (code: number) => void,
): Disposable {
  let deadline: Disposable | undefined;
  const subscription = host.onStopSignal((name) => {
    if (stop.signal.aborted) {
      log.warn("second signal: exiting without draining", { signal: name });
      force(1);
      return;
    }
    log.info("stopping", { signal: name });
    notifier.stopping(deadlineMs);
    deadline = host.clock.setTimer(deadlineMs, () => {
      log.error("drain did not end in time", { deadlineMs });
      force(1);
    });
    stop.abort(new Error(`received ${name}`));
  });
  return {
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      deadline?.[Symbol.dispose]();
    },
  };
}

/** Freezes plain objects and arrays all the way down; other instances (buffers, keys) are left as they are. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) return value;
  Object.freeze(value);
  for (const element of Object.values(value)) deepFreeze(element);
  return value;
}
