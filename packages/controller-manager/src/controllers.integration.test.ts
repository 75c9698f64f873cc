import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { controllerOf } from "@kube-ts/api/owner-references";
import {
  configMaps,
  deployments,
  endpoints,
  endpointSlices,
  events,
  jobs,
  namespaces,
  nodes,
  pods,
  replicaSets,
  secrets,
  serviceAccounts,
  services,
} from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { eventually } from "@kube-ts/client/testing/eventually";
import { ControlPlane } from "./testing/control-plane.ts";

const slowMs = 30_000;

let plane: ControlPlane;
let client: Client;

before(async () => {
  plane = await ControlPlane.start();
  ({ client } = plane);
});

after(() => plane[Symbol.asyncDispose]());

function deploymentOf(namespace: string, image: string, replicas = 3): Deployment {
  const labels = { app: "web" };
  return {
    metadata: { namespace, name: "web" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image, ports: [{ containerPort: 80 }] }] } },
    },
  };
}

const key = (namespace: string) => ({ namespace, name: "web" });

async function setImage(namespace: string, image: string): Promise<void> {
  const patch = { spec: { template: { spec: { containers: [{ name: "c", image }] } } } };
  await client.resource(deployments).patch(key(namespace), "strategic", patch);
}

/** Waits until the deployment has so many pods, all of this image, and says that it is complete. */
async function rolledOut(namespace: string, image: string, replicas: number): Promise<Deployment> {
  let latest: Deployment | undefined;
  await eventually(async () => {
    latest = await client.resource(deployments).get(key(namespace));
    const { status = {}, metadata } = latest;
    const progressing = findCondition(status.conditions, "Progressing");
    assert.equal(progressing?.reason, "NewReplicaSetAvailable", JSON.stringify(status));
    assert.equal(status.observedGeneration, metadata.generation);
    const counts = [status.replicas, status.updatedReplicas, status.availableReplicas, status.unavailableReplicas];
    assert.deepEqual(counts, [replicas, replicas, replicas, undefined]);
    const running = (await podsIn(namespace)).filter((pod) => !pod.metadata.deletionTimestamp);
    assert.deepEqual(
      running.map(({ spec }) => spec.containers[0]?.image),
      Array.from({ length: replicas }, () => image),
    );
  }, slowMs);
  assert.ok(latest);
  return latest;
}

async function podsIn(namespace: string): Promise<Pod[]> {
  return (await client.resource(pods).list({ namespace })).items;
}

async function setsIn(namespace: string) {
  return (await client.resource(replicaSets).list({ namespace })).items;
}

const revision = (object: Deployment) => object.metadata.annotations?.["deployment.kubernetes.io/revision"];

