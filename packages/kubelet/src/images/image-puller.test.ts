import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "@kube-ts/api/core/v1";
import { FakeClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { Registry } from "@kube-ts/std/metrics";
import { StartError } from "../pods/start-error.ts";
import type { ImageService, PullOptions } from "../runtime/image-service.ts";
import { RuntimeError } from "../runtime/runtime-error.ts";
import { MemoryImages } from "../testing/memory-images.ts";
import { MemoryObjects } from "../testing/memory-objects.ts";
import { parseDockerConfigJson } from "./docker-config.ts";
import { ImageMetrics } from "./image-metrics.ts";
import { ImagePuller } from "./image-puller.ts";

const signal = new AbortController().signal;
const pod = {
  metadata: { uid: "u", name: "p", namespace: "ns" },
  spec: { imagePullSecrets: [{ name: "registry" }] },
} as Pod;

function setUp(images: ImageService = new MemoryImages(), pullQps = 0) {
  const clock = new FakeClock();
  const objects = new MemoryObjects();
  const events: string[] = [];
  const puller = new ImagePuller({
    images,
    objects,
    metrics: new ImageMetrics(new Registry()),
    clock,
    log: silentLogger,
    maxParallelPulls: 1,
    pullQps,
    pullBurst: 2,
    nodeCredentials: async () => [
      parseDockerConfigJson('{"auths":{"r.example.com":{"username":"node","password":"n"}}}'),
    ],
    events: {
      pod: (_pod, level, reason) => events.push(`${level} ${reason}`),
      container: (_pod, fieldPath, level, reason, message) =>
        events.push(`${fieldPath} ${level} ${reason}: ${message}`),
    },
  });
  const ensure = (image: string, imagePullPolicy: Container["imagePullPolicy"]) =>
    puller.ensure(pod, { image, imagePullPolicy }, "c", signal);
  const fails = async (image: string, policy: Container["imagePullPolicy"]) => {
    const error = await ensure(image, policy).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    assert.ok(error instanceof StartError, String(error));
    return { reason: error.reason, message: error.message, retryAfterMs: error.retryAfterMs };
  };
  return { clock, objects, events, ensure, fails };
}

test("an absent image is pulled once, a present one used", async () => {
  const images = new MemoryImages();
  const { ensure, events } = setUp(images);
  assert.equal((await ensure("app:1", "IfNotPresent")).id, "sha256:app:1");
  assert.equal((await ensure("app:1", "IfNotPresent")).id, "sha256:app:1");
  await ensure("app:1", "Always");
  assert.deepEqual(images.pulls, ["app:1", "app:1"]);
  const pulled =
    'c Normal Pulled: Successfully pulled image "app:1" in 0s (0s including waiting). Image size: 1000000 bytes.';
  assert.deepEqual(
    events.filter((event) => event.startsWith("c ")),
    [
      'c Normal Pulling: Pulling image "app:1"',
      pulled,
      'c Normal Pulled: Container image "app:1" already present on machine and can be accessed by the pod',
      'c Normal Pulling: Pulling image "app:1"',
      pulled,
    ],
  );
});

test("Never refuses an absent image", async () => {
  const { fails, events } = setUp();
  const message = 'Container image "app:1" is not present with pull policy of Never';
  assert.deepEqual(await fails("app:1", "Never"), { reason: "ErrImageNeverPull", message, retryAfterMs: undefined });
  assert.deepEqual(events, [`c Warning ErrImageNeverPull: ${message}`]);
});

test("failed pulls are left alone for longer each time", async () => {
  const images = new MemoryImages();
  images.missing.add("app:1");
  const { fails, clock, ensure, events } = setUp(images);
  const delays: (number | undefined)[] = [];
  for (let round = 0; round < 7; round++) {
    const failed = await fails("app:1", "Always");
    assert.deepEqual([failed.reason, failed.message], ["ErrImagePull", "manifest for app:1 not found"]);
    delays.push(failed.retryAfterMs);
    const waiting = await fails("app:1", "Always");
    assert.equal(waiting.reason, "ImagePullBackOff");
    assert.equal(waiting.message, 'Back-off pulling image "app:1": ErrImagePull: manifest for app:1 not found');
    await clock.advance(failed.retryAfterMs ?? 0);
  }
  assert.deepEqual(delays, [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  assert.ok(events.includes('c Warning Failed: Failed to pull image "app:1": manifest for app:1 not found'));
  assert.ok(events.includes('c Normal BackOff: Back-off pulling image "app:1"'));
  images.missing.clear();
  await ensure("app:1", "Always");
  images.missing.add("app:1");
  assert.equal((await fails("app:1", "Always")).retryAfterMs, 10_000);
});

test("names and images that cannot be read have their own reasons", async () => {
  class Broken extends MemoryImages {
    override async status(reference: string): Promise<undefined> {
      const code = reference === "Bad" ? "InvalidImageName" : "Internal";
      throw new RuntimeError(code, `cannot read ${reference}`);
    }
  }
  const { fails } = setUp(new Broken());
  assert.deepEqual(await fails("Bad", "Always"), {
    reason: "InvalidImageName",
    message: 'Failed to apply default image tag "Bad": cannot read Bad',
    retryAfterMs: undefined,
  });
  assert.equal((await fails("app", "Always")).reason, "ImageInspectError");
});

test("the pod's credentials are tried before the node's, each until one is taken", async () => {
  const users: (string | undefined)[] = [];
  class Private extends MemoryImages {
    override async pull(reference: string, options: PullOptions = {}): Promise<string> {
      users.push(options.auth?.username);
      if (options.auth?.username !== "node") throw new RuntimeError("ErrImagePull", "unauthorized");
      return await super.pull(reference);
    }
  }
  const { ensure, objects, events, fails } = setUp(new Private());
  const json = JSON.stringify({ auths: { "r.example.com/team": { username: "pod", password: "p" } } });
  objects.secrets.set("ns/registry", {
    metadata: { name: "registry" },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Buffer.from(json).toString("base64") },
  });
  await ensure("r.example.com/team/app", "Always");
  assert.deepEqual(users, ["pod", "node"]);
  assert.equal(
    events.some((event) => event.includes("FailedToRetrieveImagePullSecret")),
    false,
  );

  objects.secrets.clear();
  users.length = 0;
  await ensure("r.example.com/other", "Always");
  assert.deepEqual(users, ["node"]);
  assert.ok(events.includes("Warning FailedToRetrieveImagePullSecret"));
  users.length = 0;
  assert.equal((await fails("elsewhere.example.com/app", "Always")).reason, "ErrImagePull");
  assert.deepEqual(users, [undefined]);
});

test("pulls beyond the rate fail and are tried later", async () => {
  const { ensure, fails, clock } = setUp(new MemoryImages(), 1);
  await ensure("app:1", "Always");
  await ensure("app:2", "Always");
  assert.deepEqual(await fails("app:3", "Always"), {
    reason: "ErrImagePull",
    message: "pull QPS exceeded",
    retryAfterMs: 10_000,
  });
  await clock.advance(10_000);
  await ensure("app:3", "Always");
});
