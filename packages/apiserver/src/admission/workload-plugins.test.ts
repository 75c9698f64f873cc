import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Binding, Namespace, Node, Pod, PodSpec, Service, Toleration } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { configMaps, namespaces, nodes, pods, services } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import type { AdmissionAttributes, AdmissionPlugin } from "./admission.ts";
import { AlwaysPullImages } from "./always-pull-images.ts";
import { AlwaysAdmit, AlwaysDeny } from "./always.ts";
import { DenyServiceExternalIPs } from "./deny-service-external-ips.ts";
import { ExtendedResourceToleration } from "./extended-resource-toleration.ts";
import { LimitPodHardAntiAffinityTopology } from "./limit-pod-hard-anti-affinity-topology.ts";
import { NamespaceAutoProvision, NamespaceExists } from "./namespace-exists.ts";
import { NodeDeclaredFeatureValidator } from "./node-declared-feature-validator.ts";
import { readPluginConfig } from "./plugin-configuration.ts";
import { PodNodeSelector, podNodeSelectorKind } from "./pod-node-selector.ts";
import { PodResizeValidator } from "./pod-resize-validator.ts";
import { PodTolerationRestriction, podTolerationRestrictionKind } from "./pod-toleration-restriction.ts";
import { PodTopologyLabels } from "./pod-topology-labels.ts";
import { refusalOf, writeOf } from "./testing/attributes.ts";

const signal = AbortSignal.timeout(60_000);

function pod(spec: Partial<PodSpec> = {}, changes: Partial<Pod> = {}): Pod {
  return {
    metadata: { name: "p", namespace: "ns" },
    spec: { containers: [{ name: "c", image: "i" }], ...spec },
    ...changes,
  };
}

function namespace(annotations: Record<string, string> = {}): Namespace {
  return { metadata: { name: "ns", annotations }, spec: {} };
}

/** Both phases of a plugin; what is said of the refusal after the name of the object. */
async function judge(plugin: AdmissionPlugin, attributes: AdmissionAttributes): Promise<string> {
  const refusal = await refusalOf(async () => {
    if (!plugin.handles(attributes.operation)) return;
    await plugin.admit?.(attributes, signal);
    await plugin.validate?.(attributes, signal);
  });
  return refusal.replace(/^403 \S+ "\S+" is forbidden: /, "");
}

suite("AlwaysAdmit and AlwaysDeny", () => {
  test("one lets everything through, the other nothing", async () => {
    assert.equal(await judge(new AlwaysAdmit(), writeOf(pods, pod())), "");
    for (const operation of ["CREATE", "UPDATE", "DELETE", "CONNECT"] as const) {
      assert.equal(
        await judge(new AlwaysDeny(), writeOf(pods, pod(), { operation })),
        "admission control is denying all modifications",
      );
    }
  });
});

suite("namespaces that do not exist", () => {
  const write = writeOf(configMaps, { metadata: { name: "c", namespace: "ns" } });

  test("are refused", async () => {
    const objects = new MemoryObjects();
    assert.equal(await judge(new NamespaceExists(objects), write), '404 namespaces "ns" not found');
    objects.hideFromCache(objects.put(namespaces, namespace()));
    assert.equal(await judge(new NamespaceExists(objects), write), "");
  });

  test("are made, but not for a dry run", async () => {
    const objects = new MemoryObjects();
    const plugin = new NamespaceAutoProvision(objects, objects);
    assert.equal(await judge(plugin, { ...write, dryRun: true }), "");
    assert.equal(objects.list(namespaces).length, 0);
    assert.equal(await judge(plugin, write), "");
    assert.deepEqual(
      objects.list(namespaces).map(({ metadata }) => metadata.name),
      ["ns"],
    );
  });
});

