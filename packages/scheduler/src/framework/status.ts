/**
 * What a plugin says of a pod, or of a pod on a node. Success is `undefined`, so that the common case allocates nothing.
 * - `Unschedulable`: not now; removing other pods might help.
 * - `UnschedulableAndUnresolvable`: not now; removing other pods does not help.
 * - `Wait` (Permit only): the binding waits. `Skip`: the plugin has nothing to do for this pod.
 * - `Pending`: the pod waits for something outside of the scheduler; retried without back-off.
 */
export type StatusCode = "Error" | "Unschedulable" | "UnschedulableAndUnresolvable" | "Wait" | "Skip" | "Pending";

/** The outcome of a plugin's call other than success. Immutable, and shared between pods and nodes. */
export class Status {
  readonly code: StatusCode;
  /** Name of the plugin that decided. */
  readonly plugin: string;
  /** Shown to users, one count of nodes per reason. */
  readonly reasons: readonly string[];
  readonly cause: unknown;

  constructor(code: StatusCode, plugin: string, reasons: readonly string[], cause?: unknown) {
    this.code = code;
    this.plugin = plugin;
    this.reasons = reasons;
    this.cause = cause;
  }

  /** The pod was turned down, as opposed to something having failed. */
  get rejected(): boolean {
    return this.code === "Unschedulable" || this.code === "UnschedulableAndUnresolvable" || this.code === "Pending";
  }

  get message(): string {
    return this.reasons.join(", ");
  }
}

/** `undefined` is success. */
export type Outcome = Status | undefined;

export function unschedulable(plugin: string, ...reasons: readonly string[]): Status {
  return new Status("Unschedulable", plugin, reasons);
}

export function unresolvable(plugin: string, ...reasons: readonly string[]): Status {
  return new Status("UnschedulableAndUnresolvable", plugin, reasons);
}

export function failed(plugin: string, error: unknown): Status {
  return new Status("Error", plugin, [error instanceof Error ? error.message : String(error)], error);
}
