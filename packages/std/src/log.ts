import { destination, pino } from "pino";

/** Structured fields of a log line; never a secret or a token. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Leveled, structured log. The message is constant; what varies goes into the fields. error = someone must
 * act, warn = degraded, info = a change of state, debug = everything else.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** Whether debug lines are written; ask before computing costly fields. */
  readonly debugEnabled: boolean;
  /** How much is written, by this logger and all that come of it; absent where that cannot be changed. */
  readonly verbosity?: LogVerbosity;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

/** Upstream's `-v`: 4 and above turns debug lines on. */
export interface LogVerbosity {
  level: number;
}

const debugLevel = 4;

/** A logger that writes JSON lines to standard error. */
export function createLogger(component: string, verbosity: number): Logger {
  const sink = destination({ dest: 2, sync: true });
  const root = pino(
    {
      level: "debug",
      base: { component },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorFields },
    },
    sink,
  );
  return wrap(root, { level: verbosity });
}

/** A logger that drops everything. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  debugEnabled: false,
  child: () => silentLogger,
};

function wrap(target: pino.Logger, verbosity: LogVerbosity): Logger {
  return {
    error: (message, fields) => target.error(fields ?? {}, message),
    warn: (message, fields) => target.warn(fields ?? {}, message),
    info: (message, fields) => target.info(fields ?? {}, message),
    debug: (message, fields) => {
      if (verbosity.level >= debugLevel) target.debug(fields ?? {}, message);
    },
    get debugEnabled() {
      return verbosity.level >= debugLevel;
    },
    child: (fields) => wrap(target.child(fields), verbosity),
    verbosity,
  };
}

/**
 * What a log line says of an error: its messages down the causes, its code, and its stack. The logger applies this to
 * the field named `error` by itself.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) {
    return typeof error === "object" && error !== null ? (error as LogFields) : { message: String(error) };
  }
  const code = (error as { code?: unknown }).code;
  return {
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  };
}
