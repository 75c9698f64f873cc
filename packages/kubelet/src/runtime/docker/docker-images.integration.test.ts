import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import type { PullProgress } from "../image-service.ts";
import { runtimeErrorCode } from "../runtime-error.ts";
import { DockerImages } from "./docker-images.ts";
import { DockerEngine } from "./engine.ts";
import { EngineTraitsReader } from "./engine-traits.ts";
import { startEngineFixture } from "./testing/engine-fixture.ts";
import type { EngineFixture } from "./testing/engine-fixture.ts";
import { startRegistryFixture } from "./testing/registry-fixture.ts";
import type { RegistryFixture } from "./testing/registry-fixture.ts";

const signal = AbortSignal.timeout(120_000);
let engine: EngineFixture;
let registry: RegistryFixture;
let images: DockerImages;

before(async () => {
  engine = await startEngineFixture();
  registry = await startRegistryFixture();
  const connection = new DockerEngine(engine.endpoint, 60_000);
  const traits = new EngineTraitsReader(connection, silentLogger);
  const { pauseImage } = engine;
  images = new DockerImages({ engine: connection, traits, clock: systemClock, pauseImage, progressTimeoutMs: 2_000 });
});

after(async () => {
  await images.remove(`${registry.host}/app:v1`, signal);
  await registry[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => "none",
    (error: unknown) => runtimeErrorCode(error),
  );
}

test("images are known by name, id and nothing else", async () => {
  const found = await images.status(engine.image, signal);
  assert.ok(found);
  assert.deepEqual(found.repoTags, [engine.image]);
  assert.ok(found.sizeBytes > 1_000_000);
  assert.equal((await images.status(found.id, signal))?.id, found.id);
  // The engine would take this for the image.
  assert.equal(await images.status(found.id.slice("sha256:".length, "sha256:".length + 12), signal), undefined);
  assert.equal(await images.status("kube-ts-no-such-image", signal), undefined);
  assert.equal(await codeOf(images.status("Not A Name", signal)), "InvalidImageName");
  const listed = await images.list(signal);
  assert.deepEqual(
    listed.filter((image) => image.pinned).map((image) => image.repoTags),
    [[engine.pauseImage]],
  );
});

test("a pull needs the right credentials and reports its progress", async () => {
  const { host, username, password } = registry;
  const name = `${host}/app:v1`;
  await assert.rejects(images.pull(name, {}, signal), /no basic auth credentials|authentication required/);
  assert.equal(await codeOf(images.pull(name, { auth: { username, password: "wrong" } }, signal)), "ErrImagePull");
  let last: PullProgress | undefined;
  const onProgress = (progress: PullProgress) => (last = progress);
  const auth = { username, password, serverAddress: host };
  const id = await images.pull(name, { auth, onProgress }, signal);
  assert.equal(last?.layersDone, 1);
  const pulled = await images.status(name, signal);
  assert.equal(pulled?.id, id);
  assert.deepEqual([pulled.uid, pulled.username], [1234, ""]);
  const byDigest = pulled.repoDigests[0] ?? "";
  assert.equal((await images.status(byDigest, signal))?.id, id);
  assert.equal(await images.pull(byDigest, { auth }, signal), id);
  await images.remove(name, signal);
  await images.remove(name, signal);
  assert.equal(await images.status(id, signal), undefined);
});

test("failures are told apart", async () => {
  const { host, username, password } = registry;
  const auth = { username, password };
  assert.equal(await codeOf(images.pull(`${host}/missing:v1`, { auth }, signal)), "ErrImagePull");
  assert.equal(await codeOf(images.pull("127.0.0.1:1/app", {}, signal)), "ErrImagePull");
  assert.equal(await codeOf(images.pull("Not A Name", {}, signal)), "InvalidImageName");
  const gone = new DockerEngine("unix:///nonexistent/docker.sock", 1_000);
  assert.equal(await codeOf(gone.call((docker) => docker.ping(), signal)), "Unavailable");
});

test("a pull that stands still is given up", async () => {
  const { host, username, password } = registry;
  await assert.rejects(
    images.pull(`${host}/slow:v1`, { auth: { username, password } }, signal),
    /image pull made no progress for 2s/,
  );
});

test("the file system of images is known", async () => {
  const info = await images.fsInfo(signal);
  assert.ok(info.capacityBytes > info.availableBytes && info.availableBytes > 0);
  assert.ok(info.usedBytes > 0 && info.inodesTotal > info.inodesFree);
});
