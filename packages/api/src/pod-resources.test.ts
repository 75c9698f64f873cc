import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Container, Pod, PodSpec, PodStatus } from "./core/v1.ts";
import { podLimits, podQosClass, podRequests } from "./pod-resources.ts";
import { Quantity, parseQuantity } from "./quantity.ts";
import { formatResources } from "./resource-amounts.ts";

type Amounts = Record<string, string>;

function container(name: string, requests?: Amounts, limits?: Amounts, more?: Partial<Container>): Container {
  return { name, resources: { ...(requests && { requests }), ...(limits && { limits }) }, ...more };
}

function pod(spec: Partial<PodSpec>, status?: PodStatus): Pod {
  return { metadata: {}, spec: { containers: [], ...spec }, ...(status && { status }) };
}

const requestsOf = (...args: Parameters<typeof podRequests>) => formatResources(podRequests(...args));

suite("pod resources", () => {
  test("containers add up", () => {
    const two = pod({ containers: [container("a", { cpu: "100m", memory: "1Gi" }), container("b", { cpu: "1" })] });
    assert.deepEqual(requestsOf(two), { cpu: "1100m", memory: "1Gi" });
  });

  test("an init container counts where it needs more than all others together", () => {
    const initContainers = [container("i", { cpu: "2", memory: "1Mi" })];
    const containers = [container("a", { cpu: "1", memory: "1Gi" })];
    assert.deepEqual(requestsOf(pod({ initContainers, containers })), { cpu: "2", memory: "1Gi" });
  });

  test("sidecars count beside the containers and beside later init containers", () => {
    const initContainers = [
      container("before", { cpu: "3" }),
      container("sidecar", { cpu: "1" }, undefined, { restartPolicy: "Always" }),
      container("after", { cpu: "3" }),
    ];
    assert.deepEqual(requestsOf(pod({ initContainers, containers: [container("a", { cpu: "1" })] })), { cpu: "4" });
    const running = pod({ initContainers, containers: [container("a", { cpu: "5" })] });
    assert.deepEqual(requestsOf(running), { cpu: "6" });
  });

  test("overhead is added, to limits only where there are some", () => {
    const spec = { containers: [container("a", { cpu: "1" }, { cpu: "2" })], overhead: { cpu: "250m", memory: "8Mi" } };
    assert.deepEqual(requestsOf(pod(spec)), { cpu: "1250m", memory: "8Mi" });
    assert.deepEqual(requestsOf(pod(spec), { excludeOverhead: true }), { cpu: "1" });
    assert.deepEqual(formatResources(podLimits(pod(spec))), { cpu: "2250m" });
  });

  test("requests of the pod take the place of the sum", () => {
    const spec = {
      containers: [container("a", { cpu: "1", "example.com/x": "1" })],
      resources: { requests: { cpu: "3" } },
    };
    assert.deepEqual(requestsOf(pod(spec)), { cpu: "3", "example.com/x": "1" });
  });

  test("defaults stand in for what containers do not request", () => {
    const defaultRequests = new Map([["cpu", parseQuantity("100m")]]);
    const spec = { containers: [container("a"), container("b", { cpu: "0" })] };
    assert.deepEqual(requestsOf(pod(spec), { defaultRequests }), { cpu: "100m" });
  });

  test("what is allocated counts while a resize is under way, and alone when it is infeasible", () => {
    const containerStatuses = [
      { name: "a", image: "", imageID: "", ready: true, restartCount: 0, allocatedResources: { cpu: "2" } },
    ];
    const spec = { containers: [container("a", { cpu: "3" })] };
    assert.deepEqual(requestsOf(pod(spec, { containerStatuses }), { useStatus: true }), { cpu: "3" });
    const conditions = [{ type: "PodResizePending", status: "True" as const, reason: "Infeasible" }];
    assert.deepEqual(requestsOf(pod(spec, { containerStatuses, conditions }), { useStatus: true }), { cpu: "2" });
  });

  const all = { cpu: "1", memory: "1Gi" };
  const qos: [what: string, spec: Partial<PodSpec>, expected: string][] = [
    ["nothing asked for", { containers: [container("a")] }, "BestEffort"],
    ["zero asked for", { containers: [container("a", { cpu: "0" })] }, "BestEffort"],
    ["other resources only", { containers: [container("a", { "example.com/x": "1" })] }, "BestEffort"],
    ["requests equal to limits", { containers: [container("a", all, all)] }, "Guaranteed"],
    [
      "equal in another spelling",
      { containers: [container("a", { cpu: "1000m", memory: "1024Mi" }, all)] },
      "Guaranteed",
    ],
    ["one container without", { containers: [container("a", all, all), container("b")] }, "Burstable"],
    [
      "an init container without",
      { containers: [container("a", all, all)], initContainers: [container("i")] },
      "Burstable",
    ],
    ["only cpu", { containers: [container("a", { cpu: "1" }, { cpu: "1" })] }, "Burstable"],
    ["less than the limit", { containers: [container("a", { cpu: "1", memory: "1Mi" }, all)] }, "Burstable"],
    ["resources of the pod", { containers: [container("a")], resources: { requests: all, limits: all } }, "Guaranteed"],
  ];
  for (const [what, spec, expected] of qos) {
    test(`${what}: ${expected}`, () => assert.equal(podQosClass(pod(spec)), expected));
  }

  test("zero is shared", () => assert.equal(Quantity.zero.isZero(), true));
});
