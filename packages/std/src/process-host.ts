import { systemClock, type Clock } from "./clock.ts";
import { memoryReleaser } from "./memory-release.ts";
import { mapPagesSingly } from "./memory-single-pages.ts";
import { createLogger, type Logger } from "./log.ts";

/** What a daemon asks of the process it runs in; a test passes its own. */
export interface ProcessHost {
  /** The command line without interpreter and script. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  createLogger(component: string, verbosity: number): Logger;
  writeOut(text: string): void;
  writeError(text: string): void;
  exit(code: number): void;
  /** Has only those pages of the program mapped that are used. Throws where that is not possible. */
  mapPagesSingly(): void;
  /** Gives memory back that is not needed now. Throws where that is not possible. */
  releaseMemory(): void;
  /** Calls back with the signal's name on each SIGTERM and SIGINT. */
  onStopSignal(callback: (name: string) => void): Disposable;
  /** Calls back on an error that nothing caught; the process must end soon. */
  onFatalError(callback: (error: unknown) => void): Disposable;
}

/** This process. */
export const processHost: ProcessHost = {
  args: process.argv.slice(2),
  env: process.env,
  clock: systemClock,
  createLogger,
  writeOut: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  exit: (code) => process.exit(code),
  mapPagesSingly,
  releaseMemory: memoryReleaser(),
  onStopSignal: (callback) => listen(["SIGTERM", "SIGINT"], callback),
  onFatalError: (callback) => listen(["uncaughtException", "unhandledRejection"], callback),
};

function listen<T>(events: readonly string[], callback: (value: T) => void): Disposable {
  for (const event of events) process.on(event, callback);
  return {
    [Symbol.dispose]: () => {
      for (const event of events) process.off(event, callback);
    },
  };
}