describe("a deployment", () => {
  test("becomes replica sets and pods, is rolled over, rolled back, scaled and left alone afterwards", async () => {
    const namespace = await plane.namespace("rollout");
    await client.resource(deployments).create(deploymentOf(namespace, "v1"));
    assert.equal(revision(await rolledOut(namespace, "v1", 3)), "1");

    await setImage(namespace, "v2");
    assert.equal(revision(await rolledOut(namespace, "v2", 3)), "2");
    assert.deepEqual((await setsIn(namespace)).map(({ spec }) => spec.replicas).toSorted(), [0, 3]);

    await setImage(namespace, "v1");
    assert.equal(revision(await rolledOut(namespace, "v1", 3)), "3");
    const sets = await setsIn(namespace);
    assert.equal(sets.length, 2);
    const back = sets.find(({ spec }) => spec.template?.spec?.containers[0]?.image === "v1");
    assert.equal(back?.metadata.annotations?.["deployment.kubernetes.io/revision-history"], "1");

    await client.resource(deployments).patch(key(namespace), "merge", { spec: { replicas: 5 } });
    const scaled = await rolledOut(namespace, "v1", 5);
    await assertQuiet(namespace, scaled.metadata.resourceVersion);
  });

  test("that never becomes ready keeps what works", async () => {
    const namespace = await plane.namespace("broken");
    plane.kubelet.brokenImages.add("bad");
    await client.resource(deployments).create(deploymentOf(namespace, "good", 4));
    await rolledOut(namespace, "good", 4);
    await setImage(namespace, "bad");
    await eventually(async () => {
      const { status = {} } = await client.resource(deployments).get(key(namespace));
      assert.deepEqual([status.replicas, status.updatedReplicas, status.availableReplicas], [5, 2, 3]);
    }, slowMs);
    const { status } = await client.resource(deployments).get(key(namespace));
    assert.equal(findCondition(status?.conditions, "Available")?.status, "True");
    await setImage(namespace, "good");
    await rolledOut(namespace, "good", 4);
  });

  test("that is recreated never has old and new pods at a time", async () => {
    const namespace = await plane.namespace("recreate");
    const wanted = deploymentOf(namespace, "v1", 2);
    await client.resource(deployments).create({ ...wanted, spec: { ...wanted.spec, strategy: { type: "Recreate" } } });
    await rolledOut(namespace, "v1", 2);
    await setImage(namespace, "v2");
    await rolledOut(namespace, "v2", 2);
    const byImage = new Map<string, Pod[]>();
    for (const pod of await podsIn(namespace)) {
      const image = pod.spec.containers[0]?.image ?? "";
      byImage.set(image, [...(byImage.get(image) ?? []), pod]);
    }
    assert.deepEqual([...byImage.keys()], ["v2"]);
  });

  test("that is paused is scaled but not rolled over", async () => {
    const namespace = await plane.namespace("paused");
    await client.resource(deployments).create(deploymentOf(namespace, "v1", 1));
    await rolledOut(namespace, "v1", 1);
    await client.resource(deployments).patch(key(namespace), "merge", { spec: { paused: true, replicas: 2 } });
    await setImage(namespace, "v2");
    await eventually(async () => {
      const images = (await podsIn(namespace)).map(({ spec }) => spec.containers[0]?.image);
      assert.deepEqual(images, ["v1", "v1"]);
      const { status } = await client.resource(deployments).get(key(namespace));
      assert.equal(findCondition(status?.conditions, "Progressing")?.reason, "DeploymentPaused");
    }, slowMs);
    await client.resource(deployments).patch(key(namespace), "merge", { spec: { paused: false } });
    await rolledOut(namespace, "v2", 2);
  });

  test("gives up pods whose labels change and adopts those that fit", async () => {
    const namespace = await plane.namespace("adoption");
    await client.resource(deployments).create(deploymentOf(namespace, "v1", 2));
    await rolledOut(namespace, "v1", 2);
    const [first] = await podsIn(namespace);
    const released = { namespace, name: first?.metadata.name ?? "" };
    const hash = first?.metadata.labels?.["pod-template-hash"];
    await client.resource(pods).patch(released, "merge", { metadata: { labels: { "pod-template-hash": null } } });
    await eventually(async () => {
      assert.equal((await podsIn(namespace)).length, 3);
      assert.equal(controllerOf(await client.resource(pods).get(released)), undefined);
    }, slowMs);
    await client.resource(pods).patch(released, "merge", { metadata: { labels: { "pod-template-hash": hash } } });
    await eventually(async () => {
      const left = (await podsIn(namespace)).filter((pod) => !pod.metadata.deletionTimestamp);
      assert.equal(left.length, 2);
      assert.ok(left.every((pod) => controllerOf(pod)?.kind === "ReplicaSet"));
    }, slowMs);
  });
});

/** Nothing writes the deployment any more: its version is the same after other objects have come and gone. */
async function assertQuiet(namespace: string, version: string | undefined): Promise<void> {
  for (const name of ["a", "b", "c"]) {
    await plane.namespace(`${namespace}-${name}`);
    const latest = await client.resource(deployments).get(key(namespace));
    assert.equal(latest.metadata.resourceVersion, version, "something keeps writing the deployment");
  }
}