suite("LimitPodHardAntiAffinityTopology", () => {
  const apart = (topologyKey: string): Partial<PodSpec> => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey }] } },
  });
  const plugin = new LimitPodHardAntiAffinityTopology();

  test("keeps others away from single nodes only", async () => {
    assert.equal(await judge(plugin, writeOf(pods, pod(apart("kubernetes.io/hostname")))), "");
    assert.equal(
      await judge(plugin, writeOf(pods, pod(apart("topology.kubernetes.io/zone")))),
      "affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey topology.kubernetes.io/zone but only key kubernetes.io/hostname is allowed",
    );
  });
});

suite("AlwaysPullImages", () => {
  const plugin = new AlwaysPullImages();

  test("pulls the images of all containers and volumes", async () => {
    const subject = pod({
      initContainers: [{ name: "i", image: "x", imagePullPolicy: "Never" }],
      volumes: [{ name: "v", image: { reference: "r", pullPolicy: "IfNotPresent" } }],
    });
    assert.equal(await judge(plugin, writeOf(pods, subject)), "");
    assert.equal(subject.spec.initContainers?.[0]?.imagePullPolicy, "Always");
    assert.equal(subject.spec.containers[0]?.imagePullPolicy, "Always");
    assert.equal(subject.spec.volumes?.[0]?.image?.pullPolicy, "Always");
  });

  test("pulls the images of containers that are added later", async () => {
    const subject = pod({ ephemeralContainers: [{ name: "e", image: "new", imagePullPolicy: "IfNotPresent" }] });
    const changes = { operation: "UPDATE", subresource: "ephemeralcontainers", oldObject: pod() } as const;
    assert.equal(await judge(plugin, writeOf(pods, subject, changes)), "");
    assert.equal(subject.spec.ephemeralContainers?.[0]?.imagePullPolicy, "Always");
  });

  test("leaves updates alone that bring no images", async () => {
    const old = pod({ containers: [{ name: "c", image: "i", imagePullPolicy: "Never" }] });
    assert.equal(await judge(plugin, writeOf(pods, structuredClone(old), { operation: "UPDATE", oldObject: old })), "");
  });

  test("refuses what a webhook changed back", async () => {
    const subject = pod({ containers: [{ name: "c", imagePullPolicy: "Never" }] });
    assert.equal(
      await refusalOf(() => plugin.validate(writeOf(pods, subject))),
      '403 pods "p" is forbidden: spec.containers[0].imagePullPolicy: Unsupported value: "Never": supported values: "Always"',
    );
  });
});

suite("DenyServiceExternalIPs", () => {
  const service = (...externalIPs: string[]): Service => ({
    metadata: { name: "s", namespace: "ns" },
    spec: { externalIPs },
  });
  const plugin = new DenyServiceExternalIPs();

  test("lets nobody take an address, and who has one keep it", async () => {
    assert.equal(
      await judge(plugin, writeOf(services, service("1.2.3.4"))),
      "Use of external IPs is denied by admission control.",
    );
    assert.equal(await judge(plugin, writeOf(services, service())), "");
    const update = (now: Service, before: Service) =>
      judge(plugin, writeOf(services, now, { operation: "UPDATE", oldObject: before }));
    assert.equal(await update(service("1.2.3.4"), service("1.2.3.4", "5.6.7.8")), "");
    assert.match(await update(service("1.2.3.4", "9.9.9.9"), service("1.2.3.4")), /denied/);
  });
});

suite("ExtendedResourceToleration", () => {
  test("tolerates the taints of devices that are asked for", async () => {
    const subject = pod({
      containers: [{ name: "c", resources: { requests: { cpu: "1", "example.com/gpu": "1" } } }],
      initContainers: [{ name: "i", resources: { requests: { "a.example.com/nic": "1", "example.com/gpu": "1" } } }],
    });
    const plugin = new ExtendedResourceToleration();
    for (const _round of [1, 2]) assert.equal(await judge(plugin, writeOf(pods, subject)), "");
    assert.deepEqual(subject.spec.tolerations, [
      { key: "a.example.com/nic", operator: "Exists" },
      { key: "example.com/gpu", operator: "Exists" },
    ]);
  });
});

