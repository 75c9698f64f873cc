import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Pod, ResourceQuota, ResourceQuotaSpec } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { type GroupResource, usageOf } from "@kube-ts/api/quota/usage";
import {
  configMaps,
  deployments,
  persistentVolumeClaims,
  pods,
  resourceQuotas,
  services,
} from "@kube-ts/api/resource-types";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { ControllerDefinition } from "../framework/controller.ts";
import type { Discovery } from "../framework/discovery.ts";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { countedResource, lacksUsage, planQuotaStatus } from "./plan.ts";
import { ResourceQuotaController } from "./resource-quota-controller.ts";

const podType = { group: "", plural: "pods" };

function quota(hard: Record<string, string>, spec: ResourceQuotaSpec = {}, used?: Record<string, string>) {
  const object: ResourceQuota = { metadata: { name: "q", namespace: "ns" }, spec: { hard, ...spec } };
  return used ? { ...object, status: { hard, used } } : object;
}

function pod(name: string, cpu?: string, changes: Partial<Pod["spec"]> = {}): Pod {
  const resources = cpu === undefined ? {} : { resources: { requests: { cpu } } };
  return {
    metadata: { name, namespace: "ns" },
    spec: { containers: [{ name: "c", image: "i", ...resources }], ...changes },
  };
}

const plan = (object: ResourceQuota, found: readonly KubeObject[] | undefined, type: GroupResource = podType) =>
  planQuotaStatus(object, [{ type, objects: () => found }], usageOf);

describe("the status of a quota", () => {
  test("says what is used of everything that can be counted", () => {
    const hard = { pods: "10", cpu: "4", "requests.memory": "1Gi", "example.com/unknown": "1" };
    const found = [pod("a", "500m"), pod("b", "700m"), { ...pod("c", "9"), status: { phase: "Succeeded" as const } }];
    assert.deepEqual(plan(quota(hard), found), { hard, used: { pods: "2", cpu: "1200m", "requests.memory": "0" } });
    assert.deepEqual(plan(quota(hard), []), { hard, used: { pods: "0", cpu: "0", "requests.memory": "0" } });
  });

  test("is written only when it says something else", () => {
    const hard = { cpu: "1" };
    assert.equal(plan(quota(hard, {}, { cpu: "0.5" }), [pod("a", "500m")]), undefined);
    const old = { ...quota(hard, {}, { cpu: "500m" }), spec: { hard: { cpu: "2" } } };
    assert.deepEqual(plan(old, [pod("a", "500m")])?.hard, { cpu: "2" });
    const dropped = { ...quota(hard, {}, { cpu: "500m", pods: "1" }) };
    assert.deepEqual(plan(dropped, [pod("a", "500m")])?.used, { cpu: "500m" });
  });

  test("keeps what cannot be counted now", () => {
    const old = quota({ cpu: "1" }, {}, { cpu: "700m" });
    assert.equal(plan(old, undefined), undefined);
    assert.deepEqual(plan(quota({ cpu: "1" }), undefined)?.used, {});
  });

  const scopes: [ResourceQuotaSpec, string][] = [
    [{ scopes: ["BestEffort"] }, "1"],
    [{ scopes: ["NotBestEffort"] }, "3"],
    [{ scopes: ["Terminating"] }, "1"],
    [{ scopes: ["NotTerminating", "NotBestEffort"] }, "2"],
    [{ scopes: ["PriorityClass"] }, "1"],
    [{ scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["low"] }] } }, "0"],
    [
      { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "NotIn", values: ["low"] }] } },
      "4",
    ],
  ];
  for (const [spec, expected] of scopes) {
    test(`counts what is in its scopes: ${JSON.stringify(spec)}`, () => {
      const found = [
        pod("best-effort"),
        pod("plain", "1"),
        pod("ends", "1", { activeDeadlineSeconds: 5 }),
        pod("high", "1", { priorityClassName: "high" }),
      ];
      assert.equal(plan(quota({ pods: "9" }, spec), found)?.used?.["pods"], expected);
    });
  }

  test("counts nothing in scopes that do not concern the resource", () => {
    const found = [{ metadata: { name: "s", namespace: "ns" } }];
    const object = quota({ "count/secrets": "9" }, { scopes: ["BestEffort"] });
    assert.deepEqual(plan(object, found, { group: "", plural: "secrets" })?.used, { "count/secrets": "0" });
  });
});

