import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { statusPatch } from "./pod-status-writer.ts";
import { testPod } from "./testing/objects.ts";

const nowMs = Date.parse("2026-01-02T03:04:05Z");
const update = { reason: "Unschedulable", message: "0/1 nodes are available", nominatedNodeName: undefined };

function waiting(message: string): Pod {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  const condition = {
    type: "PodScheduled",
    status: "False" as const,
    reason: "Unschedulable",
    message,
    lastTransitionTime,
  };
  return { ...testPod("p"), status: { conditions: [condition], nominatedNodeName: "n" } };
}

describe("status patch", () => {
  it("sets the condition", () => {
    assert.deepEqual(statusPatch(testPod("p"), update, nowMs), {
      metadata: { uid: "uid-p" },
      status: {
        conditions: [
          {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/1 nodes are available",
            lastTransitionTime: "2026-01-02T03:04:05Z",
          },
        ],
      },
    });
  });

  it("keeps the time of the transition", () => {
    const patch = statusPatch(waiting("other"), update, nowMs) as {
      status: { conditions: { lastTransitionTime: string }[] };
    };
    assert.equal(patch.status.conditions[0]?.lastTransitionTime, "2026-01-01T00:00:00Z");
  });

  it("writes nothing that the pod says already", () => {
    assert.equal(statusPatch(waiting(update.message), update, nowMs), undefined);
    assert.equal(statusPatch(waiting(update.message), { ...update, nominatedNodeName: "n" }, nowMs), undefined);
  });

  it("withdraws a nomination", () => {
    const patch = statusPatch(waiting(update.message), { ...update, nominatedNodeName: "" }, nowMs);
    assert.equal((patch as { status: { nominatedNodeName: unknown } }).status.nominatedNodeName, null);
  });
});
