import { abortable } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { formatDuration } from "@kube-ts/std/duration";
import type { Runtime, RuntimeCondition, RuntimeStatus } from "../runtime/runtime.ts";
import { Wakeup } from "../pods/wakeup.ts";

export interface RuntimeHealthOptions {
  readonly runtime: Pick<Runtime, "status">;
  readonly clock: Clock;
  /** How long ago everything the runtime has was last listed. */
  relistAgeMs(): number;
  /** What is known of the runtime has changed. */
  onChange(): void;
}

const checkMs = 5_000;
/** Until the runtime is up it is looked at more often, so that the node is ready soon after it. */
const startCheckMs = 500;
const relistLimitMs = 180_000;

/** Watches whether the runtime and the pod network can be used. */
export class RuntimeHealth {
  readonly #options: RuntimeHealthOptions;
  readonly #wakeup = new Wakeup();
  readonly #checked = Promise.withResolvers<void>();
  readonly #up = Promise.withResolvers<void>();
  #status: RuntimeStatus | undefined;

  constructor(options: RuntimeHealthOptions) {
    this.#options = options;
  }

  get status(): RuntimeStatus | undefined {
    return this.#status;
  }

  /** Why the node is not ready as far as the runtime goes; empty when it is. */
  problems(): readonly string[] {
    const status = this.#status;
    if (!status) return ["container runtime status check may not have completed yet"];
    const problems: string[] = [];
    const engine = find(status, "RuntimeReady");
    if (!engine?.status)
      problems.push(engine?.message ? `container runtime is down: ${engine.message}` : "container runtime is down");
    const network = networkProblem(status);
    if (network) problems.push(network);
    const ageMs = this.#options.relistAgeMs();
    if (ageMs > relistLimitMs) {
      const age = formatDuration(Math.floor(ageMs / 1000) * 1000);
      problems.push(
        `PLEG is not healthy: pleg was last seen active ${age} ago; threshold is ${formatDuration(relistLimitMs)}`,
      );
    }
    return problems;
  }

  /** Why pods cannot be given a network; undefined when they can. */
  networkProblem(): string | undefined {
    return this.#status ? networkProblem(this.#status) : "container runtime status check may not have completed yet";
  }

  /** Resolves when it is known for the first time whether the runtime is up. */
  whenChecked(signal: AbortSignal): Promise<void> {
    return abortable(this.#checked.promise, signal);
  }

  /** Resolves when the runtime was up for the first time. */
  whenUp(signal: AbortSignal): Promise<void> {
    return abortable(this.#up.promise, signal);
  }

  /** Looks again at once. */
  check(): void {
    this.#wakeup.notify();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { runtime, clock, onChange } = this.#options;
    let before = "";
    for (;;) {
      this.#status = await runtime.status(signal);
      this.#checked.resolve();
      if (find(this.#status, "RuntimeReady")?.status) this.#up.resolve();
      const problems = JSON.stringify(this.problems());
      if (problems !== before) onChange();
      before = problems;
      await this.#wakeup.wait(clock, problems === "[]" ? checkMs : startCheckMs, signal);
    }
  }
}

function find({ conditions }: RuntimeStatus, type: RuntimeCondition["type"]): RuntimeCondition | undefined {
  return conditions.find((condition) => condition.type === type);
}

function networkProblem(status: RuntimeStatus): string | undefined {
  const network = find(status, "NetworkReady");
  if (network?.status) return undefined;
  return `container runtime network not ready: NetworkReady=false reason:${network?.reason ?? ""} message:${network?.message ?? ""}`;
}