test("a quota is urgent while something of it was never counted", () => {
  assert.equal(lacksUsage(quota({ cpu: "1" }), [podType]), true);
  assert.equal(lacksUsage(quota({ cpu: "1" }, {}, { cpu: "0" }), [podType]), false);
  assert.equal(lacksUsage(quota({ cpu: "1", pods: "1" }, {}, { cpu: "0" }), [podType]), true);
  assert.equal(lacksUsage(quota({ cpu: "1", "a.example.com/b": "1" }, {}, { cpu: "0" }), [podType]), false);
});

test("names lead to the resources that they count", () => {
  const of = (name: string) => {
    const found = countedResource(name);
    return found && `${found.plural}|${found.group}`;
  };
  assert.equal(of("count/deployments.apps"), "deployments|apps");
  assert.equal(of("count/widgets.a.example.com"), "widgets|a.example.com");
  assert.equal(of("count/secrets"), "secrets|");
  assert.equal(of("configmaps"), "configmaps|");
  assert.equal(of("gpu.deviceclass.resource.k8s.io/devices"), "resourceclaims|resource.k8s.io");
  assert.equal(of("requests.cpu"), undefined);
});

describe("quotas", () => {
  class Bench {
    readonly cluster = new MemoryCluster();
    readonly served: ResourceType[] = [deployments, configMaps];
    readonly watched: string[] = [];
    readonly stopped: string[] = [];

    get used(): Record<string, string> {
      return this.cluster.get(resourceQuotas, "q").status?.used ?? {};
    }

    start(args: readonly string[] = []): Promise<RunningControllers> {
      const verbs = new Set(["create", "list", "watch", "delete"]);
      const discovered = (): Discovery => ({
        resources: this.served.map((type) => ({ type, verbs })),
        failures: new Map(),
      });
      const open = (type: ResourceType) => {
        this.watched.push(type.plural);
        const informer = this.cluster.informers.informer<KubeObject>(type);
        return { informer, stop: () => void this.stopped.push(type.plural) };
      };
      const definition: ControllerDefinition = {
        name: "resourcequota-controller",
        serviceAccount: "resourcequota-controller",
        create: (context) =>
          new ResourceQuotaController(context, { discover: () => Promise.resolve(discovered()), open }),
      };
      return RunningControllers.start(this.cluster, [definition], args);
    }
  }

  test("are counted when they are made, and when what they limit goes or changes", async () => {
    const bench = new Bench();
    const { cluster } = bench;
    cluster.create(pods, pod("a", "500m"));
    cluster.create(pods, pod("b", "500m"));
    cluster.create(services, {
      metadata: { name: "s", namespace: "ns" },
      spec: { type: "NodePort", ports: [{ port: 1 }, { port: 2 }] },
    });
    cluster.create(resourceQuotas, quota({ pods: "5", cpu: "4", "services.nodeports": "4" }));
    await using controllers = await bench.start();
    assert.deepEqual(bench.used, { pods: "2", cpu: "1", "services.nodeports": "2" });
    cluster.change(pods, "a", { status: { phase: "Failed" } });
    cluster.change(services, "s", { spec: { type: "ClusterIP" } });
    await controllers.settle();
    assert.deepEqual(bench.used, { pods: "1", cpu: "500m", "services.nodeports": "0" });
    cluster.remove(pods, "b");
    await controllers.settle();
    assert.deepEqual(bench.used, { pods: "0", cpu: "0", "services.nodeports": "0" });
    const { writes } = cluster;
    await cluster.clock.advance(3_600_000);
    assert.equal(cluster.writes, writes, "nothing is written without a reason");
  });

  test("keep a charge until its object can be seen, for some seconds at most", async () => {
    const bench = new Bench();
    const { cluster } = bench;
    cluster.create(pods, pod("a"));
    cluster.create(resourceQuotas, quota({ pods: "9" }));
    await using _controllers = await bench.start();
    await cluster.clock.advance(10_000);
    const charge = (amount: string) => cluster.change(resourceQuotas, "q", { status: { used: { pods: amount } } });
    charge("2");
    cluster.remove(pods, "a");
    await cluster.clock.advance(900);
    assert.deepEqual(bench.used, { pods: "2" }, "the pod that was charged for may still come");
    await cluster.clock.advance(200);
    assert.deepEqual(bench.used, { pods: "0" });
    cluster.create(pods, pod("b"));
    await cluster.clock.advance(6_000);
    cluster.remove(pods, "b");
    const seen: (string | undefined)[] = [];
    for (let amount = 2; amount < 30; amount += 1) {
      charge(String(amount));
      await cluster.clock.advance(500);
      seen.push(bench.used["pods"]);
    }
    assert.ok(seen.indexOf("0") > 15, `not at once, and not never: ${seen.join()}`);
  });

  test("are counted again somewhat after an object was made", async () => {
    const bench = new Bench();
    bench.cluster.create(resourceQuotas, quota({ pods: "5" }));
    await using _controllers = await bench.start();
    bench.cluster.create(pods, pod("a"));
    await bench.cluster.clock.advance(1_000);
    assert.deepEqual(bench.used, { pods: "0" }, "admission charges for it");
    await bench.cluster.clock.advance(4_000);
    assert.deepEqual(bench.used, { pods: "1" });
  });

  test("count objects of any resource, which is watched while a quota names it", async () => {
    const bench = new Bench();
    const { cluster } = bench;
    cluster.create(configMaps, { metadata: { name: "c", namespace: "ns" } });
    cluster.create(configMaps, { metadata: { name: "c", namespace: "other" } });
    cluster.create(resourceQuotas, quota({ configmaps: "5", "count/widgets.example.com": "1" }));
    await using controllers = await bench.start();
    assert.deepEqual(bench.used, { configmaps: "1" });
    assert.deepEqual(bench.watched, ["configmaps"]);
    bench.served.push({ ...deployments, group: "example.com", plural: "widgets" });
    await cluster.clock.advance(31_000);
    await controllers.settle();
    assert.deepEqual(bench.used, { configmaps: "1", "count/widgets.example.com": "0" });
    cluster.remove(configMaps, "c");
    await controllers.settle();
    assert.equal(bench.used["configmaps"], "0");
    cluster.remove(resourceQuotas, "q");
    assert.deepEqual(bench.stopped, ["configmaps", "widgets"]);
  });

  test("are put right every so often, whoever changed them", async () => {
    const bench = new Bench();
    const { cluster } = bench;
    cluster.create(persistentVolumeClaims, {
      metadata: { name: "c", namespace: "ns" },
      spec: { resources: { requests: { storage: "1Gi" } } },
    });
    cluster.create(resourceQuotas, quota({ "requests.storage": "5Gi" }));
    await using _controllers = await bench.start(["--resource-quota-sync-period=1m"]);
    assert.deepEqual(bench.used, { "requests.storage": "1Gi" });
    await cluster.clock.advance(10_000);
    cluster.change(resourceQuotas, "q", { status: { used: { "requests.storage": "3Gi" } } });
    await cluster.clock.advance(49_000);
    assert.deepEqual(bench.used, { "requests.storage": "3Gi" });
    await cluster.clock.advance(2_000);
    assert.deepEqual(bench.used, { "requests.storage": "1Gi" });
  });
});
