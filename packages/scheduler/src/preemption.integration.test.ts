import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { findCondition } from "@kube-ts/api/conditions";
import type { Event, Pod } from "@kube-ts/api/core/v1";
import { isNotFound } from "@kube-ts/api/status-error";
import { events, pods, priorityClasses } from "@kube-ts/api/resource-types";
import { eventually } from "@kube-ts/client/testing/eventually";
import { LiveCluster } from "./testing/live-cluster.ts";

// Upstream's end-to-end cases of preemption, with nodes that exist on paper only.

const timeoutMs = 60_000;
const namespace = "default";
const held = "example.com/held";

describe("preemption on a real API server", { timeout: 300_000 }, () => {
  let cluster: LiveCluster;
  const podNamed = (name: string): Promise<Pod> => cluster.client.resource<Pod>(pods).get({ namespace, name });
  const create = (name: string, priorityClassName: string, cpu: string, more: Partial<Pod["metadata"]> = {}) =>
    cluster.client.resource<Pod>(pods).create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, ...more },
      spec: { priorityClassName, containers: [{ name: "c", image: "pause", resources: { requests: { cpu } } }] },
    });
  const placed = async (name: string): Promise<Pod> => {
    let pod: Pod | undefined;
    await eventually(async () => {
      pod = await podNamed(name);
      assert.ok(pod.spec.nodeName, `${name} has no node: ${JSON.stringify(pod.status)}`);
    }, timeoutMs);
    return pod ?? (await podNamed(name));
  };
  const end = async (name: string) => {
    const key = { namespace, name };
    await cluster.client.resource<Pod>(pods).patch(key, "merge", { metadata: { finalizers: null } });
    await cluster.client
      .resource<Pod>(pods)
      .delete(key, { gracePeriodSeconds: 0 })
      .catch((error: unknown) => assert.ok(isNotFound(error), String(error)));
  };

  before(async () => {
    cluster = await LiveCluster.start();
    await cluster.createNodes(2, () => ({ cpu: "4" }));
    const classes = { low: 1, medium: 100, never: 500, high: 1_000 };
    for (const [name, value] of Object.entries(classes)) {
      const policy = name === "never" ? ({ preemptionPolicy: "Never" } as const) : {};
      await cluster.client.resource(priorityClasses).create({ metadata: { name }, value, ...policy });
    }
    cluster.startScheduler("--leader-elect=false");
  });
  after(() => cluster[Symbol.asyncDispose]());

  it("takes the room of the least important pod, and tells all who are concerned", async () => {
    await create("low", "low", "3", { finalizers: [held] });
    const { nodeName } = (await placed("low")).spec;
    await create("medium", "medium", "3");
    await placed("medium");
    await create("never", "never", "3");
    await eventually(async () => {
      const { message } = findCondition((await podNamed("never")).status?.conditions, "PodScheduled") ?? {};
      const why = "2 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.";
      assert.equal(message, `0/2 nodes are available: ${why}`);
    }, timeoutMs);
    const preemptor = await create("high", "high", "3");
    await eventually(async () => {
      const victim = await podNamed("low");
      assert.ok(victim.metadata.deletionTimestamp);
      const { status, reason, message } = findCondition(victim.status?.conditions, "DisruptionTarget") ?? {};
      assert.deepEqual(
        [status, reason, message],
        ["True", "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"],
      );
      const { items } = await cluster.client.resource<Event>(events).list({ namespace });
      const told = items.find(({ reason: why }) => why === "Preempted");
      const text = `Preempted by pod ${preemptor.metadata.uid} on node ${nodeName}`;
      assert.deepEqual([told?.involvedObject.name, told?.related?.name, told?.message], ["low", "high", text]);
      const waiting = await podNamed("high");
      assert.deepEqual([waiting.spec.nodeName, waiting.status?.nominatedNodeName], [undefined, nodeName]);
    }, timeoutMs);
  });

  it("gives the room to the pod that it was made for, which is then not nominated any more", async () => {
    const { nodeName } = (await podNamed("low")).spec;
    await end("low");
    const { spec, status } = await placed("high");
    assert.deepEqual([spec.nodeName, status?.nominatedNodeName], [nodeName, undefined]);
    assert.equal((await podNamed("never")).spec.nodeName, undefined);
    assert.equal((await podNamed("medium")).metadata.deletionTimestamp, undefined);
  });

  it("makes room for the system's pods", async () => {
    await create("critical", "system-cluster-critical", "3");
    await eventually(async () => assert.ok((await podNamed("medium")).metadata.deletionTimestamp), timeoutMs);
    const { nodeName } = (await podNamed("medium")).spec;
    await end("medium");
    assert.equal((await placed("critical")).spec.nodeName, nodeName);
    assert.equal((await podNamed("high")).metadata.deletionTimestamp, undefined);
  });

  it("does not try what is gated", async () => {
    const gated = {
      metadata: { name: "gated", namespace },
      spec: { schedulingGates: [{ name: "a" }, { name: "b" }], containers: [{ name: "c", image: "pause" }] },
    };
    await cluster.client.resource<Pod>(pods).create(gated);
    const key = { namespace, name: "gated" };
    const letThrough = (gates: object | null) =>
      cluster.client.resource<Pod>(pods).patch(key, "merge", { spec: { schedulingGates: gates } });
    await letThrough([{ name: "b" }]);
    await create("after", "low", "100m");
    await placed("after");
    const { reason } = findCondition((await podNamed("gated")).status?.conditions, "PodScheduled") ?? {};
    assert.equal(reason, "SchedulingGated");
    await letThrough(null);
    await placed("gated");
  });
});
