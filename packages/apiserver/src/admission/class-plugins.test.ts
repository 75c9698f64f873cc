import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod, PodSpec, Toleration } from "@kube-ts/api/core/v1";
import type { Ingress } from "@kube-ts/api/networking/v1";
import type { RuntimeClass } from "@kube-ts/api/node/v1";
import { ingressClasses, ingresses, pods, runtimeClasses } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import { DefaultIngressClass } from "./default-ingress-class.ts";
import { mergeTolerations } from "./merge-tolerations.ts";
import { RuntimeClassAdmission } from "./runtime-class.ts";
import { refusalOf, writeOf } from "./testing/attributes.ts";

const { signal } = new AbortController();

/** Names of default classes, some with their creation time. */
function classes(...defaults: readonly (string | readonly [name: string, creationTimestamp: string])[]) {
  const objects = new MemoryObjects();
  objects.put(ingressClasses, { metadata: { name: "plain" }, spec: {} });
  for (const entry of defaults) {
    const [name, creationTimestamp] = typeof entry === "string" ? [entry, "2026-01-01T00:00:00Z"] : entry;
    const annotations = { "ingressclass.kubernetes.io/is-default-class": "true" };
    objects.put(ingressClasses, { metadata: { name, creationTimestamp, annotations }, spec: {} });
  }
  const plugin = new DefaultIngressClass(objects);
  return async (ingress: Ingress) => {
    const refusal = await refusalOf(() => plugin.admit(writeOf(ingresses, ingress)));
    return refusal || ingress.spec.ingressClassName;
  };
}

const ingress = (more: Partial<Ingress["spec"]> = {}, annotations?: Record<string, string>): Ingress => ({
  metadata: { name: "a", namespace: "ns", ...(annotations && { annotations }) },
  spec: more,
});

test("ingresses get the default class unless they name one", async () => {
  assert.equal(await classes()(ingress()), undefined);
  assert.equal(await classes("main")(ingress()), "main");
  assert.equal(await classes("main")(ingress({ ingressClassName: "other" })), "other");
  assert.equal(await classes("main")(ingress({}, { "kubernetes.io/ingress.class": "old" })), undefined);
  assert.equal(await classes("b", "a")(ingress()), "a");
  assert.equal(await classes(["old", "2026-01-01T00:00:00Z"], ["new", "2026-01-02T00:00:00Z"])(ingress()), "new");
});

const sandboxed: RuntimeClass = {
  metadata: { name: "sandboxed" },
  handler: "runsc",
  overhead: { podFixed: { cpu: "250m", memory: "1Gi" } },
  scheduling: {
    nodeSelector: { runtime: "gvisor" },
    tolerations: [{ key: "sandbox", operator: "Exists", effect: "NoSchedule" }],
  },
};

function runtimes() {
  const objects = new MemoryObjects();
  objects.put(runtimeClasses, sandboxed);
  objects.put(runtimeClasses, { metadata: { name: "bare" }, handler: "runc" });
  const plugin = new RuntimeClassAdmission(objects);
  const run = async (spec: Partial<PodSpec>) => {
    const pod: Pod = { metadata: { name: "p", namespace: "ns" }, spec: { containers: [{ name: "c" }], ...spec } };
    const attributes = writeOf(pods, pod);
    const refusal = await refusalOf(async () => {
      await plugin.admit(attributes, signal);
      await plugin.validate(attributes, signal);
    });
    const { overhead, nodeSelector, tolerations } = pod.spec;
    return refusal === "" ? { overhead, nodeSelector, tolerations } : refusal;
  };
  return { objects, run };
}

test("pods get the overhead and the nodes of their class", async () => {
  const { run } = runtimes();
  assert.deepEqual(await run({ runtimeClassName: "sandboxed", nodeSelector: { a: "b" } }), {
    overhead: { cpu: "250m", memory: "1Gi" },
    nodeSelector: { a: "b", runtime: "gvisor" },
    tolerations: sandboxed.scheduling?.tolerations,
  });
  const nothing = { overhead: undefined, nodeSelector: undefined, tolerations: undefined };
  assert.deepEqual(await run({ runtimeClassName: "bare" }), nothing);
  assert.deepEqual(await run({}), nothing);
});

test("pods may say themselves what their class says", async () => {
  const { run } = runtimes();
  const spec = {
    runtimeClassName: "sandboxed",
    nodeSelector: { runtime: "gvisor" },
    overhead: { cpu: "0.25", memory: "1024Mi" },
  };
  assert.notEqual(typeof (await run(spec)), "string");
});

test("pods may not say something else than their class", async () => {
  const { run } = runtimes();
  const refused = (problem: string) => `403 pods "p" is forbidden: ${problem}`;
  const mismatch = refused("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  assert.equal(await run({ runtimeClassName: "sandboxed", overhead: { cpu: "1" } }), mismatch);
  const without = refused("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
  assert.equal(await run({ runtimeClassName: "bare", overhead: { cpu: "1" } }), without);
  assert.equal(await run({ overhead: { cpu: "1" } }), without);
  assert.equal(
    await run({ runtimeClassName: "sandboxed", nodeSelector: { runtime: "runc" } }),
    refused("conflict: runtimeClass.scheduling.nodeSelector[runtime] = gvisor; pod.spec.nodeSelector[runtime] = runc"),
  );
  assert.equal(await run({ runtimeClassName: "none" }), refused('pod rejected: RuntimeClass "none" not found'));
});

test("a class that the cache does not show is looked up", async () => {
  const { objects, run } = runtimes();
  objects.hideFromCache(objects.put(runtimeClasses, { metadata: { name: "new" }, handler: "runc" }));
  assert.notEqual(typeof (await run({ runtimeClassName: "new" })), "string");
});

const noExecute = { key: "a", operator: "Exists", effect: "NoExecute" } as const;
const mergers: readonly [string, Toleration[], Toleration[], Toleration[]][] = [
  ["keeps different ones", [{ key: "a" }], [{ key: "b" }], [{ key: "a" }, { key: "b" }]],
  ["keeps one of equals", [{ key: "a", value: "x" }], [{ key: "a", value: "x" }], [{ key: "a", value: "x" }]],
  ["keeps what covers an earlier one", [{ key: "a", value: "x" }], [{ operator: "Exists" }], [{ operator: "Exists" }]],
  ["keeps what covers a later one", [{ operator: "Exists" }], [{ key: "a", value: "x" }], [{ operator: "Exists" }]],
  [
    "keeps longer ones",
    [{ ...noExecute, tolerationSeconds: 5 }],
    [{ ...noExecute, tolerationSeconds: 9 }],
    [{ ...noExecute, tolerationSeconds: 9 }],
  ],
  ["keeps those without an end", [{ ...noExecute, tolerationSeconds: 5 }], [noExecute], [noExecute]],
  [
    "tells effects apart",
    [{ key: "a", operator: "Exists", effect: "NoSchedule" }],
    [noExecute],
    [{ key: "a", operator: "Exists", effect: "NoSchedule" }, noExecute],
  ],
];
for (const [what, first, second, expected] of mergers) {
  test(`merging tolerations ${what}`, () => assert.deepEqual(mergeTolerations(first, second), expected));
}
