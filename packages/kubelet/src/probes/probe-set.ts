import type { Pod, PodStatus, Probe } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";
import { errorFields, type Logger } from "@kube-ts/std/log";
import { Counter, type Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import { isAbort } from "@kube-ts/std/abort";
import { appContainersOf, initContainersOf, type PodContainer } from "../pods/pod-containers.ts";
import type { PodEvents } from "../pods/pod-events.ts";
import type { ProbeAnswer } from "./probe-answer.ts";
import { ProbeResultStore, type ProbeOutcome, type ProbeResults, type ProbeType } from "./probe-results.ts";
import { ProbeWorker } from "./probe-worker.ts";
import type { Prober } from "./prober.ts";

export interface ProbeSetOptions {
  readonly prober: Prober;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly registry: Registry;
  readonly events: PodEvents;
  /** Called when a settled result changes. */
  onChange(podUid: string): void;
}

interface PodProbes {
  readonly stop: AbortController;
  readonly workers: Map<string, ProbeWorker>;
  readonly running: Set<Promise<void>>;
  /** Container instances with results, to forget them with the pod. */
  readonly probed: Set<string>;
  /** Label values of the pod's counters, likewise. */
  readonly counted: Map<string, ProbeLabels>;
}

interface ProbeLabels {
  readonly probe_type: string;
  readonly result: string;
  readonly container: string;
  readonly pod: string;
  readonly namespace: string;
  readonly pod_uid: string;
}

const types: readonly ProbeType[] = ["startup", "liveness", "readiness"];
const titles = { startup: "Startup", liveness: "Liveness", readiness: "Readiness" } as const;

/** The probe workers of all pods and their results. */
export class ProbeSet {
  readonly #options: ProbeSetOptions;
  readonly #results = new ProbeResultStore();
  readonly #pods = new Map<string, PodProbes>();
  readonly #startedMs: number;
  readonly #total: Counter<keyof ProbeLabels>;

  constructor(options: ProbeSetOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#total = new Counter({
      name: "prober_probe_total",
      help: "Probes by type, container and result.",
      labelNames: ["probe_type", "result", "container", "pod", "namespace", "pod_uid"],
      registers: [options.registry],
    });
  }

  get results(): ProbeResults {
    return this.#results;
  }

  /** Tells the pod's workers of its newest state; starts those that are missing. */
  update(pod: Pod, status: PodStatus): void {
    const uid = pod.metadata.uid ?? "";
    const probes = this.#pods.get(uid) ?? this.#add(uid);
    for (const container of [...initContainersOf(pod), ...appContainersOf(pod)]) {
      if (container.kind === "init") continue;
      for (const type of types) {
        const probe = container.spec[`${type}Probe`];
        if (!probe) continue;
        const key = `${container.spec.name}/${type}`;
        const worker = probes.workers.get(key);
        if (worker) worker.update({ pod, status });
        else this.#start(probes, key, type, container, probe, { pod, status });
      }
    }
  }

  /** Ends the pod's workers and forgets their results. */
  async remove(podUid: string): Promise<void> {
    const probes = this.#pods.get(podUid);
    if (!probes) return;
    this.#pods.delete(podUid);
    probes.stop.abort(new Error("the pod has ended"));
    await Promise.all(probes.running);
    for (const labels of probes.counted.values()) this.#total.remove({ ...labels });
    for (const containerId of probes.probed) for (const type of types) this.#results.forget(type, containerId);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pods.keys()].map((uid) => this.remove(uid)));
  }

  #add(uid: string): PodProbes {
    const probes: PodProbes = {
      stop: new AbortController(),
      workers: new Map(),
      running: new Set(),
      probed: new Set(),
      counted: new Map(),
    };
    this.#pods.set(uid, probes);
    return probes;
  }

  #start(
    probes: PodProbes,
    key: string,
    type: ProbeType,
    { spec, fieldPath }: PodContainer,
    probe: Probe,
    view: { readonly pod: Pod; readonly status: PodStatus },
  ): void {
    const { prober, clock, random, log } = this.#options;
    const container = spec;
    const { pod } = view;
    const worker = new ProbeWorker(
      {
        type,
        container,
        probe,
        prober,
        clock,
        random,
        uptimeMs: clock.monotonicMs() - this.#startedMs,
        onSettled: (containerId, outcome) => this.#settle(probes, pod, type, containerId, outcome),
        onAnswer: (answer) => this.#report(pod, type, container.name, fieldPath, answer),
      },
      view,
    );
    probes.workers.set(key, worker);
    const running = worker
      .run(probes.stop.signal)
      .catch((error: unknown) => {
        if (isAbort(error, probes.stop.signal)) return;
        log.error("probe worker failed", { pod: pod.metadata.name, probe: key, error: errorFields(error) });
      })
      .finally(() => probes.running.delete(running));
    probes.running.add(running);
  }

  #settle(probes: PodProbes, pod: Pod, type: ProbeType, containerId: string, outcome: ProbeOutcome): void {
    probes.probed.add(containerId);
    if (this.#results.set(type, containerId, outcome)) this.#options.onChange(pod.metadata.uid ?? "");
  }

  #report(
    pod: Pod,
    type: ProbeType,
    container: string,
    fieldPath: string,
    answer: ProbeAnswer | { readonly error: unknown },
  ): void {
    const { events } = this.#options;
    const title = titles[type];
    const result = "error" in answer || answer.result === "failure" ? "failed" : "successful";
    const { name = "", namespace = "", uid = "" } = pod.metadata;
    const labels = { probe_type: title, result, container, pod: name, namespace, pod_uid: uid };
    this.#pods.get(uid)?.counted.set(Object.values(labels).join("/"), labels);
    this.#total.inc(labels);
    if ("error" in answer) {
      const reason = answer.error instanceof Error ? answer.error.message : String(answer.error);
      const text = `${title} probe errored and resulted in unknown state: ${reason}`;
      events.container(pod, fieldPath, "Warning", "Unhealthy", text);
    } else if (answer.result === "failure") {
      events.container(pod, fieldPath, "Warning", "Unhealthy", `${title} probe failed: ${answer.output}`);
    } else if (answer.result === "warning") {
      events.container(pod, fieldPath, "Warning", "ProbeWarning", `${title} probe warning: ${answer.output}`);
    }
  }
}