suite("PodNodeSelector", () => {
  const key = "scheduler.alpha.kubernetes.io/node-selector";
  const configured = {
    podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: "env=any", ns: "env=prod,disk=ssd" },
  };
  const admit = async (annotations: Record<string, string>, nodeSelector?: Record<string, string>, config?: object) => {
    const objects = new MemoryObjects();
    objects.put(namespaces, namespace(annotations));
    const selectors = config && readPluginConfig("PodNodeSelector", podNodeSelectorKind, config);
    const subject = pod(nodeSelector && { nodeSelector });
    const refusal = await judge(new PodNodeSelector(objects, selectors), writeOf(pods, subject));
    return refusal || subject.spec.nodeSelector;
  };

  test("adds the selector of the namespace", async () => {
    assert.deepEqual(await admit({ [key]: "env=prod, disk=ssd" }, { zone: "a" }), {
      env: "prod",
      disk: "ssd",
      zone: "a",
    });
    assert.deepEqual(await admit({}), undefined);
    assert.equal(
      await admit({ [key]: "env=prod" }, { env: "dev" }),
      "pod node label selector conflicts with its namespace node label selector",
    );
    assert.match(String(await admit({ [key]: "nonsense" })), /^500 .*invalid selector: nonsense/);
  });

  test("keeps to what the cluster allows the namespace", async () => {
    assert.deepEqual(await admit({ [key]: "env=prod" }, { disk: "ssd" }, configured), { env: "prod", disk: "ssd" });
    const refusal = "pod node label selector labels conflict with its namespace whitelist";
    assert.equal(await admit({ [key]: "env=prod" }, { zone: "a" }, configured), refusal);
    assert.equal(await admit({}, undefined, configured), refusal);
  });
});

suite("PodTolerationRestriction", () => {
  const key = (name: string) => `scheduler.alpha.kubernetes.io/${name}`;
  const toleration = (name: string): Toleration => ({ key: name, operator: "Exists", effect: "NoSchedule" });
  const admit = async (annotations: Record<string, string>, spec: Partial<PodSpec> = {}, config?: object) => {
    const objects = new MemoryObjects();
    objects.put(namespaces, namespace(annotations));
    const document = {
      apiVersion: "podtolerationrestriction.admission.k8s.io/v1alpha1",
      kind: "Configuration",
      ...config,
    };
    const limits = config && readPluginConfig("PodTolerationRestriction", podTolerationRestrictionKind, document);
    const subject = pod(spec);
    const refusal = await judge(new PodTolerationRestriction(objects, limits), writeOf(pods, subject));
    return refusal || subject.spec.tolerations;
  };

  test("adds what the namespace tolerates, or else the cluster", async () => {
    const annotations = { [key("defaultTolerations")]: JSON.stringify([toleration("a")]) };
    assert.deepEqual(await admit(annotations, { tolerations: [toleration("b")] }), [toleration("a"), toleration("b")]);
    assert.deepEqual(await admit({}, {}, { default: [toleration("c")] }), [toleration("c")]);
    assert.deepEqual(await admit({ [key("defaultTolerations")]: "[]" }, {}, { default: [toleration("c")] }), undefined);
    const promised = { containers: [{ name: "c", resources: { requests: { memory: "1Gi" } } }] };
    assert.deepEqual(await admit({}, promised), [toleration("node.kubernetes.io/memory-pressure")]);
  });

  test("lets pods tolerate what the namespace allows, or else the cluster", async () => {
    const refusal =
      "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist";
    const allowed = { [key("tolerationsWhitelist")]: JSON.stringify([{ operator: "Exists", effect: "NoSchedule" }]) };
    assert.deepEqual(await admit(allowed, { tolerations: [toleration("a")] }), [toleration("a")]);
    assert.equal(await admit(allowed, { tolerations: [{ key: "a", operator: "Exists" }] }), refusal);
    assert.equal(await admit({}, { tolerations: [toleration("a")] }, { whitelist: [toleration("b")] }), refusal);
    assert.match(String(await admit({ [key("tolerationsWhitelist")]: "{" })), /^500 /);
  });
});