describe("garbage", () => {
  for (const propagationPolicy of ["Background", "Foreground"] as const) {
    test(`goes with its owner: ${propagationPolicy}`, async () => {
      const namespace = await plane.namespace(`gc-${propagationPolicy.toLowerCase()}`);
      await client.resource(deployments).create(deploymentOf(namespace, "v1", 2));
      await rolledOut(namespace, "v1", 2);
      await client.resource(deployments).delete(key(namespace), { propagationPolicy });
      await eventually(async () => {
        const left = await client.resource(deployments).list({ namespace });
        const children = [...(await setsIn(namespace)), ...(await podsIn(namespace))];
        if (propagationPolicy === "Foreground" && left.items.length === 0) assert.deepEqual(children, []);
        assert.deepEqual([...left.items, ...children], []);
      }, slowMs);
    });
  }

  test("does not become of orphans", async () => {
    const namespace = await plane.namespace("gc-orphan");
    await client.resource(deployments).create(deploymentOf(namespace, "v1", 2));
    await rolledOut(namespace, "v1", 2);
    await client.resource(deployments).delete(key(namespace), { propagationPolicy: "Orphan" });
    await eventually(async () => {
      const gone = await client
        .resource(deployments)
        .get(key(namespace))
        .catch((error: unknown) => isNotFound(error));
      assert.equal(gone, true);
    }, slowMs);
    const [set] = await setsIn(namespace);
    assert.deepEqual(set?.metadata.ownerReferences ?? [], []);
    await client.resource(deployments).create(deploymentOf(namespace, "v1", 2));
    await rolledOut(namespace, "v1", 2);
    const [adopted, ...others] = await setsIn(namespace);
    assert.equal(adopted?.metadata.uid, set?.metadata.uid, "the new deployment adopts what the old one left");
    assert.deepEqual(others, []);
  });

  test("is what an owner in another namespace seems to own", async () => {
    const namespace = await plane.namespace("gc-cross");
    const owner = await client.resource(configMaps).create({ metadata: { namespace: "default", name: "owner" } });
    const reference = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.metadata.uid ?? "" };
    const child = (home: string) => ({ metadata: { namespace: home, name: "child", ownerReferences: [reference] } });
    await client.resource(configMaps).create(child("default"));
    await client.resource(configMaps).create(child(namespace));
    await eventually(async () => {
      const found = await client.resource(configMaps).list({ fieldSelector: "metadata.name=child" });
      assert.deepEqual(
        found.items.map(({ metadata }) => metadata.namespace),
        ["default"],
      );
      const told = await client.resource(events).list({ namespace });
      assert.ok(told.items.some(({ reason }) => reason === "OwnerRefInvalidNamespace"));
    }, slowMs);
  });
});

test("a namespace goes with everything in it, finalizers first", async () => {
  const namespace = await plane.namespace("going");
  await client.resource(deployments).create(deploymentOf(namespace, "v1", 1));
  await client.resource(configMaps).create({ metadata: { namespace, name: "held", finalizers: ["example.com/hold"] } });
  await rolledOut(namespace, "v1", 1);
  await client.resource(namespaces).delete({ name: namespace });
  await eventually(async () => {
    const { status } = await client.resource(namespaces).get({ name: namespace });
    const remaining = findCondition(status?.conditions, "NamespaceFinalizersRemaining");
    assert.equal(
      remaining?.message,
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    );
    assert.deepEqual(await podsIn(namespace), []);
  }, slowMs);
  const held = { namespace, name: "held" };
  await client.resource(configMaps).patch(held, "merge", { metadata: { finalizers: null } });
  await eventually(async () => {
    const gone = await client
      .resource(namespaces)
      .get({ name: namespace })
      .catch((error: unknown) => isNotFound(error));
    assert.equal(gone, true, JSON.stringify(gone));
  }, slowMs);
});

test("endpoints follow the readiness of pods", async () => {
  const namespace = await plane.namespace("endpoints");
  await client.resource(services).create({
    metadata: { namespace, name: "web" },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
  });
  await client.resource(deployments).create(deploymentOf(namespace, "v1", 2));
  await rolledOut(namespace, "v1", 2);
  const shown = async () => {
    const slices = await client.resource(endpointSlices).list({ namespace });
    const all = slices.items.flatMap((slice) => slice.endpoints ?? []);
    return all.map(({ conditions }) => conditions?.ready).toSorted();
  };
  const subset = async () => {
    const { subsets = [] } = await client.resource(endpoints).get(key(namespace));
    return [subsets[0]?.addresses?.length ?? 0, subsets[0]?.notReadyAddresses?.length ?? 0];
  };
  await eventually(
    async () =>
      assert.deepEqual(
        [await shown(), await subset()],
        [
          [true, true],
          [2, 0],
        ],
      ),
    slowMs,
  );
  const [pod] = await podsIn(namespace);
  const status = { conditions: [{ type: "Ready", status: "False" }] };
  const target = { namespace, name: pod?.metadata.name ?? "" };
  await client.resource(pods).patch(target, "strategic", { status }, { subresource: "status" });
  await eventually(
    async () =>
      assert.deepEqual(
        [await shown(), await subset()],
        [
          [false, true],
          [1, 1],
        ],
      ),
    slowMs,
  );
  await client.resource(services).delete(key(namespace));
  await eventually(async () => assert.deepEqual(await shown(), []), slowMs);
});

