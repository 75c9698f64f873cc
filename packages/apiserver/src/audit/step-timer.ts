/** A part of the time that a request takes. */
export type TimedStep =
  | "apf-queue-wait"
  | "authentication"
  | "authorization"
  | "mutating-webhook"
  | "validating-webhook"
  | "etcd"
  | "decode-response-object"
  | "transform-response-object"
  | "serialize-response-object"
  | "response-write";

/** Takes the time of steps of a request. */
export interface StepTimer {
  /** Adds the time until the work is done, in one way or another. */
  during<T>(step: TimedStep, work: Promise<T>): Promise<T>;
  /** Does the work, and adds its time. */
  within<T>(step: TimedStep, work: () => T): T;
}
