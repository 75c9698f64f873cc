import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import type { ImageProvider } from "../pods/pod-machine.ts";
import { DockerImages } from "../runtime/docker/docker-images.ts";
import { DockerEngine } from "../runtime/docker/engine.ts";
import { EngineTraitsReader } from "../runtime/docker/engine-traits.ts";
import { type EngineFixture, startEngineFixture } from "../runtime/docker/testing/engine-fixture.ts";
import { runtimeErrorCode } from "../runtime/runtime-error.ts";
import { ImageVolumes } from "./image-volumes.ts";
import { isMountPoint, systemMounts } from "./mounts.ts";
import { bindSubPath } from "./sub-path.ts";
import { VolumePaths } from "./volume-paths.ts";

const signal = AbortSignal.timeout(180_000);
const pod: Pod = { metadata: { name: "web", namespace: "default", uid: "uid-1" }, spec: { containers: [] } };

let engine: EngineFixture;
let images: DockerImages;
let volumes: ImageVolumes;
let root: string;
let layered: string;

before(async () => {
  engine = await startEngineFixture();
  const connection = new DockerEngine(engine.endpoint, 60_000);
  const traits = new EngineTraitsReader(connection, silentLogger);
  const { pauseImage } = engine;
  images = new DockerImages({ engine: connection, traits, clock: systemClock, pauseImage, progressTimeoutMs: 2_000 });
  root = await mkdtemp(join(tmpdir(), "image-volumes-"));
  layered = `${engine.prefix}/layered:test`;
  await commit(["sh", "-c", "mkdir /data; echo two >/data/file; echo hidden >/etc/group; busybox rm /etc/passwd"]);
  const provider: ImageProvider = {
    ensure: async (_pod, { image = "" }) => {
      const found = await images.status(image, signal);
      assert.ok(found, image);
      return found;
    },
  };
  volumes = new ImageVolumes({ paths: new VolumePaths(root), mounts: systemMounts, provider, images });
});

after(async () => {
  for (const { mountPoint } of await systemMounts.list()) {
    if (mountPoint.startsWith(`${root}/`)) await systemMounts.unmount(mountPoint, signal);
  }
  await rm(root, { recursive: true });
  await engine[Symbol.asyncDispose]();
});

/** Makes an image of two layers of what the command leaves. */
async function commit(command: string[]): Promise<void> {
  const container = await engine.docker.createContainer({ Image: engine.image, Cmd: command });
  await container.start();
  await container.wait();
  const [repo, tag] = layered.split(":");
  await container.commit({ repo, tag });
  await container.remove();
}

const volume = (name: string, reference: string) => ({ name, image: { reference } });

test("the layers of an image are one directory that nobody writes to and nothing runs from", async () => {
  const { directory, imageRef } = await volumes.ensure(pod, volume("data", layered), signal);
  assert.match(imageRef, /^sha256:[0-9a-f]{64}$/);
  assert.equal(await readFile(join(directory, "data/file"), "utf8"), "two\n");
  assert.equal(await readFile(join(directory, "etc/group"), "utf8"), "hidden\n");
  assert.equal((await readdir(join(directory, "etc"))).includes("passwd"), false);
  await assert.rejects(writeFile(join(directory, "new"), ""), /EROFS/);
  const again = await volumes.ensure(pod, volume("data", layered), signal);
  assert.deepEqual(again, { directory, imageRef });
  const mounted = (await systemMounts.list()).filter(({ mountPoint }) => mountPoint === directory);
  assert.equal(mounted.length, 1);
});

test("an image of one layer, too, and a container sees it as it is", async () => {
  const { directory } = await volumes.ensure(pod, volume("single", engine.image), signal);
  await assert.rejects(writeFile(join(directory, "new"), ""), /EROFS/);
  const script = "/data/bin/busybox true; echo ran=$?; echo x >/data/x; echo wrote=$?; grep ' /data' /proc/mounts";
  const container = await engine.docker.createContainer({
    Image: engine.image,
    Cmd: ["sh", "-c", script],
    HostConfig: { Binds: [`${directory}:/data:rprivate`], NetworkMode: "none" },
  });
  await container.start();
  await container.wait();
  const output = (await container.logs({ stdout: true, stderr: true })).toString();
  await container.remove();
  assert.match(output, /ran=126/);
  assert.match(output, /wrote=1/);
  assert.match(output, /ro,.*noexec/);
});

test("a part of it is mounted by itself; what is not there is not made", async () => {
  const { directory } = await volumes.ensure(pod, volume("data", layered), signal);
  const target = join(root, "pods/uid-1/volume-subpaths/data/app/0");
  await bindSubPath(systemMounts, directory, "data", target, signal);
  assert.equal(await readFile(join(target, "file"), "utf8"), "two\n");
  await assert.rejects(writeFile(join(target, "new"), ""), /EROFS/);
  await assert.rejects(bindSubPath(systemMounts, directory, "nothing", `${target}x`, signal), /EROFS|ENOENT/);
});

test("an image that is shown cannot be removed until the pod is gone", async () => {
  const id = (await images.status(layered, signal))?.id ?? "";
  assert.ok((await images.held(signal)).has(id));
  const refused = await images.remove(id, signal).then(
    () => undefined,
    (error: unknown) => runtimeErrorCode(error),
  );
  assert.equal(refused, "Conflict");
  assert.equal(
    (await images.holding({ pod: { name: "web", namespace: "default", uid: "uid-1" }, volume: "data" }, signal))
      ?.imageId,
    id,
  );
  const { directory } = await volumes.ensure(pod, volume("data", layered), signal);
  for (const { mountPoint } of (await systemMounts.list()).toReversed()) {
    if (mountPoint.startsWith(`${root}/`)) await systemMounts.unmount(mountPoint, signal);
  }
  assert.equal(await isMountPoint(systemMounts, directory), false);
  await images.release("uid-1", signal);
  assert.equal((await images.held(signal)).size, 0);
  await images.remove(id, signal);
  assert.equal(await images.status(layered, signal), undefined);
});
