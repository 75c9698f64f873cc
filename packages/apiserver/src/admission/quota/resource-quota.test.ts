import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, PersistentVolumeClaim, Pod, PodSpec, ResourceQuota, Service } from "@kube-ts/api/core/v1";
import { type KubeObject } from "@kube-ts/api/object";
import {
  configMaps,
  deployments,
  events,
  namespaces,
  persistentVolumeClaims,
  pods,
  resourceQuotas,
  services,
} from "@kube-ts/api/resource-types";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { usageOf } from "@kube-ts/api/quota/usage";
import { formatResources } from "@kube-ts/api/resource-amounts";
import { seededRandom } from "@kube-ts/std/random";
import { MemoryObjects } from "../../auth/testing/memory-objects.ts";
import type { ObjectWriter } from "../../registry/object-source.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { refusalOf, writeOf } from "../testing/attributes.ts";
import { charge, measure } from "./quota-charge.ts";
import { ResourceQuotaAdmission } from "./resource-quota.ts";

type Amounts = Record<string, string>;

function quota(
  name: string,
  hard: Amounts,
  used: Amounts = {},
  spec: Partial<ResourceQuota["spec"]> = {},
): ResourceQuota {
  const zero = Object.fromEntries(Object.keys(hard).map((key) => [key, "0"]));
  return { metadata: { name, namespace: "ns" }, spec: { hard, ...spec }, status: { hard, used: { ...zero, ...used } } };
}

function pod(requests: Amounts = {}, limits: Amounts = {}, spec: Partial<PodSpec> = {}): Pod {
  const container: Container = { name: "c", resources: { requests, limits } };
  return { metadata: { name: "p", namespace: "ns" }, spec: { containers: [container], ...spec } };
}

function setUp(...quotas: ResourceQuota[]) {
  const objects = new MemoryObjects();
  for (const each of quotas) objects.put(resourceQuotas, each);
  const plugin = new ResourceQuotaAdmission(objects, objects);
  const admit = async (attributes: AdmissionAttributes) => {
    const refusal = await refusalOf(() => plugin.validate(attributes));
    return refusal.replace(/^403 \S+ "\S+" is forbidden: /, "");
  };
  const used = (name: string) => objects.get(resourceQuotas, "ns", name)?.status?.used;
  return { objects, plugin, admit, used };
}

test("pods are charged for requests, limits and their number", async () => {
  const hard = { pods: "2", cpu: "1", "limits.memory": "1Gi", "count/pods": "5", "requests.example.com/gpu": "2" };
  const { admit, used } = setUp(quota("q", hard));
  const one = pod({ cpu: "300m", memory: "1Mi", "example.com/gpu": "1" }, { memory: "128Mi" });
  assert.equal(await admit(writeOf(pods, one)), "");
  const expected = {
    pods: "1",
    cpu: "300m",
    "limits.memory": "128Mi",
    "count/pods": "1",
    "requests.example.com/gpu": "1",
  };
  assert.deepEqual(used("q"), expected);
});

test("what does not fit is refused in upstream's words and charged nowhere", async () => {
  const { admit, used } = setUp(
    quota("a", { pods: "10" }),
    quota("b", { cpu: "1", pods: "1", memory: "1Gi" }, { cpu: "900m", pods: "1" }),
  );
  assert.equal(
    await admit(writeOf(pods, pod({ cpu: "200m", memory: "1Mi" }))),
    "exceeded quota: b, requested: cpu=200m,pods=1, used: cpu=900m,pods=1, limited: cpu=1,pods=1",
  );
  assert.equal(used("a")?.["pods"], "0");
  assert.equal(
    await admit(writeOf(pods, pod({}, { cpu: "1" }))),
    "failed quota: b: must specify cpu for: c; memory for: c",
  );
});

test("a quota whose usage is not known yet lets nothing through, one without status everything", async () => {
  const unknown: ResourceQuota = { ...quota("q", { pods: "1" }), status: { hard: { pods: "1" }, used: {} } };
  assert.equal(await setUp(unknown).admit(writeOf(pods, pod())), "status unknown for quota: q, resources: pods");
  const fresh: ResourceQuota = { ...quota("q", { pods: "0" }), status: {} };
  assert.equal(await setUp(fresh).admit(writeOf(pods, pod())), "");
});

