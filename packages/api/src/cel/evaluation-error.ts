/** An expression could not be evaluated. The message is upstream's. */
export class CelEvaluationError extends Error {
  override readonly name: string = "CelEvaluationError";

  constructor(message: string) {
    // Errors are values of the language that `||`, `&&` and quantifiers may absorb by the thousand: no stack is taken.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
}

/** The evaluation spent more than it may. Nothing in an expression absorbs it. */
export class CelCostError extends CelEvaluationError {
  override readonly name = "CelCostError";

  constructor() {
    super("operation cancelled: actual cost limit exceeded");
  }
}

/** Whether `||`, `&&` and quantifiers may go on after the error, as another operand can decide the result. */
export function isAbsorbable(error: unknown): error is CelEvaluationError {
  return error instanceof CelEvaluationError && !(error instanceof CelCostError);
}

export function noSuchOverload(): CelEvaluationError {
  return new CelEvaluationError("no such overload");
}

export function noSuchKey(key: string): CelEvaluationError {
  return new CelEvaluationError(`no such key: ${key}`);
}
