import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { FakeClock, systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { configAnnotations } from "./config-annotations.ts";
import { planMirrors } from "./plan-mirrors.ts";
import { staticPod } from "./static-pod.ts";
import { StaticPodFiles } from "./static-pod-files.ts";

const manifest: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web" },
  spec: { containers: [{ name: "app", image: "demo:v1", livenessProbe: { tcpSocket: { port: 80 } } }] },
};
const node = { metadata: { name: "node-1", uid: "node-uid" }, spec: {} };

test("a manifest becomes a pod of this node, with defaults and a uid of its content", () => {
  const pod = staticPod(manifest, "/etc/web.yaml", "Node-1", 0);
  assert.equal(pod.metadata.name, "web-node-1");
  assert.equal(pod.metadata.namespace, "default");
  assert.equal(pod.metadata.annotations?.[configAnnotations.source], "file");
  assert.equal(pod.spec.containers[0]?.imagePullPolicy, "IfNotPresent");
  assert.equal(pod.spec.containers[0]?.livenessProbe?.failureThreshold, 3);
  assert.equal(pod.spec.terminationGracePeriodSeconds, 30);
  assert.deepEqual(pod.spec.tolerations, [{ operator: "Exists", effect: "NoExecute" }]);
  assert.equal(staticPod(manifest, "/etc/web.yaml", "Node-1", 99_000).metadata.uid, pod.metadata.uid);
  const changed = { ...manifest, spec: { containers: [{ name: "app", image: "demo:v2" }] } };
  assert.notEqual(staticPod(changed, "/etc/web.yaml", "Node-1", 0).metadata.uid, pod.metadata.uid);
});

const broken: readonly (readonly [what: string, manifest: Pod, error: RegExp])[] = [
  ["no name", { ...manifest, metadata: {} }, /metadata\.name: Invalid value/],
  ["no containers", { ...manifest, spec: { containers: [] } }, /spec\.containers: Required value/],
  ["no image", { ...manifest, spec: { containers: [{ name: "a" }] } }, /image: Required value/],
  [
    "a name twice",
    { ...manifest, spec: { containers: [testContainer("a"), testContainer("a")] } },
    /Duplicate value: "a"/,
  ],
  [
    "a secret",
    { ...manifest, spec: { ...manifest.spec, imagePullSecrets: [{ name: "s" }] } },
    /static pods may not reference secrets/,
  ],
  [
    "an account",
    { ...manifest, spec: { ...manifest.spec, serviceAccountName: "s" } },
    /may not reference serviceaccounts/,
  ],
];
for (const [what, pod, error] of broken) {
  test(`a manifest with ${what} is refused`, () => assert.throws(() => staticPod(pod, "/x", "n", 0), error));
}

test("mirrors: created, replaced when they show another version, deleted when nothing stands for them", () => {
  const source = staticPod(manifest, "/x", "node-1", 0);
  const [create] = planMirrors([source], [], node);
  assert.equal(create?.type, "create");
  const mirror: Pod = create.type === "create" ? create.pod : testPod();
  assert.equal(mirror.metadata.uid, undefined);
  assert.equal(mirror.metadata.ownerReferences?.[0]?.uid, "node-uid");
  assert.equal(mirror.metadata.annotations?.[configAnnotations.mirror], source.metadata.uid);
  const stored = { ...mirror, metadata: { ...mirror.metadata, uid: "m1" } };
  assert.deepEqual(planMirrors([source], [stored, testPod()], node), []);
  const removal = { type: "delete", namespace: "default", name: "web-node-1", uid: "m1" };
  assert.deepEqual(planMirrors([], [stored], node), [removal]);
  const next = staticPod({ ...manifest, metadata: { name: "web", labels: { a: "b" } } }, "/x", "node-1", 0);
  assert.deepEqual(planMirrors([next], [stored], node), [removal], "the name must be free first");
  assert.deepEqual(
    planMirrors([next], [], node).map(({ type }) => type),
    ["create"],
  );
});

test("manifest files: found, followed, and broken ones left out", async () => {
  const directory = await mkdtemp(join(tmpdir(), "manifests-"));
  const stop = new AbortController();
  const seen: (readonly Pod[])[] = [];
  const write = (name: string, image: string) =>
    writeFile(
      join(directory, name),
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name.split(".")[0]}}\nspec: {containers: [{name: app, image: "${image}"}]}\n`,
    );
  const until = async (what: string, condition: () => boolean) => {
    const deadline = Date.now() + 30_000;
    while (!condition()) {
      assert.ok(
        Date.now() < deadline,
        `${what}; last seen ${JSON.stringify(seen.at(-1)?.map(({ metadata }) => metadata.name))}`,
      );
      await systemClock.sleep(5, stop.signal);
    }
  };
  await write("one.yaml", "demo:v1");
  await writeFile(
    join(directory, "two.yaml"),
    "apiVersion: v1\nkind: Pod\nmetadata: {name: two}\nspec: {containers: [{name: app, imag: x}]}\n",
  );
  await writeFile(join(directory, ".hidden.yaml"), "nonsense: [");
  const options = { path: directory, nodeName: "n", checkPeriodMs: 20_000, clock: new FakeClock(), log: silentLogger };
  const running = new StaticPodFiles({ ...options, onPods: (pods) => void seen.push(pods) }).run(stop.signal);
  try {
    await until("the first read", () => seen.at(-1)?.length === 1);
    const [first] = seen.at(-1) ?? [];
    assert.equal(first?.metadata.name, "one-n");
    await write("three.yaml", "demo:v1");
    await until("a new file", () => seen.at(-1)?.length === 2);
    await write("one.yaml", "demo:v2");
    await until(
      "a changed file",
      () => seen.at(-1)?.some(({ spec }) => spec.containers[0]?.image === "demo:v2") === true,
    );
    await rm(join(directory, "one.yaml"));
    await until(
      "a removed file",
      () =>
        seen
          .at(-1)
          ?.map(({ metadata }) => metadata.name)
          .join() === "three-n",
    );
  } finally {
    stop.abort(new Error("done"));
    await running.catch(() => undefined);
    await rm(directory, { recursive: true });
  }
});