const uncharged: readonly [string, AdmissionAttributes][] = [
  ["deletions", writeOf(pods, undefined, { operation: "DELETE", oldObject: pod(), namespace: "ns" })],
  ["updates of pods", writeOf(pods, pod(), { operation: "UPDATE", oldObject: pod() })],
  ["subresources", writeOf(pods, pod(), { subresource: "binding" })],
  [
    "events",
    writeOf(events, {
      metadata: { name: "e", namespace: "ns" },
      involvedObject: {},
      reportingComponent: "",
      reportingInstance: "",
    }),
  ],
  ["objects of the cluster", writeOf(namespaces, { metadata: { name: "ns" }, spec: {} }, { namespace: "ns" })],
];

for (const [name, attributes] of uncharged) {
  test(`${name} are not charged`, async () => {
    const { admit } = setUp(quota("q", { pods: "0", "count/pods": "0", "count/events": "0", "count/namespaces": "0" }));
    assert.equal(await admit(attributes), "");
  });
}

test("dry runs are checked and not charged", async () => {
  const { admit, used } = setUp(quota("q", { pods: "1" }));
  assert.equal(await admit(writeOf(pods, pod(), { dryRun: true })), "");
  assert.equal(used("q")?.["pods"], "0");
  const { admit: full } = setUp(quota("q", { pods: "0" }));
  assert.match(await full(writeOf(pods, pod(), { dryRun: true })), /^exceeded quota/);
});

function usage<T extends KubeObject>(type: ResourceType<T>, object: T): object {
  return formatResources(usageOf(type, object));
}

const ports = [{ port: 1, nodePort: 30001 }, { port: 2 }];
const service = (spec: Service["spec"]): Service => ({
  metadata: { name: "s", namespace: "ns" },
  spec: { ports, ...spec },
});
const claim: PersistentVolumeClaim = {
  metadata: { name: "v", namespace: "ns" },
  spec: { storageClassName: "fast", resources: { requests: { storage: "5Gi" } } },
};

test("each resource is measured in its own terms", () => {
  const counts = { "count/services": "1", services: "1" };
  const of = (spec: Service["spec"]) => usage(services, service(spec));
  assert.deepEqual(of({ type: "ClusterIP" }), { ...counts, "services.loadbalancers": "0", "services.nodeports": "0" });
  assert.deepEqual(of({ type: "NodePort" }), { ...counts, "services.loadbalancers": "0", "services.nodeports": "2" });
  assert.deepEqual(of({ type: "LoadBalancer" }), {
    ...counts,
    "services.loadbalancers": "1",
    "services.nodeports": "2",
  });
  assert.deepEqual(of({ type: "LoadBalancer", allocateLoadBalancerNodePorts: false }), {
    ...counts,
    "services.loadbalancers": "1",
    "services.nodeports": "1",
  });
  assert.deepEqual(usage(persistentVolumeClaims, claim), {
    "count/persistentvolumeclaims": "1",
    persistentvolumeclaims: "1",
    "requests.storage": "5Gi",
    "fast.storageclass.storage.k8s.io/requests.storage": "5Gi",
    "fast.storageclass.storage.k8s.io/persistentvolumeclaims": "1",
  });
  assert.deepEqual(usage(configMaps, { metadata: {} }), { "count/configmaps": "1", configmaps: "1" });
  assert.deepEqual(usage(deployments as ResourceType, { metadata: {} }), { "count/deployments.apps": "1" });
});

test("updates are charged for the increase, and never for less", async () => {
  const { admit, used } = setUp(
    quota("q", { "services.nodeports": "5", services: "1" }, { "services.nodeports": "2", services: "1" }),
  );
  const stored = (spec: Service["spec"]): Service => ({
    ...service(spec),
    metadata: { name: "s", namespace: "ns", resourceVersion: "1" },
  });
  const update = (from: Service["spec"], to: Service["spec"]) =>
    admit(writeOf(services, service(to), { operation: "UPDATE", oldObject: stored(from) }));
  assert.equal(await update({ type: "ClusterIP" }, { type: "NodePort" }), "");
  assert.equal(used("q")?.["services.nodeports"], "4");
  assert.equal(await update({ type: "NodePort" }, { type: "ClusterIP" }), "");
  assert.equal(used("q")?.["services.nodeports"], "4");
  assert.match(
    await update({ type: "ClusterIP" }, { type: "NodePort" }),
    /requested: services.nodeports=2, used: services.nodeports=4, limited: services.nodeports=5/,
  );
});