test("a secret for a service account's token is filled, and goes with the account", async () => {
  const namespace = await plane.namespace("tokens");
  await client.resource(serviceAccounts).create({ metadata: { namespace, name: "robot" } });
  await client.resource(secrets).create({
    metadata: { namespace, name: "token", annotations: { "kubernetes.io/service-account.name": "robot" } },
    type: "kubernetes.io/service-account-token",
  });
  const target = { namespace, name: "token" };
  await eventually(async () => {
    const { data = {} } = await client.resource(secrets).get(target);
    assert.deepEqual(Object.keys(data).toSorted(), ["ca.crt", "namespace", "token"]);
  }, slowMs);
  await client.resource(serviceAccounts).delete({ namespace, name: "robot" });
  await eventually(async () => {
    const gone = await client
      .resource(secrets)
      .get(target)
      .catch((error: unknown) => isNotFound(error));
    assert.equal(gone, true);
  }, slowMs);
});

test("a node learns how long its kubelet may cache, and a job that is over goes in time", async () => {
  await eventually(async () => {
    const { metadata } = await client.resource(nodes).get({ name: "hollow" });
    assert.equal(metadata.annotations?.["node.alpha.kubernetes.io/ttl"], "0");
  }, slowMs);
  const namespace = await plane.namespace("finished");
  const template = { spec: { restartPolicy: "Never" as const, containers: [{ name: "c", image: "i" }] } };
  const spec = { template, ttlSecondsAfterFinished: 1 };
  const job = await client.resource(jobs).create({ metadata: { namespace, name: "over" }, spec });
  const now = new Date().toISOString();
  const conditions = ["FailureTarget", "Failed"].map((type) => ({
    type,
    status: "True" as const,
    lastTransitionTime: now.replace(/\.\d+/, ""),
  }));
  await client.resource(jobs).updateStatus({ ...job, status: { startTime: now.replace(/\.\d+/, ""), conditions } });
  await eventually(
    () => assert.rejects(client.resource(jobs).get({ namespace, name: "over" }), (error) => isNotFound(error)),
    slowMs,
  );
});

test("a node that falls silent is tainted, its pods are taken out of service, and it may come back", async () => {
  const namespace = await plane.namespace("silent");
  await client.resource(deployments).create(deploymentOf(namespace, "v1", 1));
  await rolledOut(namespace, "v1", 1);
  const look = async () => {
    const { spec, status } = await client.resource(nodes).get({ name: "hollow" });
    const ready = findCondition(status?.conditions, "Ready");
    return { ready, taints: (spec.taints ?? []).map(({ key: name, effect }) => `${name}:${effect}`), spec };
  };
  const { spec } = await look();
  assert.match(spec.podCIDR ?? "", /^10\.244\.\d+\.0\/24$/);
  plane.kubelet.isCutOff = true;
  await eventually(async () => {
    const { ready, taints } = await look();
    assert.deepEqual([ready?.status, ready?.reason], ["Unknown", "NodeStatusUnknown"]);
    // The only zone is disrupted as a whole: nothing is evicted.
    assert.deepEqual(taints, ["node.kubernetes.io/unreachable:NoSchedule"]);
    const [pod] = await podsIn(namespace);
    assert.equal(findCondition(pod?.status?.conditions, "Ready")?.status, "False");
  }, slowMs);
  plane.kubelet.isCutOff = false;
  await eventually(async () => {
    const { ready, taints } = await look();
    assert.deepEqual([ready?.status, taints], ["True", []]);
  }, slowMs);
});

test("pods leave a node with a taint that they do not tolerate", async () => {
  const namespace = await plane.namespace("taints");
  const pod = (name: string, tolerations: NonNullable<Pod["spec"]["tolerations"]>): Pod => ({
    metadata: { namespace, name },
    spec: { containers: [{ name: "c", image: "v1" }], tolerations },
  });
  await client.resource(pods).create(pod("stays", [{ key: "fire", operator: "Exists" }]));
  await client.resource(pods).create(pod("goes", []));
  await eventually(async () => {
    assert.deepEqual(
      (await podsIn(namespace)).map(({ status }) => status?.phase),
      ["Running", "Running"],
    );
  }, slowMs);
  const taints = [{ key: "fire", effect: "NoExecute" }];
  await client.resource(nodes).patch({ name: "hollow" }, "strategic", { spec: { taints } });
  await eventually(async () => {
    assert.deepEqual(
      (await podsIn(namespace)).map(({ metadata }) => metadata.name),
      ["stays"],
    );
    const told = await client.resource(events).list({ namespace });
    assert.ok(told.items.some(({ reason }) => reason === "TaintManagerEviction"));
  }, slowMs);
  await client.resource(nodes).patch({ name: "hollow" }, "strategic", { spec: { taints: [] } });
});
