export type ProbeType = "startup" | "liveness" | "readiness";

export type ProbeOutcome = "success" | "failure";

/** The settled results of probes. Undefined until the thresholds of a container's probe were first reached. */
export interface ProbeResults {
  get(type: ProbeType, containerId: string): ProbeOutcome | undefined;
}

/** Results that nothing has reported yet. */
export const noProbeResults: ProbeResults = { get: () => undefined };

/** The results of all probe workers, by container instance. */
export class ProbeResultStore implements ProbeResults {
  readonly #outcomes = new Map<string, ProbeOutcome>();

  get(type: ProbeType, containerId: string): ProbeOutcome | undefined {
    return this.#outcomes.get(keyOf(type, containerId));
  }

  /** True when this changes what is known. */
  set(type: ProbeType, containerId: string, outcome: ProbeOutcome): boolean {
    const key = keyOf(type, containerId);
    if (this.#outcomes.get(key) === outcome) return false;
    this.#outcomes.set(key, outcome);
    return true;
  }

  forget(type: ProbeType, containerId: string): void {
    this.#outcomes.delete(keyOf(type, containerId));
  }
}

function keyOf(type: ProbeType, containerId: string): string {
  return `${type}/${containerId}`;
}
