import assert from "node:assert/strict";
import { test } from "node:test";
import { CoreV1Api, KubeConfig, makeInformer, PatchStrategy, setHeaderOptions, Watch } from "@kubernetes/client-node";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { adminKubeconfig } from "../harness/kubeconfig.ts";
import { eventually } from "../harness/eventually.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const config = new KubeConfig();
let core: CoreV1Api;
const namespace = "default";

const server = serverForTests({
  prepare: () => {
    config.loadFromFile(adminKubeconfig(server));
    core = config.makeApiClient(CoreV1Api);
  },
});

const configMap = (name: string, data: Record<string, string> = {}): V1ConfigMap => ({ metadata: { name }, data });

test("creates, reads, lists, patches and deletes", async () => {
  await core.createNamespacedConfigMap({ namespace, body: configMap("one", { a: "1" }) });
  const read = await core.readNamespacedConfigMap({ namespace, name: "one" });
  assert.deepEqual(read.data, { a: "1" });
  const patched = await core.patchNamespacedConfigMap(
    { namespace, name: "one", body: { data: { b: "2" } } },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
  assert.deepEqual(patched.data, { a: "1", b: "2" });
  const list = await core.listNamespacedConfigMap({ namespace });
  assert.ok(list.items.some(({ metadata }) => metadata?.name === "one"));
  await core.deleteNamespacedConfigMap({ namespace, name: "one" });
  await assert.rejects(core.readNamespacedConfigMap({ namespace, name: "one" }), { code: 404 });
});

test("watches changes in order", async () => {
  const seen: string[] = [];
  const { metadata } = await core.listNamespacedConfigMap({ namespace });
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const abort = await new Watch(config).watch(
    path,
    { resourceVersion: metadata?.resourceVersion ?? "" },
    (type, object: V1ConfigMap) => seen.push(`${type} ${object.metadata?.name}`),
    () => {},
  );
  await core.createNamespacedConfigMap({ namespace, body: configMap("watched") });
  await core.replaceNamespacedConfigMap({ namespace, name: "watched", body: configMap("watched", { x: "y" }) });
  await core.deleteNamespacedConfigMap({ namespace, name: "watched" });
  const expected = ["ADDED watched", "MODIFIED watched", "DELETED watched"];
  await eventually(
    "three events arrive",
    () => seen,
    (events) => events.length >= expected.length,
  );
  abort.abort();
  assert.deepEqual(seen, expected);
});

test("its informer survives a restart of the API server", async () => {
  const list = () => core.listNamespacedConfigMap({ namespace });
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list);
  const known = new Set<string>();
  informer.on("add", ({ metadata }) => known.add(metadata?.name ?? ""));
  informer.on("delete", ({ metadata }) => known.delete(metadata?.name ?? ""));
  informer.on("error", () => {
    // The documented way to go on after a broken watch.
    setTimeout(() => void informer.start().catch(() => undefined), 500);
  });
  await informer.start();
  await core.createNamespacedConfigMap({ namespace, body: configMap("before") });
  await eventually("the informer sees the first object", () => known.has("before"));
  await server.restart();
  await core.createNamespacedConfigMap({ namespace, body: configMap("afterwards") });
  await eventually("the informer sees the object made after the restart", () => known.has("afterwards"));
  assert.ok(known.has("before"));
  await informer.stop();
});
