import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { pods, replicaSets } from "@kube-ts/api/resource-types";
import type { Client, ResourceClient } from "@kube-ts/client/client";
import type { ControllerContext } from "../framework/controller.ts";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { replicaSetController } from "./replica-set-controller.ts";

const labels = { app: "web" };
const template = { metadata: { labels }, spec: { containers: [] } };

/** A cluster whose first pods are gone before any informer has seen them. */
class HastyCluster extends MemoryCluster {
  unseen = 1;

  override async context(args?: readonly string[]): Promise<ControllerContext> {
    const context = await super.context(args);
    const resource = <T extends KubeObject>(type: ResourceType<T>): ResourceClient<T> => {
      const served = context.client.resource(type);
      if (groupKind(type) !== groupKind(pods)) return served;
      return {
        ...served,
        create: async (object, options) => {
          if (this.unseen === 0) return served.create(object, options);
          this.unseen -= 1;
          return { ...object, metadata: { ...object.metadata, name: "unseen" } };
        },
      };
    };
    const client: Client = { ...context.client, resource };
    return { ...context, client };
  }
}

const groupKind = ({ group, kind }: { readonly group: string; readonly kind: string }) => `${group}/${kind}`;

function setOf(replicas: number) {
  return {
    metadata: { name: "web", namespace: "ns" },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
}

test("a pod that is never seen is not waited for longer than five minutes", async () => {
  const cluster = new HastyCluster();
  cluster.create(replicaSets, setOf(2));
  await using running = await RunningControllers.start(cluster, [replicaSetController]);
  assert.equal(cluster.list(pods).length, 1);
  await cluster.clock.advance(299_000);
  await running.settle();
  assert.equal(cluster.list(pods).length, 1);
  await cluster.clock.advance(3_000);
  await running.settle();
  assert.equal(cluster.list(pods).length, 2);
});

test("a pod that another took the place of under its name is missed", async () => {
  const cluster = new MemoryCluster();
  cluster.create(replicaSets, setOf(1));
  await using running = await RunningControllers.start(cluster, [replicaSetController]);
  const [{ metadata } = assert.fail("no pod")] = cluster.list(pods);
  cluster.informers.informer(pods).set({
    metadata: { name: metadata.name ?? "", namespace: "ns", uid: "another", labels: { app: "other" } },
    spec: { containers: [] },
  });
  await running.settle();
  assert.equal(cluster.list(pods).filter((pod) => pod.metadata.labels?.["app"] === "web").length, 1);
});