suite("PodTopologyLabels", () => {
  const zones = { "topology.kubernetes.io/zone": "z1", "topology.kubernetes.io/region": "r1" };
  const objects = new MemoryObjects();
  objects.put(nodes, { metadata: { name: "n", labels: { ...zones, other: "x" } }, spec: {} });
  const plugin = new PodTopologyLabels(objects);
  const admit = async <T extends KubeObject>(type: ResourceType<T>, object: T, changes = {}) => {
    assert.equal(await judge(plugin, writeOf(type, object, changes)), "");
    return object.metadata.labels;
  };
  const binding = (target: Binding["target"]): Binding => ({ metadata: { name: "p", namespace: "ns" }, target });

  test("copies where the node is, onto bindings and onto pods that have a node", async () => {
    const subresource = { subresource: "binding" };
    const type = pods as unknown as ResourceType<Binding>;
    assert.deepEqual(await admit(type, binding({ kind: "Node", name: "n" }), subresource), zones);
    assert.deepEqual(await admit(type, binding({ kind: "Node", name: "unknown" }), subresource), undefined);
    assert.deepEqual(await admit(type, binding({ kind: "Other", name: "n" }), subresource), undefined);
    assert.deepEqual(await admit(pods, pod({ nodeName: "n" })), zones);
    assert.deepEqual(await admit(pods, pod()), undefined);
  });
});

suite("changes of running pods", () => {
  const node: Node = {
    metadata: { name: "n", labels: { "kubernetes.io/os": "linux" } },
    spec: {},
    status: { allocatable: { cpu: "2", memory: "1Gi" }, declaredFeatures: ["InPlacePodLevelResourcesVerticalScaling"] },
  };
  const resized = (requests: Record<string, string>, spec: Partial<PodSpec> = {}): Pod => ({
    ...pod({ nodeName: "n", containers: [{ name: "c", resources: { requests } }], ...spec }),
    metadata: { name: "p", namespace: "ns", generation: 2 },
  });
  const old: Pod = {
    ...resized({ cpu: "1" }),
    metadata: { name: "p", namespace: "ns", generation: 1 },
    status: { qosClass: "Guaranteed" },
  };
  const resize = async (plugin: (objects: MemoryObjects) => AdmissionPlugin, now: Pod, there: Node = node) => {
    const objects = new MemoryObjects();
    objects.put(nodes, there);
    const changes = { operation: "UPDATE", subresource: "resize", oldObject: old } as const;
    return judge(plugin(objects), writeOf(pods, now, changes));
  };

  test("PodResizeValidator: pods grow as far as their node reaches", async () => {
    const validator = (objects: MemoryObjects) => new PodResizeValidator(objects);
    assert.equal(await resize(validator, resized({ cpu: "2" })), "");
    assert.equal(
      await resize(validator, resized({ cpu: "2100m", memory: "2Gi" })),
      "Node didn't have enough allocatable resources: cpu, requested: 2100, allocatable: 2000; memory, requested: 2147483648, allocatable: 1073741824",
    );
    assert.equal(await resize(validator, resized({}, { nodeName: "x" })), 'node "x" not found');
    const windows = { ...node, metadata: { name: "n", labels: { "kubernetes.io/os": "windows" } } };
    assert.equal(
      await resize(validator, resized({}), windows),
      'pod resize is only supported on linux nodes, node "n" is "windows"',
    );
  });

  test("NodeDeclaredFeatureValidator: nodes are asked for what they say they can", async () => {
    const validator = (objects: MemoryObjects) => new NodeDeclaredFeatureValidator(objects);
    assert.equal(await resize(validator, resized({ cpu: "1" }, { resources: { requests: { cpu: "2" } } })), "");
    assert.equal(
      await resize(validator, resized({ cpu: "2" })),
      'pod update requires features GuaranteedQoSPodCPUResize which are not available on node "n"',
    );
  });
});
