import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Node, NodeCondition, Taint } from "@kube-ts/api/core/v1";
import { evictionOf, planNoExecuteTaints, planNoScheduleTaints } from "./node-taints.ts";

const now = "2026-01-01T00:00:00Z";
const prefix = "node.kubernetes.io/";
const own: Taint = { key: "dedicated", value: "gpu", effect: "NoSchedule" };

function node(conditions: Record<string, NodeCondition["status"]>, taints: Taint[] = [], unschedulable = false): Node {
  const list = Object.entries(conditions).map(([type, status]) => ({ type, status }));
  return { metadata: { name: "n" }, spec: { taints, unschedulable }, status: { conditions: list } };
}

const taint = (key: string, effect: Taint["effect"]): Taint => ({ key: prefix + key, effect, timeAdded: now });

describe("NoSchedule taints follow the conditions", () => {
  const healthy = { Ready: "True", MemoryPressure: "False", NetworkUnavailable: "False" } as const;
  const cases: [string, Node, string[] | undefined][] = [
    ["healthy", node(healthy, [own]), undefined],
    ["not ready", node({ Ready: "False" }, [own]), ["dedicated", "not-ready"]],
    ["unreachable", node({ Ready: "Unknown" }), ["unreachable"]],
    [
      "pressure",
      node({ ...healthy, MemoryPressure: "True", DiskPressure: "True", PIDPressure: "True" }),
      ["memory-pressure", "disk-pressure", "pid-pressure"],
    ],
    ["an unknown pressure is none", node({ ...healthy, MemoryPressure: "Unknown" }), undefined],
    ["no network", node({ NetworkUnavailable: "True" }), ["network-unavailable"]],
    ["cordoned", node(healthy, [], true), ["unschedulable"]],
    ["uncordoned", node(healthy, [taint("unschedulable", "NoSchedule"), own]), ["dedicated"]],
    ["recovered", node(healthy, [taint("not-ready", "NoSchedule")]), []],
    ["from silent to not ready", node({ Ready: "False" }, [taint("unreachable", "NoSchedule")]), ["not-ready"]],
    ["NoExecute is left alone", node(healthy, [taint("not-ready", "NoExecute")]), undefined],
    ["already there", node({ Ready: "False" }, [taint("not-ready", "NoSchedule")]), undefined],
  ];
  for (const [name, given, expected] of cases) {
    test(name, () => {
      const keys = planNoScheduleTaints(given, now)?.map(({ key }) => key.replace(prefix, ""));
      assert.deepEqual(keys, expected);
    });
  }
});

describe("NoExecute taints", () => {
  const schedule = taint("not-ready", "NoSchedule");
  const cases: [string, Node, Taint[] | undefined][] = [
    ["added", node({ Ready: "False" }, [schedule]), [schedule, taint("not-ready", "NoExecute")]],
    ["swapped", node({ Ready: "Unknown" }, [taint("not-ready", "NoExecute")]), [taint("unreachable", "NoExecute")]],
    ["removed", node({ Ready: "True" }, [taint("unreachable", "NoExecute"), own]), [own]],
    ["kept", node({ Ready: "Unknown" }, [taint("unreachable", "NoExecute")]), undefined],
    ["none", node({ Ready: "True" }), undefined],
  ];
  for (const [name, given, expected] of cases) {
    test(name, () => assert.deepEqual(planNoExecuteTaints(given, evictionOf(given), now), expected));
  }
});
