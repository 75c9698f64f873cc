import type { Container, Probe } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";
import type { Random } from "@kube-ts/std/random";
import { Wakeup } from "../pods/wakeup.ts";
import type { ProbeAnswer } from "./probe-answer.ts";
import type { ProbeOutcome, ProbeType } from "./probe-results.ts";
import { type ProbeState, type ProbedPod, countResult, initialProbeState, nextProbe } from "./probe-state.ts";
import type { Prober } from "./prober.ts";

/** How often a probe that could not be sent is tried at once before it counts as failed. */
const maxTries = 3;

export interface ProbeWorkerOptions {
  readonly type: ProbeType;
  readonly container: Container;
  readonly probe: Probe;
  readonly prober: Prober;
  readonly clock: Clock;
  readonly random: Random;
  /** How long this kubelet has been running: a young one spreads its first probes over their periods. */
  readonly uptimeMs: number;
  /** A result that enough probes in a row agree on. */
  onSettled(containerId: string, outcome: ProbeOutcome): void;
  onAnswer(answer: ProbeAnswer | { readonly error: unknown }): void;
}

/** Probes one container in one way, one probe at a time, for as long as its pod lives. */
export class ProbeWorker {
  readonly #options: ProbeWorkerOptions;
  readonly #wakeup = new Wakeup();
  #view: ProbedPod;
  #state: ProbeState = initialProbeState;

  constructor(options: ProbeWorkerOptions, view: ProbedPod) {
    this.#options = options;
    this.#view = view;
  }

  update(view: ProbedPod): void {
    this.#view = view;
    this.#wakeup.notify();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { type, container, probe, clock, random, uptimeMs } = this.#options;
    const periodMs = (probe.periodSeconds ?? 10) * 1000;
    if (periodMs > uptimeMs) await clock.sleep(random.next() * periodMs, signal);
    for (;;) {
      const { state, decision } = nextProbe(this.#state, type, container.name, probe, this.#view, clock.now());
      this.#state = state;
      if (decision.type === "stop") return;
      if (decision.type === "probe") await this.#probe(decision.containerId, signal);
      else await this.#wakeup.wait(clock, decision.type === "sleep" ? decision.ms : undefined, signal);
    }
  }

  async #probe(containerId: string, signal: AbortSignal): Promise<void> {
    const { type, probe, onAnswer, onSettled } = this.#options;
    const outcome = await this.#ask(containerId, signal).then(
      (answer): ProbeOutcome => {
        onAnswer(answer);
        return answer.result === "failure" ? "failure" : "success";
      },
      (error: unknown): ProbeOutcome => {
        signal.throwIfAborted();
        onAnswer({ error });
        return "failure";
      },
    );
    const { state, settled } = countResult(this.#state, type, probe, outcome);
    this.#state = state;
    if (settled) onSettled(containerId, settled);
  }

  async #ask(containerId: string, signal: AbortSignal): Promise<ProbeAnswer> {
    const { prober, probe, container } = this.#options;
    const podIp = this.#view.status.podIP ?? "";
    for (let tries = 1; ; tries += 1) {
      try {
        return await prober({ probe, container, containerId, podIp }, signal);
      } catch (error) {
        if (signal.aborted || tries >= maxTries) throw error;
      }
    }
  }
}
