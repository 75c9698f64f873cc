import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { StatefulSetSpec } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import fc from "fast-check";
import { isWanted, ordinalOf, revisionOf } from "./identity.ts";
import { planSet } from "./plan.ts";
import type { PodAction, SetPlan } from "./plan.ts";
import { planStatus } from "./plan-status.ts";
import { podOf, setOf, viewOf } from "./testing/set-fixtures.ts";
import { isServing } from "./view.ts";
import type { SetView } from "./view.ts";

/** What may happen between two looks of the controller. */
type Happening =
  | { readonly kind: "state"; readonly index: number; readonly state: "ok" | "bad" | "fail" | "end" }
  /** The node lets a pod go that is deleted, or the user deletes one. */
  | { readonly kind: "gone" | "delete" | "lost"; readonly index: number }
  | { readonly kind: "scale"; readonly replicas: number; readonly start: number }
  | { readonly kind: "partition"; readonly partition: number }
  | { readonly kind: "update" };

const index = fc.nat({ max: 6 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("state"), index, state: fc.constantFrom("ok", "ok", "bad") }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("state"), index, state: fc.constantFrom("fail", "end") }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("gone", "gone", "delete", "lost"), index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("scale"), replicas: index, start: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("partition"), partition: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("update") }) },
);

/** A server that keeps the pods of one set, and what comes of plans and of everything else. */
class Simulation {
  #pods: readonly Pod[] = [];
  #spec: Partial<StatefulSetSpec>;
  #generation = 1;
  #made = 0;
  current = "web-1";

  constructor(spec: Partial<StatefulSetSpec>) {
    this.#spec = spec;
  }

  get view(): SetView {
    const set = setOf(this.#spec);
    const { template } = set.spec;
    const update = { name: `web-${this.#generation}`, template };
    return { ...viewOf(set, []), pods: this.#pods, current: { name: this.current, template }, update };
  }

  carryOut(plan: SetPlan): void {
    for (const action of plan.phases.flat()) {
      if (action.kind === "create") this.#create(action.pod);
      if (action.kind === "delete") this.#change(action.pod, { deletionTimestamp: "2026-01-01T00:00:00Z" });
    }
    const { currentRevision = "" } = planStatus(this.view, [], 0);
    this.current = currentRevision;
  }

  happen(event: Happening): void {
    if (event.kind === "scale")
      this.#spec = { ...this.#spec, replicas: event.replicas, ordinals: { start: event.start } };
    if (event.kind === "partition") {
      this.#spec = {
        ...this.#spec,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: event.partition } },
      };
    }
    if (event.kind === "update") this.#generation += 1;
    if (!("index" in event)) return;
    const pod = this.#pods[event.index];
    if (!pod) return;
    if (event.kind === "state") this.#become(pod, event.state);
    if (event.kind === "delete") this.#change(pod, { deletionTimestamp: "2026-01-01T00:00:00Z" });
    const isGone = event.kind === "lost" || (event.kind === "gone" && pod.metadata.deletionTimestamp !== undefined);
    if (isGone) this.#pods = this.#pods.filter((other) => other !== pod);
  }

  /** Every node does what it is asked to, and the whole set is to be updated. */
  heal(): void {
    this.#spec = { ...this.#spec, updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } } };
    this.#pods = this.#pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    for (const pod of this.#pods) {
      if (pod.status?.phase === "Running" || pod.status?.phase === "Pending") this.#become(pod, "ok");
    }
  }

  #create(pod: Pod): void {
    const { name } = pod.metadata;
    assert.ok(!this.#pods.some(({ metadata }) => metadata.name === name), `there is a pod ${name}`);
    this.#made += 1;
    this.#pods = [
      ...this.#pods,
      { ...pod, metadata: { ...pod.metadata, uid: `uid-${this.#made}` }, status: { phase: "Pending" } },
    ];
  }

  #become(pod: Pod, state: string): void {
    const { status } = podOf(setOf(), 0, state);
    this.#pods = this.#pods.map((other) => (other === pod ? { ...pod, ...(status && { status }) } : other));
  }

  #change(pod: Pod, metadata: Pod["metadata"]): void {
    const isSame = (other: Pod) => other.metadata.uid === pod.metadata.uid;
    this.#pods = this.#pods.map((other) =>
      isSame(other) ? { ...other, metadata: { ...other.metadata, ...metadata } } : other,
    );
  }
}

