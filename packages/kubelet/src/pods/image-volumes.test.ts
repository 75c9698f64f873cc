import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod, VolumeMount } from "@kube-ts/api/core/v1";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { PodHarness } from "../testing/pod-harness.ts";

const reference = "registry.example.com/data:v1";

function showing(mount: Partial<VolumeMount> = {}): Pod {
  const volumeMounts = [{ name: "data", mountPath: "/data", ...mount }];
  return testPod({
    containers: [
      testContainer("app", { volumeMounts }),
      testContainer("plain"),
      testContainer("also", { volumeMounts }),
    ],
    volumes: [{ name: "data", image: { reference, pullPolicy: "IfNotPresent" } }],
  });
}

test("an image is pulled once, mounted once for all containers, and let go with the pod", async () => {
  await using h = await PodHarness.create();
  h.workers.update(showing(), false);
  h.start();
  await h.until("the pod runs", () => h.phase() === "Running");
  assert.equal(h.runtime.images.pulls.filter((each) => each === reference).length, 1);
  assert.equal(h.mounts.entries.length, 1);
  const { mountPoint = "", fsType } = h.mounts.entries[0] ?? {};
  assert.match(mountPoint, /pods\/uid-1\/volumes\/kubernetes\.io~image\/data$/);
  assert.equal(fsType, "overlay");
  const mount = h.runtime.configOf("app")?.mounts.find(({ containerPath }) => containerPath === "/data");
  // The mount itself is read-only; were the runtime to make it so again, programs could be run from it.
  assert.deepEqual([mount?.hostPath, mount?.readOnly, mount?.selinuxRelabel], [mountPoint, false, false]);
  assert.deepEqual(h.containerStatus("app")?.volumeMounts, [
    { name: "data", mountPath: "/data", volumeStatus: { image: { imageRef: `${reference}@digest` } } },
  ]);
  assert.equal(h.containerStatus("plain")?.volumeMounts, undefined);
  assert.deepEqual([...(await h.runtime.images.held())], [`sha256:${reference}`]);
  h.workers.remove("uid-1");
  await h.pass(31_000, 10_000);
  await h.until("the worker ends", () => h.workers.list().length === 0);
  assert.deepEqual(h.mounts.entries, []);
  assert.deepEqual([...(await h.runtime.images.held())], []);
});

test("a container whose volume's image cannot be had waits with that reason; the others run", async () => {
  await using h = await PodHarness.create();
  h.runtime.images.missing.add(reference);
  h.workers.update(showing(), false);
  h.start();
  await h.until("it waits", () => h.containerStatus("app")?.state?.waiting?.reason === "ErrImagePull");
  await h.until("the other runs", () => h.containerStatus("plain")?.state?.running !== undefined);
  assert.ok(h.events.lines.includes("Failed Error: ErrImagePull"), h.events.lines.join("\n"));
  h.runtime.images.missing.clear();
  await h.pass(40_000, 5_000);
  await h.until("it runs", () => h.containerStatus("app")?.ready === true && h.containerStatus("also")?.ready === true);
});

test("the next kubelet, and a new instance, go on with the image that is mounted", async () => {
  await using h = await PodHarness.create();
  h.workers.update(showing(), false);
  h.start();
  await h.until("the pod runs", () => h.phase() === "Running");
  await h.restart();
  h.workers.update(showing(), false);
  const ready = (restarts: number) => () => h.containerStatus("app")?.restartCount === restarts;
  await h.until("it is seen again", ready(0));
  h.runtime.images.missing.add(reference);
  h.runtime.kill(h.runtime.container("app")?.id ?? "");
  await h.until("it is restarted", () => ready(1)() && h.containerStatus("app")?.state?.running !== undefined);
  assert.equal(h.runtime.images.pulls.filter((each) => each === reference).length, 1);
  assert.equal(h.mounts.entries.length, 1);
  const status = h.containerStatus("app")?.volumeMounts?.[0]?.volumeStatus;
  assert.equal(status?.image?.imageRef, `${reference}@digest`);
});
