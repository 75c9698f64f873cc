import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { type ObservedPod, nothingObserved } from "../pods/observed-pod.ts";
import { planPod } from "../pods/plan-pod.ts";
import type { PodAction } from "../pods/pod-action.ts";
import type { PodPlan, PodWork } from "../pods/pod-work.ts";
import { testPod, testWork } from "./pod-fixtures.ts";

/** When every row is planned. */
export const nowMs = 100_000;

/** An action in a few words, for tables. */
export function brief(action: PodAction): string {
  switch (action.type) {
    case "createSandbox":
      return `createSandbox ${action.attempt}`;
    case "stopSandbox":
    case "removeSandbox":
      return `${action.type} ${action.sandboxId}`;
    case "startContainer":
      return `start ${action.name}#${action.attempt}`;
    case "stopContainer":
      return `stop ${action.containerId} in ${(action.deadlineMs - nowMs) / 1000}s (${action.reason.code}, ${action.restart})`;
    case "resizeContainer":
      return `resize ${action.containerId} ${JSON.stringify(action.resources)}`;
    case "removeContainer":
      return `remove ${action.containerId}`;
    default:
      return action.type;
  }
}

/** One situation of a pod and what is to be done about it. */
export interface PlanRow {
  readonly name: string;
  readonly pod?: Pod;
  readonly work?: Partial<PodWork>;
  readonly observed?: ObservedPod;
  readonly actions: readonly string[];
  readonly phase?: string;
  readonly wakeAfterMs?: number;
  readonly finished?: boolean;
  check?(plan: PodPlan): void;
}

/** Makes a test of each row. */
export function testPlans(rows: readonly PlanRow[]): void {
  for (const row of rows) {
    test(`plan: ${row.name}`, () => {
      const plan = planPod(testWork(row.work), row.pod ?? testPod(), row.observed ?? nothingObserved, nowMs);
      assert.deepEqual(plan.actions.map(brief), row.actions);
      if (row.phase) assert.equal(plan.status.phase, row.phase);
      if (row.wakeAfterMs !== undefined) assert.equal(plan.wakeAfterMs, row.wakeAfterMs);
      if (row.finished !== undefined) assert.equal(plan.finished, row.finished);
      row.check?.(plan);
    });
  }
}