const ordinal = (pod: Pod) => ordinalOf("web", pod.metadata.name ?? "") ?? assert.fail("a stranger");

/** What holds for every plan, whatever has happened. */
function checkPlan(view: SetView, plan: SetPlan): void {
  const actions = plan.phases.flat();
  const touched = actions.filter(({ kind }) => kind !== "repair").map(({ pod }) => pod.metadata.name);
  assert.equal(new Set(touched).size, touched.length, "a place is touched once");
  for (const action of actions) {
    if (action.kind === "create") assert.ok(isWanted(view.set, ordinal(action.pod)), "only wanted pods are made");
    if (action.kind === "delete") checkDeletion(view, action);
  }
  if (plan.ordered) checkOrder(view, actions);
}

function checkDeletion({ set, update }: SetView, { pod, reason }: PodAction & { readonly kind: "delete" }): void {
  assert.equal(pod.metadata.deletionTimestamp, undefined, "a pod is deleted once");
  assert.equal(isWanted(set, ordinal(pod)), reason !== "scale-down");
  if (reason === "update") assert.notEqual(revisionOf(pod), update.name);
  if (reason === "ended") assert.match(pod.status?.phase ?? "", /Failed|Succeeded/);
}

function checkOrder(view: SetView, actions: readonly PodAction[]): void {
  const steps = actions.filter(({ kind }) => kind !== "repair");
  assert.ok(steps.length <= 1, "one pod at a time");
  const [step] = steps;
  if (!step) return;
  const at = ordinal(step.pod);
  const serves = (each: number) => view.pods.some((pod) => ordinal(pod) === each && isServing(view, pod));
  const { start = 0 } = view.set.spec.ordinals ?? {};
  const end = start + (view.set.spec.replicas ?? 0);
  const isAboutPlace = step.kind === "create" || (step.kind === "delete" && step.reason === "ended");
  const before = isAboutPlace ? at : end;
  for (let each = start; each < before; each += 1) {
    const isTarget: boolean = step.kind === "delete" && each === at;
    assert.ok(isTarget || serves(each), `${each} is to serve before ${step.kind} of ${at}`);
  }
  const others = view.pods.map(ordinal).filter((each) => !isWanted(view.set, each));
  if (step.kind === "delete" && step.reason === "scale-down") assert.equal(at, Math.max(...others), "the highest goes");
  if (step.kind === "delete" && step.reason === "update") assert.equal(others.length, 0, "shrinking goes first");
}

suite("plans of stateful sets", () => {
  const policy = fc.constantFrom("OrderedReady", "Parallel");
  const spec = fc.record({ podManagementPolicy: policy, replicas: index });

  test("never touch a place twice or out of order, and come to an end", () => {
    checkProperty(
      fc.property(spec, fc.array(happening, { maxLength: 60 }), (given, happenings) => {
        const simulation = new Simulation(given);
        const look = () => {
          const { view } = simulation;
          const plan = planSet(view);
          checkPlan(view, plan);
          simulation.carryOut(plan);
          return plan;
        };
        for (const each of happenings) {
          simulation.happen(each);
          look();
        }
        // The last broken rollout is waited for in vain where order counts, so that every node recovers first.
        for (let round = 0; round < 60; round += 1) {
          simulation.heal();
          look();
        }
        simulation.heal();
        const { view } = simulation;
        assert.deepEqual(planSet(view).phases.flat(), [], "there is nothing left to do");
        const { replicas, readyReplicas = 0, currentRevision, updateRevision } = planStatus(view, [], 0);
        assert.deepEqual([replicas, readyReplicas], [view.set.spec.replicas, view.set.spec.replicas]);
        assert.equal(currentRevision, updateRevision);
      }),
    );
  });
});