const scoped: readonly [string, Partial<ResourceQuota["spec"]>, Pod, boolean][] = [
  ["Terminating", { scopes: ["Terminating"] }, pod({}, {}, { activeDeadlineSeconds: 1 }), true],
  ["Terminating, without a deadline", { scopes: ["Terminating"] }, pod(), false],
  ["NotTerminating", { scopes: ["NotTerminating"] }, pod(), true],
  ["BestEffort", { scopes: ["BestEffort"] }, pod(), true],
  ["BestEffort, with requests", { scopes: ["BestEffort"] }, pod({ cpu: "1" }), false],
  ["NotBestEffort", { scopes: ["NotBestEffort"] }, pod({ cpu: "1" }), true],
  ["two scopes of which one holds", { scopes: ["NotBestEffort", "Terminating"] }, pod({ cpu: "1" }), false],
  ["PriorityClass", { scopes: ["PriorityClass"] }, pod({}, {}, { priorityClassName: "high" }), true],
  ["PriorityClass, without class", { scopes: ["PriorityClass"] }, pod(), false],
  [
    "CrossNamespacePodAffinity",
    { scopes: ["CrossNamespacePodAffinity"] },
    pod(
      {},
      {},
      {
        affinity: {
          podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "k", namespaces: ["x"] }] },
        },
      },
    ),
    true,
  ],
  ...(["In", "NotIn"] as const).map((operator): [string, Partial<ResourceQuota["spec"]>, Pod, boolean] => [
    `PriorityClass ${operator}`,
    { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator, values: ["high"] }] } },
    pod({}, {}, { priorityClassName: "high" }),
    operator === "In",
  ]),
];

for (const [name, spec, subject, expected] of scoped) {
  test(`scope ${name}`, () => {
    const attributes = writeOf(pods, subject);
    const measured = measure(attributes);
    assert.ok(!("problem" in measured));
    assert.equal(charge(quota("q", { pods: "9" }, {}, spec), attributes, measured).kind, expected ? "charged" : "none");
  });
}

test("other objects fall under no scope", async () => {
  const { admit } = setUp(quota("q", { configmaps: "0" }, {}, { scopes: ["BestEffort"] }));
  assert.equal(await admit(writeOf(configMaps, { metadata: { name: "c", namespace: "ns" } })), "");
});

test("negative requests are refused", async () => {
  const { admit } = setUp(quota("q", { pods: "9" }));
  assert.match(
    await admit(writeOf(pods, pod({ cpu: "-1" }))),
    /^quota usage is negative for resource\(s\): cpu,requests.cpu$/,
  );
});

/** A writer as a server has it: others may write between its read and its write, which then starts again. */
function racingWriter(objects: MemoryObjects, seed: number): ObjectWriter {
  const random = seededRandom(seed);
  const pause = async () => {
    for (let turn = Math.floor(random.next() * 4); turn >= 0; turn -= 1) await Promise.resolve();
  };
  return {
    create: objects.create.bind(objects),
    delete: objects.delete.bind(objects),
    update: async (type, namespace, name, change, signal) => {
      for (;;) {
        const current = await objects.getLatest(type, namespace, name);
        await pause();
        if (!current) return objects.update(type, namespace, name, change);
        const changed = change(structuredClone(current));
        await pause();
        const latest = objects.get(type, namespace, name);
        if (latest?.metadata.resourceVersion !== current.metadata.resourceVersion) continue;
        signal.throwIfAborted();
        return changed ? objects.put(type, changed) : current;
      }
    },
  };
}

test("many writes on several servers use a quota to the last and no further", async () => {
  const objects = new MemoryObjects();
  objects.put(resourceQuotas, quota("count", { pods: "25" }));
  objects.put(resourceQuotas, quota("cpu", { cpu: "2" }));
  const servers = [1, 2, 3].map((seed) => new ResourceQuotaAdmission(objects, racingWriter(objects, seed)));
  const outcomes = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      refusalOf(() => servers[index % 3]?.validate(writeOf(pods, pod({ cpu: "100m" })))),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome === "").length, 20);
  assert.ok(
    outcomes.every(
      (outcome) =>
        outcome === "" || outcome.includes("exceeded quota: cpu") || outcome.includes("exceeded quota: count"),
    ),
  );
  const used = (name: string) => objects.get(resourceQuotas, "ns", name)?.status?.used;
  assert.deepEqual([used("cpu"), used("count")], [{ cpu: "2" }, { pods: "20" }]);
});

test("a quota that is deleted meanwhile limits nothing", async () => {
  const { objects, admit } = setUp(quota("q", { pods: "1" }));
  const listed = objects.list(resourceQuotas);
  objects.remove(resourceQuotas, "ns", "q");
  objects.list = (() => listed) as typeof objects.list;
  assert.equal(await admit(writeOf(pods, pod())), "");
});
