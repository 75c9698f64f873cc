import type { Node, Pod } from "@kube-ts/api/core/v1";
import { createClient } from "@kube-ts/client/rest-client";
import { StaticInformers } from "@kube-ts/client/testing/static-informer";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { seededRandom } from "@kube-ts/std/random";
import { SchedulerCache } from "../cache/scheduler-cache.ts";
import { Snapshot } from "../cache/snapshot.ts";
import type { ProfileFile } from "../config/config-kind.ts";
import { planProfile } from "../config/profile-plan.ts";
import { diagnosisMessage } from "../cycle/diagnosis.ts";
import { type Decision, schedulePod } from "../cycle/schedule-pod.ts";
import { CycleState } from "../framework/cycle-state.ts";
import type { Framework } from "../framework/framework.ts";
import { podInfoOf } from "@kube-ts/api/placement/pod-info";
import { createFramework } from "../plugins/create-framework.ts";
import { NominatedPods } from "../queue/nominated-pods.ts";

/** Connects when first used, which nothing here does. */
const noClient = createClient(
  { server: "http://127.0.0.1:1", namespace: "default", tls: {}, auth: { kind: "none" } },
  { userAgent: "test" },
);

/** Nodes and pods in memory, and one profile that schedules onto them. */
export class TestCluster {
  readonly clock = new FakeClock();
  readonly cache = new SchedulerCache({ clock: this.clock });
  readonly snapshot = new Snapshot();
  readonly nominated = new NominatedPods();
  readonly informers = new StaticInformers();
  readonly framework: Framework;
  readonly #random = seededRandom(1);
  readonly #cursor = { next: 0 };

  constructor(nodes: readonly Node[], profile: ProfileFile = {}) {
    for (const node of nodes) this.cache.setNode(node);
    this.framework = createFramework(
      planProfile("default-scheduler", profile, undefined, "profiles[0]"),
      {
        snapshot: this.snapshot,
        nominated: this.nominated,
        informers: this.informers,
        client: noClient,
        events: { event: () => {} },
        clock: this.clock,
        random: this.#random,
        log: silentLogger,
      },
      undefined,
    );
  }

  /** Puts pods on nodes as if they ran there. */
  run(nodeName: string, ...pods: readonly Pod[]): this {
    for (const pod of pods) this.cache.setPod({ ...pod, spec: { ...pod.spec, nodeName } });
    return this;
  }

  decide(pod: Pod, state: CycleState = new CycleState()): Decision {
    this.cache.updateSnapshot(this.snapshot);
    return schedulePod(this.framework, this.snapshot, state, podInfoOf(pod), "", this.#cursor, this.#random);
  }

  /** The node that is chosen, or the message that says why there is none. */
  choose(pod: Pod): string {
    const decision = this.decide(pod);
    switch (decision.kind) {
      case "node":
        return decision.nodeName;
      case "none":
        return diagnosisMessage(decision.diagnosis);
      case "error":
        return `error: ${decision.status.message}`;
    }
  }

  /** Chooses a node and puts the pod there. */
  place(pod: Pod): string {
    const decision = this.decide(pod);
    if (decision.kind === "node") this.cache.assumePod(podInfoOf(pod), decision.nodeName);
    return decision.kind === "node" ? decision.nodeName : "";
  }

  /** The feasible nodes with what a plugin thinks of them. */
  scores(pod: Pod, plugin: string): Record<string, number> {
    const decision = this.decide(pod);
    if (decision.kind !== "node") throw new Error(this.choose(pod));
    const found = decision.scores.find((each) => each.plugin === plugin);
    if (!found) return {};
    return Object.fromEntries(decision.feasible.map((node, index) => [node.name, found.scores[index] ?? NaN]));
  }

  /** The victims' names and the node of a preemption, or the message that says why there is none. */
  preempt(pod: Pod): string {
    const state = new CycleState();
    const decision = this.decide(pod, state);
    if (decision.kind !== "none") return `not needed: ${decision.kind}`;
    const result = this.framework.postFilter(state, podInfoOf(pod), decision.diagnosis.statuses);
    return result?.kind === "nominated" ? result.nodeName : (result?.status.message ?? "nothing tried");
  }
}
