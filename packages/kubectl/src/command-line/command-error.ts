/** A failure to report as `error: message`. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, options: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.name = "CommandError";
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Arguments that do not go together; the report points to the command's help. */
export class UsageError extends CommandError {
  override readonly name = "UsageError";
}

/** A flag that does not exist or has a malformed value. */
export class FlagError extends CommandError {
  override readonly name = "FlagError";
}

/** A command in a container failed: its exit code becomes the program's, and the message stands by itself. */
export class ExitCodeError extends CommandError {
  override readonly name = "ExitCodeError";

  constructor(message: string, exitCode: number) {
    super(message, { exitCode });
  }
}

/** Several failures, reported one by one. */
export class FailureList extends Error {
  override readonly name = "FailureList";
  readonly failures: readonly unknown[];

  constructor(failures: readonly unknown[]) {
    super(failures.map((failure) => (failure instanceof Error ? failure.message : String(failure))).join("\n"));
    this.failures = failures;
  }
}

/** Ends the program with a status; whatever was to be said has been said. */
export class ExitStatus extends Error {
  override readonly name = "ExitStatus";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit status ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Throws what was collected, if anything: one failure as it is, several as a list. */
export function throwFailures(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new FailureList(failures);
}
